package net.culvert.node.kernel.rtnetlink;

import net.culvert.api.value.Family;
import net.culvert.node.kernel.abi.Netlink;
import net.culvert.node.kernel.abi.Rtnetlink;
import net.culvert.node.kernel.abi.Rtnetlink.Rtmsg;
import net.culvert.node.kernel.netlink.NetlinkRequest;

/**
 * Which routes to read; the kernel leaves out the others. 0 means any.
 *
 * @param table RT_TABLE_ of rtnetlink.h
 * @param protocol who made them
 * @param link index of the egress link
 */
public record RouteFilter(int table, int protocol, int link) {

  /** Those of the main table with our mark. */
  public static final RouteFilter OURS =
      new RouteFilter(Rtnetlink.RT_TABLE_MAIN, RouteProtocol.CULVERT, 0);

  /** Those of the main table. */
  public static final RouteFilter MAIN = new RouteFilter(Rtnetlink.RT_TABLE_MAIN, 0, 0);

  NetlinkRequest dump(Family family) {
    NetlinkRequest request =
        new NetlinkRequest(
                Rtnetlink.RTM_GETROUTE,
                Netlink.NLM_F_DUMP,
                Rtmsg.SIZEOF,
                "RTM_GETROUTE",
                "routes of " + family)
            .headerU8(Rtmsg.RTM_FAMILY, Octets.family(family))
            .headerU8(Rtmsg.RTM_TABLE, table)
            .headerU8(Rtmsg.RTM_PROTOCOL, protocol);
    return link == 0 ? request : request.u32(Rtnetlink.RTA_OIF, link);
  }

  /** Whether a route passes; asked again here, since an old kernel sends them all. */
  boolean accepts(Route route) {
    return (table == 0 || table == route.table())
        && (protocol == 0 || protocol == route.protocol())
        && (link == 0 || link == route.link());
  }
}
