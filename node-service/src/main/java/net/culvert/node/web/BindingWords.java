package net.culvert.node.web;

import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.exc.InvalidNullException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.exc.ValueInstantiationException;
import tools.jackson.databind.json.JsonMapper;

/** Says in words for a person why a part of a body could not be bound. */
final class BindingWords {

  private final JsonMapper mapper;

  BindingWords(JsonMapper mapper) {
    this.mapper = mapper;
  }

  /**
   * One predicate, such as {@code is a number; a string is wanted}.
   *
   * @param node what stands there, if anything
   */
  String of(JacksonException e, @Nullable JsonNode node) {
    return switch (e) {
      case UnrecognizedPropertyException unknown -> unknown(unknown);
      case InvalidNullException absent -> "must not be null";
      // The value types' own words: they know what was wrong and what would be right.
      case ValueInstantiationException refused when refused.getCause() != null ->
          String.valueOf(refused.getCause().getMessage());
      case MismatchedInputException mismatch when mismatch.getTargetType() != null ->
          mismatch(mismatch.getTargetType(), node);
      case InputCoercionException overflow when overflow.getTargetType() != null ->
          mismatch(overflow.getTargetType(), node);
      default -> e.getOriginalMessage();
    };
  }

  private static String unknown(UnrecognizedPropertyException e) {
    Collection<Object> known = e.getKnownPropertyIds();
    return "is not a field here"
        + (known == null || known.isEmpty()
            ? ""
            : "; there are "
                + known.stream().map(String::valueOf).sorted().collect(Collectors.joining(", ")));
  }

  private String mismatch(Class<?> target, @Nullable JsonNode node) {
    if (target.isEnum() && node != null && node.isString()) {
      return "'" + node.stringValue() + "' is not one of " + constants(target);
    }
    return "is " + found(node) + "; " + wanted(target) + " is wanted";
  }

  /** What stands there, such as {@code the number 7}. */
  static String found(@Nullable JsonNode node) {
    if (node == null) {
      return "absent";
    }
    return switch (node.getNodeType()) {
      case ARRAY -> "an array";
      case OBJECT, POJO -> "an object";
      case BOOLEAN -> node.booleanValue() ? "true" : "false";
      case NUMBER -> "the number " + node;
      case STRING, BINARY -> "a string";
      case NULL -> "null";
      case MISSING -> "absent";
    };
  }

  private String wanted(Class<?> target) {
    if (target == Boolean.class || target == boolean.class) {
      return "true or false";
    }
    if (target == Integer.class || target == int.class) {
      return "a whole number of 32 bits";
    }
    if (target == Long.class || target == long.class) {
      return "a whole number of 64 bits";
    }
    if (Number.class.isAssignableFrom(target) || target.isPrimitive()) {
      return "a number";
    }
    if (target.isEnum()) {
      return "one of " + constants(target);
    }
    if (Collection.class.isAssignableFrom(target) || target.isArray()) {
      return "an array";
    }
    boolean object = target.isRecord() && TextTypes.parser(target) == null;
    return object || Map.class.isAssignableFrom(target) ? "an object" : "a string";
  }

  private String constants(Class<?> type) {
    return Arrays.stream(type.getEnumConstants())
        .map(each -> mapper.convertValue(each, String.class))
        .collect(Collectors.joining(", "));
  }
}
