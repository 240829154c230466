package net.culvert.node.kernel.rtnetlink;

import net.culvert.api.value.Family;
import net.culvert.api.value.InterfaceAddress;
import net.culvert.api.value.IpAddress;
import net.culvert.node.kernel.abi.IfAddr;
import net.culvert.node.kernel.abi.IfAddr.Ifaddrmsg;
import net.culvert.node.kernel.abi.Netlink;
import net.culvert.node.kernel.abi.Rtnetlink;
import net.culvert.node.kernel.netlink.Attributes;
import net.culvert.node.kernel.netlink.NetlinkMessage;
import net.culvert.node.kernel.netlink.NetlinkRequest;
import org.jspecify.annotations.Nullable;

/**
 * An address of a link.
 *
 * @param link index of the link
 * @param address with the length of the prefix that is on the link; any that the kernel takes, so
 *     not always an {@link InterfaceAddress}
 * @param peer the other end of a point-to-point link, or null
 * @param flags IFA_F_ flags
 * @param scope RT_SCOPE_ of rtnetlink.h
 * @param protocol who made it, or 0; kernels before 5.18 do not keep it
 */
public record Address(
    int link,
    IpAddress address,
    int length,
    @Nullable IpAddress peer,
    int flags,
    int scope,
    int protocol) {

  /** Whether it is this address with this length; flags and all else are of no matter. */
  public boolean is(InterfaceAddress other) {
    return other.address().equals(address) && other.length() == length;
  }

  /** Whether IPv6 is still looking for a duplicate, or found one. */
  public boolean isUsable() {
    return (flags & (IfAddr.IFA_F_TENTATIVE | IfAddr.IFA_F_DADFAILED)) == 0;
  }

  /**
   * Adds an address; EEXIST where the link has it. The kernel adds the route of its prefix. An IPv6
   * address can be used at once: no duplicate is looked for, since the node gives out each once.
   */
  public static NetlinkRequest create(int link, InterfaceAddress address) {
    NetlinkRequest request =
        about(
            Rtnetlink.RTM_NEWADDR,
            Netlink.NLM_F_CREATE | Netlink.NLM_F_EXCL,
            "RTM_NEWADDR",
            link,
            address);
    if (address.family() == Family.IPV6) {
      request.u32(IfAddr.IFA_FLAGS, IfAddr.IFA_F_NODAD);
    }
    return request.u8(IfAddr.IFA_PROTO, RouteProtocol.CULVERT);
  }

  /**
   * Adds an IPv6 link-local address in the place of the one that the kernel would make: usable at
   * once, and as little marked as that one, since it belongs to the link and to no wish.
   */
  public static NetlinkRequest createLinkLocal(int link, InterfaceAddress address) {
    return about(
            Rtnetlink.RTM_NEWADDR,
            Netlink.NLM_F_CREATE | Netlink.NLM_F_EXCL,
            "RTM_NEWADDR",
            link,
            address)
        .u32(IfAddr.IFA_FLAGS, IfAddr.IFA_F_NODAD);
  }

  /** Removes an address; EADDRNOTAVAIL where the link does not have it. */
  public static NetlinkRequest delete(int link, InterfaceAddress address) {
    return about(Rtnetlink.RTM_DELADDR, 0, "RTM_DELADDR", link, address);
  }

  private static NetlinkRequest about(
      int type, int flags, String operation, int link, InterfaceAddress address) {
    byte[] bytes = address.address().toBytes();
    return new NetlinkRequest(
            type, flags, Ifaddrmsg.SIZEOF, operation, address + " of link " + link)
        .headerU8(Ifaddrmsg.IFA_FAMILY, Octets.family(address.family()))
        .headerU8(Ifaddrmsg.IFA_PREFIXLEN, address.length())
        .headerU32(Ifaddrmsg.IFA_INDEX, link)
        .bytes(IfAddr.IFA_LOCAL, bytes)
        .bytes(IfAddr.IFA_ADDRESS, bytes);
  }

  /** Asks for the addresses of one link, or of all for 0; both families. */
  static NetlinkRequest dump(int link) {
    return new NetlinkRequest(
            Rtnetlink.RTM_GETADDR,
            Netlink.NLM_F_DUMP,
            Ifaddrmsg.SIZEOF,
            "RTM_GETADDR",
            link == 0 ? "addresses" : "addresses of link " + link)
        .headerU32(Ifaddrmsg.IFA_INDEX, link);
  }

  /** The address that an RTM_NEWADDR or RTM_DELADDR tells of, or null for another family's. */
  static @Nullable Address parse(NetlinkMessage message) {
    Family family = Octets.family(message.headerU8(Ifaddrmsg.IFA_FAMILY));
    if (family == null) {
      return null;
    }
    Attributes attributes = message.attributes(Ifaddrmsg.SIZEOF);
    IpAddress address = Octets.address(attributes.bytes(IfAddr.IFA_ADDRESS), family);
    IpAddress local = Octets.address(attributes.bytes(IfAddr.IFA_LOCAL), family);
    IpAddress own = local != null ? local : address;
    if (own == null) {
      return null;
    }
    return new Address(
        message.headerU32(Ifaddrmsg.IFA_INDEX),
        own,
        message.headerU8(Ifaddrmsg.IFA_PREFIXLEN),
        own.equals(address) ? null : address,
        attributes.u32(IfAddr.IFA_FLAGS, message.headerU8(Ifaddrmsg.IFA_FLAGS)),
        message.headerU8(Ifaddrmsg.IFA_SCOPE),
        attributes.u8(IfAddr.IFA_PROTO, 0));
  }
}
