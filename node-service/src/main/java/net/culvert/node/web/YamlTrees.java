package net.culvert.node.web;

import java.math.BigInteger;
import java.util.List;
import net.culvert.api.problem.FieldError;
import net.culvert.node.web.problem.MalformedBodyException;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLParser;

/**
 * Reads one YAML document as the tree that the same JSON would be. What JSON has not is refused by
 * the path where it stands: aliases, which can make much out of little, tags, and a name twice in
 * one mapping. Any thread.
 */
final class YamlTrees {

  /** Each name is a mistake of its own; a text of nothing else must not make a list of them all. */
  private static final int MAX_ERRORS = BodyReader.MAX_ERRORS;

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final YAMLMapper mapper;

  /**
   * @param constraints on depth and names; the size is bounded by whoever reads the bytes
   */
  YamlTrees(StreamReadConstraints constraints) {
    this.mapper =
        YAMLMapper.builder(
                YAMLFactory.builder()
                    .streamReadConstraints(constraints)
                    // It would end at the first; here each is named.
                    .disable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .loadSettings(
                        LoadSettings.builder()
                            .setCodePointLimit(Integer.MAX_VALUE)
                            .setAllowDuplicateKeys(true)
                            .build())
                    .build())
            .build();
  }

  /**
   * The tree, without what is refused.
   *
   * @param errors takes what is refused, at most {@value #MAX_ERRORS}
   * @throws MalformedBodyException if it is no YAML, or not one document
   */
  JsonNode read(byte[] text, List<FieldError> errors) {
    try (JsonParser parser = mapper.createParser(text)) {
      if (parser.nextToken() == null) {
        throw new MalformedBodyException("The body is empty; a YAML mapping is wanted.");
      }
      JsonNode root = value((YAMLParser) parser, "", errors);
      if (parser.nextToken() != null) {
        throw new MalformedBodyException("The body has more than one YAML document.");
      }
      return root;
    } catch (JacksonException e) {
      throw new MalformedBodyException(
          "The body is no YAML"
              + BodyReader.position(e.getLocation())
              + ": "
              + firstLine(BodyReader.plain(e.getOriginalMessage())));
    } catch (YamlEngineException e) {
      throw new MalformedBodyException(
          "The body is no YAML: " + firstLine(String.valueOf(e.getMessage())));
    }
  }

  private static String firstLine(String words) {
    return words.lines().findFirst().orElse("");
  }

  private static JsonNode value(YAMLParser parser, String path, List<FieldError> errors) {
    if (parser.isCurrentAlias()) {
      note(path, "is the alias '*" + parser.getString() + "', and aliases are not taken", errors);
      return NODES.nullNode();
    }
    if (parser.getTypeId() != null) {
      note(path, "has the tag '" + parser.getTypeId() + "', and tags are not taken", errors);
    }
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(parser, path, errors);
      case START_ARRAY -> array(parser, path, errors);
      case VALUE_TRUE -> NODES.booleanNode(true);
      case VALUE_FALSE -> NODES.booleanNode(false);
      case VALUE_NULL -> NODES.nullNode();
      case VALUE_NUMBER_INT -> whole(parser.getBigIntegerValue());
      case VALUE_NUMBER_FLOAT -> NODES.numberNode(parser.getDecimalValue());
      default -> NODES.stringNode(parser.getString());
    };
  }

  private static JsonNode whole(BigInteger number) {
    if (number.bitLength() < Integer.SIZE) {
      return NODES.numberNode(number.intValue());
    }
    return number.bitLength() < Long.SIZE
        ? NODES.numberNode(number.longValue())
        : NODES.numberNode(number);
  }

  private static ObjectNode object(YAMLParser parser, String path, List<FieldError> errors) {
    ObjectNode object = NODES.objectNode();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      String at = path.isEmpty() ? name : path + "." + name;
      parser.nextToken();
      JsonNode value = value(parser, at, errors);
      if (object.has(name)) {
        note(at, "stands twice in its mapping", errors);
      } else {
        object.set(name, value);
      }
    }
    return object;
  }

  private static ArrayNode array(YAMLParser parser, String path, List<FieldError> errors) {
    ArrayNode array = NODES.arrayNode();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      array.add(value(parser, path + "[" + array.size() + "]", errors));
    }
    return array;
  }

  private static void note(String path, String words, List<FieldError> errors) {
    if (errors.size() < MAX_ERRORS) {
      errors.add(new FieldError(path.isEmpty() ? BodyTree.ROOT : path, words));
    }
  }
}
