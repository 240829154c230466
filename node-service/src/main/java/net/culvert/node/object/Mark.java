package net.culvert.node.object;

import org.jspecify.annotations.Nullable;

/**
 * What tells this node's links and namespaces from all others: the link alias {@code culvert:ID},
 * for a namespace that of its {@code lo}.
 *
 * @param alias up to 255 bytes
 */
public record Mark(String alias) {

  public static Mark ofNode(Object id) {
    return new Mark("culvert:" + id);
  }

  boolean isOn(@Nullable String otherAlias) {
    return alias.equals(otherAlias);
  }
}
