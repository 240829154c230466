package net.culvert.node.web;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Set;
import net.culvert.api.value.SecretKey;
import org.jspecify.annotations.Nullable;
import org.springframework.core.convert.TypeDescriptor;
import org.springframework.core.convert.converter.ConditionalGenericConverter;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.Deserializers;

/**
 * The value types: what is written as one string and has a static {@code parse(String)} marked as
 * its creator. They are read from that string alone, in bodies and in paths; a record's other forms
 * are nobody's business.
 */
final class TextTypes {

  private TextTypes() {}

  /** The creator; null for a type that is none of these. */
  static @Nullable Method parser(Class<?> type) {
    for (Method method : type.getMethods()) {
      if (Modifier.isStatic(method.getModifiers())
          && method.isAnnotationPresent(JsonCreator.class)
          && method.getParameterCount() == 1
          && method.getParameterTypes()[0] == String.class
          && method.getReturnType() == type) {
        return method;
      }
    }
    return null;
  }

  /** What the type has against the text; null if nothing, or if it is none of these types. */
  static @Nullable String refusal(Class<?> type, String text) {
    Method parser = parser(type);
    if (parser == null) {
      return null;
    }
    try {
      parse(parser, text);
      return null;
    } catch (IllegalArgumentException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /** The value; what the type has against the text comes as its own exception. */
  private static Object parse(Method parser, String text) {
    try {
      return parser.invoke(null, text);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException refusal) {
        throw refusal;
      }
      throw new IllegalStateException(e.getCause());
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  /** For bodies. */
  static final class Reading extends Deserializers.Base {

    @Override
    public @Nullable ValueDeserializer<?> findBeanDeserializer(
        JavaType type, DeserializationConfig config, BeanDescription.Supplier description) {
      Method parser = parser(type.getRawClass());
      return parser == null ? null : new FromText(parser);
    }

    @Override
    public boolean hasDeserializerFor(DeserializationConfig config, Class<?> type) {
      return parser(type) != null;
    }
  }

  private static final class FromText extends ValueDeserializer<Object> {

    private final Method parser;

    FromText(Method parser) {
      this.parser = parser;
    }

    /** A secret that is null is another wish than one that is left out. */
    @Override
    public @Nullable Object getNullValue(DeserializationContext context) {
      return parser.getReturnType() == SecretKey.class ? SecretKey.NONE : null;
    }

    @Override
    public @Nullable Object getAbsentValue(DeserializationContext context) {
      return null;
    }

    @Override
    public @Nullable Object deserialize(JsonParser json, DeserializationContext context) {
      Class<?> type = parser.getReturnType();
      if (json.currentToken() != JsonToken.VALUE_STRING) {
        return context.handleUnexpectedToken(type, json);
      }
      try {
        return parse(parser, json.getString());
      } catch (IllegalArgumentException e) {
        return context.handleInstantiationProblem(type, json.getString(), e);
      }
    }
  }

  /** For paths, parameters and headers. */
  static final class Converting implements ConditionalGenericConverter {

    @Override
    public Set<ConvertiblePair> getConvertibleTypes() {
      return Set.of(new ConvertiblePair(String.class, Record.class));
    }

    @Override
    public boolean matches(TypeDescriptor source, TypeDescriptor target) {
      return parser(target.getType()) != null;
    }

    @Override
    public @Nullable Object convert(
        @Nullable Object source, TypeDescriptor sourceType, TypeDescriptor target) {
      Method parser = parser(target.getType());
      return source == null || parser == null ? null : parse(parser, (String) source);
    }
  }
}
