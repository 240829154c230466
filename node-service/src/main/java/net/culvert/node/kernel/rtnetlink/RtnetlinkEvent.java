package net.culvert.node.kernel.rtnetlink;

import java.util.function.BiFunction;
import net.culvert.node.kernel.abi.Netconf;
import net.culvert.node.kernel.abi.Rtnetlink;
import net.culvert.node.kernel.netlink.NetlinkMessage;
import org.jspecify.annotations.Nullable;

/** Something that the kernel changed, whoever asked for it. */
public sealed interface RtnetlinkEvent {

  /** Whether the thing is gone; otherwise it is new or changed. */
  boolean removed();

  record OfLink(Link link, boolean removed) implements RtnetlinkEvent {}

  record OfAddress(Address address, boolean removed) implements RtnetlinkEvent {}

  record OfRoute(Route route, boolean removed) implements RtnetlinkEvent {}

  record OfNeighbour(Neighbour neighbour, boolean removed) implements RtnetlinkEvent {}

  /**
   * Switches of a link's IP configuration were turned under {@code /proc/sys}. What netlink itself
   * turns is told as {@link OfLink}.
   *
   * @param link index of the link
   */
  record OfConfiguration(int link, boolean removed) implements RtnetlinkEvent {}

  /** The event that a message tells, or null where it tells none of these. */
  static @Nullable RtnetlinkEvent parse(NetlinkMessage message) {
    return switch (message.type()) {
      case Rtnetlink.RTM_NEWLINK -> of(Link.parse(message), OfLink::new, false);
      case Rtnetlink.RTM_DELLINK -> of(Link.parse(message), OfLink::new, true);
      case Rtnetlink.RTM_NEWADDR -> of(Address.parse(message), OfAddress::new, false);
      case Rtnetlink.RTM_DELADDR -> of(Address.parse(message), OfAddress::new, true);
      case Rtnetlink.RTM_NEWROUTE -> of(Route.parse(message), OfRoute::new, false);
      case Rtnetlink.RTM_DELROUTE -> of(Route.parse(message), OfRoute::new, true);
      case Rtnetlink.RTM_NEWNEIGH -> of(Neighbour.parse(message), OfNeighbour::new, false);
      case Rtnetlink.RTM_DELNEIGH -> of(Neighbour.parse(message), OfNeighbour::new, true);
      case Rtnetlink.RTM_NEWNETCONF -> configuration(message);
      default -> null;
    };
  }

  /** A switch for all links turns that of each, which is told too; here it is nothing. */
  private static @Nullable RtnetlinkEvent configuration(NetlinkMessage message) {
    int link = message.attributes(Netconf.Netconfmsg.SIZEOF).u32(Netconf.NETCONFA_IFINDEX, 0);
    return link > 0 ? new OfConfiguration(link, false) : null;
  }

  private static <T> @Nullable RtnetlinkEvent of(
      @Nullable T thing, BiFunction<T, Boolean, RtnetlinkEvent> event, boolean removed) {
    return thing == null ? null : event.apply(thing, removed);
  }
}
