package net.culvert.node.kernel.rtnetlink;

import net.culvert.api.value.Family;
import net.culvert.api.value.IpAddress;
import net.culvert.node.kernel.abi.Rtnetlink;
import net.culvert.node.kernel.abi.Rtnetlink.Rtmsg;
import net.culvert.node.kernel.netlink.Attributes;
import net.culvert.node.kernel.netlink.NetlinkMessage;
import net.culvert.node.kernel.netlink.NetlinkRequest;
import org.jspecify.annotations.Nullable;

/**
 * The way that the kernel would send a packet now.
 *
 * @param link index of the egress link
 * @param gateway next hop, or null for on-link
 * @param source the address that it would give the packet, or null
 * @param mtu bytes, where the route or a learned path says so, or 0 for that of the link
 * @param local whether the destination is this namespace itself
 */
public record RouteLookup(
    int link, @Nullable IpAddress gateway, @Nullable IpAddress source, int mtu, boolean local) {

  static NetlinkRequest get(IpAddress destination) {
    return new NetlinkRequest(
            Rtnetlink.RTM_GETROUTE, 0, Rtmsg.SIZEOF, "RTM_GETROUTE", "way to " + destination)
        .headerU8(Rtmsg.RTM_FAMILY, Octets.family(destination.family()))
        .headerU8(Rtmsg.RTM_DST_LEN, destination.family().bits())
        .bytes(Rtnetlink.RTA_DST, destination.toBytes());
  }

  static RouteLookup parse(NetlinkMessage message, Family family) {
    Attributes attributes = message.attributes(Rtmsg.SIZEOF);
    return new RouteLookup(
        attributes.u32(Rtnetlink.RTA_OIF, 0),
        Route.gateway(attributes, family),
        Octets.address(attributes.bytes(Rtnetlink.RTA_PREFSRC), family),
        attributes.nested(Rtnetlink.RTA_METRICS).u32(Rtnetlink.RTAX_MTU, 0),
        message.headerU8(Rtmsg.RTM_TYPE) == Rtnetlink.RTN_LOCAL);
  }
}
