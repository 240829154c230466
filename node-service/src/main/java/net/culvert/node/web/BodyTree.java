package net.culvert.node.web;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A body as a tree that loses what cannot be bound, and still knows where everything stood in the
 * text. A path is a list of names and indices into the tree as it is now. One thread.
 */
final class BodyTree {

  /** How the body itself is called where there is no field to name. */
  static final String ROOT = "(body)";

  private final JsonNode root;
  private final IdentityHashMap<JsonNode, List<Integer>> originalIndices = new IdentityHashMap<>();
  private final Set<String> removed = new HashSet<>();

  BodyTree(JsonNode root) {
    this.root = root;
  }

  JsonNode root() {
    return root;
  }

  /** What stands there; null for a field that is absent. */
  @Nullable JsonNode at(List<Object> path) {
    JsonNode node = root;
    for (Object segment : path) {
      node = segment instanceof Integer index ? node.get(index) : node.get((String) segment);
      if (node == null) {
        return null;
      }
    }
    return node;
  }

  /** Takes the part out; false if there is nothing to take, or if it is the whole. */
  boolean remove(List<Object> path) {
    if (path.isEmpty() || at(path) == null) {
      return false;
    }
    removed.add(originalPath(path));
    JsonNode parent = at(path.subList(0, path.size() - 1));
    switch (parent) {
      case ArrayNode array -> {
        int index = (Integer) path.getLast();
        indices(array).subList(index, index + 1).clear();
        array.remove(index);
      }
      case ObjectNode object -> object.remove((String) path.getLast());
      case null, default -> {
        return false;
      }
    }
    return true;
  }

  /** Whether just this part was taken out. */
  boolean wasRemoved(List<Object> path) {
    return removed.contains(originalPath(path));
  }

  /** Whether a part of what stands there was taken out. */
  boolean isBroken(List<Object> path) {
    if (path.isEmpty()) {
      return !removed.isEmpty();
    }
    String prefix = originalPath(path);
    return removed.stream()
        .anyMatch(each -> each.startsWith(prefix + ".") || each.startsWith(prefix + "["));
  }

  /** The path in the text, such as {@code peers[2].name}. */
  String originalPath(List<Object> path) {
    StringBuilder text = new StringBuilder();
    JsonNode node = root;
    for (Object segment : path) {
      if (segment instanceof Integer index) {
        text.append('[').append(originalIndex(node, index)).append(']');
        node = node == null ? null : node.get(index);
      } else {
        text.append(text.isEmpty() ? "" : ".").append(segment);
        node = node == null ? null : node.get((String) segment);
      }
    }
    return text.isEmpty() ? ROOT : text.toString();
  }

  private int originalIndex(@Nullable JsonNode array, int index) {
    List<Integer> indices = array == null ? null : originalIndices.get(array);
    return indices == null || index >= indices.size() ? index : indices.get(index);
  }

  private List<Integer> indices(ArrayNode array) {
    return originalIndices.computeIfAbsent(
        array,
        any -> {
          List<Integer> indices = new ArrayList<>(array.size());
          for (int i = 0; i < array.size(); i++) {
            indices.add(i);
          }
          return indices;
        });
  }
}
