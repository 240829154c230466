package net.culvert.node.kernel.rtnetlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.culvert.api.value.Family;
import net.culvert.api.value.IpAddress;
import net.culvert.api.value.Prefix;
import net.culvert.node.kernel.abi.Netlink;
import net.culvert.node.kernel.abi.Rtnetlink;
import net.culvert.node.kernel.abi.Rtnetlink.Rtmsg;
import net.culvert.node.kernel.netlink.Attributes;
import net.culvert.node.kernel.netlink.NetlinkMessage;
import net.culvert.node.kernel.netlink.NetlinkRequest;
import org.jspecify.annotations.Nullable;

/**
 * A route.
 *
 * @param destination what it is for
 * @param gateway next hop, which may be of the other family; null for on-link
 * @param link index of the egress link, or 0 where the gateway decides or there is none
 * @param metric the kernel's priority, unsigned: the smallest wins. 0 in an IPv6 request becomes
 *     1024
 * @param mtu bytes of the route's MTU metric, or 0 for that of the link
 * @param source preferred source address, or null
 * @param onLink the gateway is taken for on-link although no address says so
 * @param multipath several next hops, which this record does not tell
 * @param table RT_TABLE_ of rtnetlink.h
 * @param protocol who made it
 * @param type RTN_ of rtnetlink.h
 */
