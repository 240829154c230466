package net.culvert.node.topology;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** JSON merge patch, as the pseudocode of RFC 7396, section 2, has it. Pure. */
final class MergePatch {

  private MergePatch() {}

  /** The target with the patch in it; neither is changed. */
  static JsonNode apply(JsonNode target, JsonNode patch) {
    if (!patch.isObject()) {
      return patch.deepCopy();
    }
    ObjectNode result =
        target.isObject() ? (ObjectNode) target.deepCopy() : JsonNodeFactory.instance.objectNode();
    patch
        .properties()
        .forEach(member -> {
          if (member.getValue().isNull()) {
            result.remove(member.getKey());
          } else {
            JsonNode before = result.path(member.getKey());
            result.set(member.getKey(), apply(before, member.getValue()));
          }
        });
    return result;
  }
}
