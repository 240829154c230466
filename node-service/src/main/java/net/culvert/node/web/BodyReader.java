package net.culvert.node.web;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ElementKind;
import jakarta.validation.Path;
import jakarta.validation.Validator;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import net.culvert.api.problem.FieldError;
import net.culvert.node.web.problem.InvalidFieldException;
import net.culvert.node.web.problem.MalformedBodyException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.exc.ValueInstantiationException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.type.LogicalType;

/**
 * Reads a JSON or YAML text into a record and names every mistake in it at once.
 *
 * <ol>
 *   <li>The text becomes a tree; what is no JSON ends here, with line and column.
 *   <li>The tree is bound to the record. A part that cannot be bound is noted, taken out of the
 *       tree, and the rest is bound again, until all fits or {@value #MAX_ERRORS} mistakes are
 *       found.
 *   <li>What could be bound is validated; a constraint on a part that was taken out tells nothing
 *       new and is left out.
 * </ol>
 *
 * Nothing is coerced: a number is no string, 1.5 is no integer. Any thread.
 */
public final class BodyReader {

  /** Each costs one binding, so their number is bounded. */
  static final int MAX_ERRORS = 64;

  private static final int MAX_DEPTH = 32;
  private static final int MAX_NUMBER_CHARACTERS = 64;
  private static final int MAX_NAME_CHARACTERS = 1024;

  private static final StreamReadConstraints CONSTRAINTS =
      StreamReadConstraints.builder()
          .maxNestingDepth(MAX_DEPTH)
          .maxNumberLength(MAX_NUMBER_CHARACTERS)
          .maxNameLength(MAX_NAME_CHARACTERS)
          .build();

  private final JsonMapper mapper = strictMapper();
  private final YamlTrees yaml = new YamlTrees(CONSTRAINTS);
  private final BindingWords words = new BindingWords(mapper);
  private final Validator validator;

  BodyReader(Validator validator) {
    this.validator = validator;
  }

  private static JsonMapper strictMapper() {
    JsonFactory factory =
        JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(CONSTRAINTS)
            .build();
    SimpleModule valueTypes =
        new SimpleModule("value types") {
          @Override
          public void setupModule(SetupContext context) {
            context.addDeserializers(new TextTypes.Reading());
          }
        };
    return JsonMapper.builder(factory)
        .addModule(valueTypes)
        .enable(
            DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
            DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
            DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
            DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
        .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
        .withCoercionConfig(
            LogicalType.Textual,
            text -> {
              text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail);
              text.setCoercion(CoercionInputShape.Float, CoercionAction.Fail);
              text.setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
            })
        .withCoercionConfig(
            LogicalType.Enum,
            text -> text.setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail))
        .changeDefaultNullHandling(handling -> JsonSetter.Value.forContentNulls(Nulls.FAIL))
        .build();
  }

  /**
   * The record that a JSON body describes.
   *
   * @throws MalformedBodyException if it is no JSON
   * @throws InvalidFieldException if it is, with every offending field
   */
  public <T> T read(byte[] body, Class<T> type) {
    return bind(tree(body), type);
  }

  /**
   * The record that a YAML document describes; it has no aliases, and no name twice in one mapping.
   *
   * @throws MalformedBodyException if it is no YAML
   * @throws InvalidFieldException if it is, with every offending field
   */
  public <T> T readYaml(byte[] body, Class<T> type) {
    List<FieldError> errors = new ArrayList<>();
    return bind(yaml.read(body, errors), type, errors);
  }

  /**
   * The record that a tree describes, which may be changed by it.
   *
   * @throws InvalidFieldException with every offending field
   */
  public <T> T bind(JsonNode root, Class<T> type) {
    return bind(root, type, new ArrayList<>());
  }

  private <T> T bind(JsonNode root, Class<T> type, List<FieldError> errors) {
    if (!root.isObject()) {
      throw new InvalidFieldException(
          BodyTree.ROOT, "is " + BindingWords.found(root) + "; an object is wanted");
    }
    BodyTree tree = new BodyTree(root);
    T value = bind(tree, type, errors);
    if (value != null) {
      validate(value, tree, errors);
    }
    if (!errors.isEmpty() || value == null) {
      throw new InvalidFieldException(errors);
    }
    return value;
  }

  /**
   * A JSON body as it stands, within the same bounds.
   *
   * @throws MalformedBodyException if it is no JSON
   */
  public JsonNode tree(byte[] body) {
    try {
      JsonNode root = mapper.readTree(body);
      if (root == null || root.isMissingNode()) {
        throw new MalformedBodyException("The body is empty; a JSON object is wanted.");
      }
      return root;
    } catch (JacksonException e) {
      throw new MalformedBodyException(
          "The body is no JSON" + position(e.getLocation()) + ": " + plain(e.getOriginalMessage()));
    }
  }

  /** Without what the parser says of its own inside. */
  static String plain(String message) {
    return message
        .replaceAll(" \\(start marker at .*", "")
        .replaceAll(", from `StreamReadConstraints[^`]*`", "");
  }

  static String position(@Nullable TokenStreamLocation location) {
    return location == null || location.getLineNr() < 1
        ? ""
        : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
  }

  /** Null where nothing could be bound, and then there is an error. */
  private <T> @Nullable T bind(BodyTree tree, Class<T> type, List<FieldError> errors) {
    while (true) {
      try {
        return mapper.treeToValue(tree.root(), type);
      } catch (JacksonException e) {
        List<Object> path = segments(e);
        note(tree, path, e, errors);
        if (errors.size() >= MAX_ERRORS || !tree.remove(path)) {
          return null;
        }
      }
    }
  }

  private static List<Object> segments(JacksonException e) {
    List<Object> segments = new ArrayList<>();
    for (JacksonException.Reference each : e.getPath()) {
      String name = each.getPropertyName();
      segments.add(name != null ? name : (Object) each.getIndex());
    }
    return segments;
  }

  /**
   * An object that cannot be made because of a part that was taken out of it is no mistake of its
   * own.
   */
  private void note(BodyTree tree, List<Object> path, JacksonException e, List<FieldError> errors) {
    boolean ofAPart = e instanceof ValueInstantiationException && tree.isBroken(path);
    if (!ofAPart) {
      errors.add(new FieldError(tree.originalPath(path), words.of(e, tree.at(path))));
    }
  }

  private <T> void validate(T value, BodyTree tree, List<FieldError> errors) {
    List<FieldError> found = new ArrayList<>();
    for (ConstraintViolation<T> violation : validator.validate(value)) {
      List<Object> path = segments(violation.getPropertyPath());
      if (!tree.wasRemoved(path) && !tree.isBroken(path)) {
        found.add(new FieldError(tree.originalPath(path), violation.getMessage()));
      }
    }
    found.sort(Comparator.comparing(FieldError::field).thenComparing(FieldError::message));
    errors.addAll(found.subList(0, Math.min(found.size(), MAX_ERRORS)));
  }

  private static List<Object> segments(Path path) {
    List<Object> segments = new ArrayList<>();
    for (Path.Node node : path) {
      if (node.getIndex() != null) {
        segments.add(node.getIndex());
      } else if (node.getKey() != null) {
        segments.add(String.valueOf(node.getKey()));
      }
      if (node.getKind() == ElementKind.PROPERTY) {
        segments.add(node.getName());
      }
    }
    return segments;
  }
}
