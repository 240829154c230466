package net.culvert.node.web.openapi;

import com.fasterxml.jackson.databind.JavaType;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverterContext;
import io.swagger.v3.core.util.Json31;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.Schema;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Adds to a record's schema what its code says: a component that is not nullable is required, and a
 * body takes no other fields.
 */
final class RecordModels implements ModelConverter {

  private static final String API = "net.culvert.api.";
  private static final String REFERENCE = "#/components/schemas/";
  private static final String NULL = "null";

  @Override
  public @Nullable Schema<?> resolve(
      AnnotatedType type, ModelConverterContext context, Iterator<ModelConverter> chain) {
    if (!chain.hasNext()) {
      return null;
    }
    Schema<?> schema = chain.next().resolve(type, context, chain);
    JavaType javaType = Json31.mapper().constructType(type.getType());
    if (schema != null && javaType != null && isOurs(javaType.getRawClass())) {
      complete(model(schema, context), javaType.getRawClass());
    }
    return schema;
  }

  private static boolean isOurs(Class<?> type) {
    return type.isRecord() && type.getName().startsWith(API);
  }

  private static Schema<?> model(Schema<?> schema, ModelConverterContext context) {
    String reference = schema.get$ref();
    if (reference == null || !reference.startsWith(REFERENCE)) {
      return schema;
    }
    Schema<?> model = context.getDefinedModels().get(reference.substring(REFERENCE.length()));
    return model == null ? schema : model;
  }

  private static void complete(Schema<?> model, Class<?> type) {
    // A value type is one string; its components are no fields.
    if (model.getProperties() == null) {
      return;
    }
    List<String> required =
        Arrays.stream(type.getRecordComponents())
            .filter(component -> !isNullable(component))
            .map(RecordComponent::getName)
            .filter(model.getProperties()::containsKey)
            .toList();
    model.setRequired(required.isEmpty() ? null : new ArrayList<>(required));
    if (isBody(type)) {
      model.setAdditionalProperties(false);
      Arrays.stream(type.getRecordComponents())
          .filter(RecordModels::isNullable)
          .forEach(component -> allowNull(model, component.getName()));
    }
  }

  /** In a body {@code null} says the same as nothing, or removes a secret. */
  private static void allowNull(Schema<?> model, String name) {
    Schema<?> property = model.getProperties().get(name);
    if (property == null || property.getAnyOf() != null) {
      return;
    }
    if (property.get$ref() == null && property.getEnum() == null) {
      property.addType(NULL);
      return;
    }
    String description = property.getDescription();
    property.setDescription(null);
    Schema<?> nothing = new JsonSchema();
    nothing.addType(NULL);
    Schema<?> either = new JsonSchema().addAnyOfItem(property).addAnyOfItem(nothing);
    model.addProperty(name, either.description(description));
  }

  private static boolean isBody(Class<?> type) {
    return type.getSimpleName().endsWith("Spec")
        || type.getSimpleName().endsWith("Request")
        || type.getSimpleName().equals("Topology");
  }

  private static boolean isNullable(RecordComponent component) {
    return component.getAnnotatedType().isAnnotationPresent(Nullable.class);
  }
}
