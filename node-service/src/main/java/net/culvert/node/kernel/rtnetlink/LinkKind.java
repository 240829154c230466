package net.culvert.node.kernel.rtnetlink;

import net.culvert.node.kernel.netlink.NetlinkRequest;

/**
 * A kind of link that can be made: its name and what belongs to it alone. A new kind is a new class
 * that implements this, and nothing else.
 */
public interface LinkKind {

  /** As {@code ip link add type} names it, IFLA_INFO_KIND. */
  String name();

  /** Index of the link that this one stands on, IFLA_LINK, or 0. */
  default int parent() {
    return 0;
  }

  /** Writes the attributes of IFLA_INFO_DATA. */
  default void writeData(NetlinkRequest data) {}
}
