package net.culvert.node.kernel.rtnetlink;

import static net.culvert.node.kernel.abi.Neighbour.NDA_DST;
import static net.culvert.node.kernel.abi.Neighbour.NDA_IFINDEX;
import static net.culvert.node.kernel.abi.Neighbour.NDA_LLADDR;
import static net.culvert.node.kernel.abi.Neighbour.NDA_PROTOCOL;
import static net.culvert.node.kernel.abi.Neighbour.NTF_PROXY;
import static net.culvert.node.kernel.abi.Neighbour.NUD_PERMANENT;

import net.culvert.api.value.Family;
import net.culvert.api.value.IpAddress;
import net.culvert.node.kernel.abi.IfEther;
import net.culvert.node.kernel.abi.Neighbour.Ndmsg;
import net.culvert.node.kernel.abi.Netlink;
import net.culvert.node.kernel.abi.Rtnetlink;
import net.culvert.node.kernel.netlink.Attributes;
import net.culvert.node.kernel.netlink.NetlinkMessage;
import net.culvert.node.kernel.netlink.NetlinkRequest;
import org.jspecify.annotations.Nullable;

/**
 * A neighbour of a link, or an address that the link answers for (a proxy entry, of a table of its
 * own).
 *
 * @param link index of the link
 * @param linkAddress null for a proxy entry and for one that is not resolved
 * @param state NUD_ of neighbour.h
 * @param proxy whether this is a proxy entry
 * @param protocol who made it, or 0
 */
public record Neighbour(
    int link,
    IpAddress address,
    @Nullable MacAddress linkAddress,
    int state,
    boolean proxy,
    int protocol) {

  /** Never asked about and never forgotten by the kernel. */
  public boolean isPermanent() {
    return (state & NUD_PERMANENT) != 0;
  }

  /** Adds a permanent entry with our mark, in place of what the kernel learned or another was. */
  public static NetlinkRequest put(int link, IpAddress address, MacAddress linkAddress) {
    return about(
            Rtnetlink.RTM_NEWNEIGH,
            Netlink.NLM_F_CREATE | Netlink.NLM_F_REPLACE,
            "RTM_NEWNEIGH",
            link,
            address,
            false)
        .headerU16(Ndmsg.NDM_STATE, NUD_PERMANENT)
        .bytes(NDA_LLADDR, linkAddress.toBytes())
        .u8(NDA_PROTOCOL, RouteProtocol.CULVERT);
  }

  /** Adds a proxy entry with our mark; one that is there already is a success. */
  public static NetlinkRequest putProxy(int link, IpAddress address) {
    return about(
            Rtnetlink.RTM_NEWNEIGH,
            Netlink.NLM_F_CREATE | Netlink.NLM_F_REPLACE,
            "RTM_NEWNEIGH",
            link,
            address,
            true)
        .headerU16(Ndmsg.NDM_STATE, NUD_PERMANENT)
        .u8(NDA_PROTOCOL, RouteProtocol.CULVERT);
  }

  /** Removes an entry; ENOENT where there is none. */
  public static NetlinkRequest delete(int link, IpAddress address, boolean proxy) {
    return about(Rtnetlink.RTM_DELNEIGH, 0, "RTM_DELNEIGH", link, address, proxy);
  }

  private static NetlinkRequest about(
      int type, int flags, String operation, int link, IpAddress address, boolean proxy) {
    return new NetlinkRequest(
            type,
            flags,
            Ndmsg.SIZEOF,
            operation,
            (proxy ? "proxy " : "neighbour ") + address + " of link " + link)
        .headerU8(Ndmsg.NDM_FAMILY, Octets.family(address.family()))
        .headerU32(Ndmsg.NDM_IFINDEX, link)
        .headerU8(Ndmsg.NDM_FLAGS, proxy ? NTF_PROXY : 0)
        .bytes(NDA_DST, address.toBytes());
  }

  /** Asks for the entries of one link, or of all for 0; both families, one of the two tables. */
  static NetlinkRequest dump(int link, boolean proxy) {
    NetlinkRequest request =
        new NetlinkRequest(
                Rtnetlink.RTM_GETNEIGH,
                Netlink.NLM_F_DUMP,
                Ndmsg.SIZEOF,
                "RTM_GETNEIGH",
                (proxy ? "proxies" : "neighbours") + (link == 0 ? "" : " of link " + link))
            .headerU8(Ndmsg.NDM_FLAGS, proxy ? NTF_PROXY : 0);
    return link == 0 ? request : request.u32(NDA_IFINDEX, link);
  }

  /** The entry that an RTM_NEWNEIGH or RTM_DELNEIGH tells of, or null for a bridge's own. */
  static @Nullable Neighbour parse(NetlinkMessage message) {
    Family family = Octets.family(message.headerU8(Ndmsg.NDM_FAMILY));
    if (family == null) {
      return null;
    }
    Attributes attributes = message.attributes(Ndmsg.SIZEOF);
    IpAddress address = Octets.address(attributes.bytes(NDA_DST), family);
    if (address == null) {
      return null;
    }
    byte[] linkAddress = attributes.bytes(NDA_LLADDR);
    return new Neighbour(
        message.headerU32(Ndmsg.NDM_IFINDEX),
        address,
        linkAddress != null && linkAddress.length == IfEther.ETH_ALEN
            ? MacAddress.of(linkAddress)
            : null,
        message.headerU16(Ndmsg.NDM_STATE),
        (message.headerU8(Ndmsg.NDM_FLAGS) & NTF_PROXY) != 0,
        attributes.u8(NDA_PROTOCOL, 0));
  }
}
