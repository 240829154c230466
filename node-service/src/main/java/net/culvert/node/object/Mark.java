package net.culvert.node.object;

import net.culvert.node.kernel.rtnetlink.Link;
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

  /**
   * The group that a link of ours is made with. The kernel takes an alias only afterwards, and a
   * creation whose answer got lost, or whose node was killed, must not leave a link that looks like
   * somebody else's.
   */
  int birthGroup() {
    return alias.hashCode() & 0x3fff_ffff | 0x4000_0000;
  }

  boolean isOn(Link link) {
    return alias.equals(link.alias()) || (isAbsent(link.alias()) && link.group() == birthGroup());
  }

  /** Whether a link says nothing of whose it is. */
  public static boolean isAbsent(@Nullable String otherAlias) {
    return otherAlias == null || otherAlias.isEmpty();
  }
}