public record Route(
    Prefix destination,
    @Nullable IpAddress gateway,
    int link,
    int metric,
    int mtu,
    @Nullable IpAddress source,
    boolean onLink,
    boolean multipath,
    int table,
    int protocol,
    int type) {

  /** A unicast route of the main table with our mark. */
  public static Route of(
      Prefix destination, @Nullable IpAddress gateway, int link, int metric, int mtu) {
    return new Route(
        destination,
        gateway,
        link,
        metric,
        mtu,
        null,
        false,
        false,
        Rtnetlink.RT_TABLE_MAIN,
        RouteProtocol.CULVERT,
        Rtnetlink.RTN_UNICAST);
  }

  /** The same with a preferred source address. */
  public Route withSource(IpAddress newSource) {
    return new Route(
        destination,
        gateway,
        link,
        metric,
        mtu,
        newSource,
        onLink,
        multipath,
        table,
        protocol,
        type);
  }

  /** The same whose gateway need not be on the link by any address. */
  public Route withGatewayOnLink() {
    return new Route(
        destination, gateway, link, metric, mtu, source, true, multipath, table, protocol, type);
  }

  public Family family() {
    return destination.family();
  }

  /** Adds the route; EEXIST where one of that destination and metric is there, whoever's. */
  public NetlinkRequest create() {
    return write(Netlink.NLM_F_CREATE | Netlink.NLM_F_EXCL);
  }

  /** Puts the route in the place of the one of that destination and metric, whoever's it is. */
  public NetlinkRequest replace() {
    return write(Netlink.NLM_F_CREATE | Netlink.NLM_F_REPLACE);
  }

  private NetlinkRequest write(int flags) {
    // A next hop on the link itself is nearer than one behind a gateway, and IPv4 insists on it.
    boolean nearby = family() == Family.IPV4 && gateway == null && type == Rtnetlink.RTN_UNICAST;
    NetlinkRequest request =
        header(Rtnetlink.RTM_NEWROUTE, flags, "RTM_NEWROUTE")
            .headerU8(
                Rtmsg.RTM_SCOPE, nearby ? Rtnetlink.RT_SCOPE_LINK : Rtnetlink.RT_SCOPE_UNIVERSE)
            .headerU32(Rtmsg.RTM_FLAGS, onLink ? Rtnetlink.RTNH_F_ONLINK : 0);
    writeGateway(request);
    if (source != null) {
      request.bytes(Rtnetlink.RTA_PREFSRC, source.toBytes());
    }
    if (mtu != 0) {
      request.nested(Rtnetlink.RTA_METRICS, metrics -> metrics.u32(Rtnetlink.RTAX_MTU, mtu));
    }
    return request;
  }

  private void writeGateway(NetlinkRequest request) {
    if (gateway == null) {
      return;
    }
    if (gateway.family() == family()) {
      request.bytes(Rtnetlink.RTA_GATEWAY, gateway.toBytes());
    } else {
      // struct rtvia: the family in native order, the address.
      ByteBuffer via = ByteBuffer.allocate(Short.BYTES + gateway.family().bytes());
      via.order(ByteOrder.nativeOrder())
          .putShort((short) Octets.family(gateway.family()))
          .put(gateway.toBytes());
      request.bytes(Rtnetlink.RTA_VIA, via.array());
    }
  }

  /**
   * Removes the route of this destination, metric and protocol; ESRCH where there is none. The next
   * hop is of no matter.
   */
  public NetlinkRequest delete() {
    return header(Rtnetlink.RTM_DELROUTE, 0, "RTM_DELROUTE")
        // For IPv4: whatever the scope.
        .headerU8(
            Rtmsg.RTM_SCOPE,
            family() == Family.IPV4 ? Rtnetlink.RT_SCOPE_NOWHERE : Rtnetlink.RT_SCOPE_UNIVERSE);
  }

  private NetlinkRequest header(int messageType, int flags, String operation) {
    NetlinkRequest request =
        new NetlinkRequest(messageType, flags, Rtmsg.SIZEOF, operation, "route to " + destination)
            .headerU8(Rtmsg.RTM_FAMILY, Octets.family(family()))
            .headerU8(Rtmsg.RTM_DST_LEN, destination.length())
            // Tables beyond a byte are told by the attribute alone.
            .headerU8(Rtmsg.RTM_TABLE, table <= 0xff ? table : Rtnetlink.RT_TABLE_COMPAT)
            .headerU8(Rtmsg.RTM_PROTOCOL, protocol)
            .headerU8(Rtmsg.RTM_TYPE, type)
            .u32(Rtnetlink.RTA_TABLE, table);
    if (destination.length() > 0) {
      request.bytes(Rtnetlink.RTA_DST, destination.address().toBytes());
    }
    if (link != 0) {
      request.u32(Rtnetlink.RTA_OIF, link);
    }
    if (metric != 0) {
      request.u32(Rtnetlink.RTA_PRIORITY, metric);
    }
    return request;
  }

  /** The route that an RTM_NEWROUTE or RTM_DELROUTE tells of, or null for another family's. */
  static @Nullable Route parse(NetlinkMessage message) {
    Family family = Octets.family(message.headerU8(Rtmsg.RTM_FAMILY));
    if (family == null) {
      return null;
    }
    Attributes attributes = message.attributes(Rtmsg.SIZEOF);
    Prefix destination =
        Octets.prefix(
            attributes.bytes(Rtnetlink.RTA_DST), family, message.headerU8(Rtmsg.RTM_DST_LEN));
    if (destination == null) {
      return null;
    }
    return new Route(
        destination,
        gateway(attributes, family),
        attributes.u32(Rtnetlink.RTA_OIF, 0),
        attributes.u32(Rtnetlink.RTA_PRIORITY, 0),
        attributes.nested(Rtnetlink.RTA_METRICS).u32(Rtnetlink.RTAX_MTU, 0),
        Octets.address(attributes.bytes(Rtnetlink.RTA_PREFSRC), family),
        (message.headerU32(Rtmsg.RTM_FLAGS) & Rtnetlink.RTNH_F_ONLINK) != 0,
        attributes.has(Rtnetlink.RTA_MULTIPATH),
        attributes.u32(Rtnetlink.RTA_TABLE, message.headerU8(Rtmsg.RTM_TABLE)),
        message.headerU8(Rtmsg.RTM_PROTOCOL),
        message.headerU8(Rtmsg.RTM_TYPE));
  }

  static @Nullable IpAddress gateway(Attributes attributes, Family family) {
    ByteBuffer via = attributes.buffer(Rtnetlink.RTA_VIA);
    if (via == null || via.limit() < Short.BYTES) {
      return Octets.address(attributes.bytes(Rtnetlink.RTA_GATEWAY), family);
    }
    Family other = Octets.family(via.getShort(0));
    byte[] bytes = new byte[via.limit() - Short.BYTES];
    via.get(Short.BYTES, bytes);
    return other == null ? null : Octets.address(bytes, other);
  }
}
