package net.culvert.node.kernel.rtnetlink;

import net.culvert.node.kernel.abi.IfLink;
import net.culvert.node.kernel.netlink.NetlinkRequest;
import org.jspecify.annotations.Nullable;

/**
 * A link with a hardware address of its own on another link.
 *
 * @param parent index of the other link
 */
public record MacvlanKind(int parent, Mode mode) implements LinkKind {

  public static final String NAME = "macvlan";

  /** Who of the macvlans on one link may speak with whom. */
  public enum Mode {
    PRIVATE(IfLink.MACVLAN_MODE_PRIVATE),
    VEPA(IfLink.MACVLAN_MODE_VEPA),
    BRIDGE(IfLink.MACVLAN_MODE_BRIDGE),
    PASSTHRU(IfLink.MACVLAN_MODE_PASSTHRU);

    private final int value;

    Mode(int value) {
      this.value = value;
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void writeData(NetlinkRequest data) {
    data.u32(IfLink.IFLA_MACVLAN_MODE, mode.value);
  }

  /** The mode of a link, or null where it is of another kind or in a mode not listed here. */
  public static @Nullable Mode modeOf(Link link) {
    if (!NAME.equals(link.kind())) {
      return null;
    }
    int value = link.kindData().attributes().u32(IfLink.IFLA_MACVLAN_MODE, 0);
    for (Mode mode : Mode.values()) {
      if (mode.value == value) {
        return mode;
      }
    }
    return null;
  }
}
