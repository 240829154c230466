package net.culvert.node.kernel.rtnetlink;

import net.culvert.node.kernel.abi.If;
import net.culvert.node.kernel.abi.IfEther;
import net.culvert.node.kernel.abi.IfLink;
import net.culvert.node.kernel.abi.Netlink;
import net.culvert.node.kernel.abi.Rtnetlink;
import net.culvert.node.kernel.abi.Rtnetlink.Ifinfomsg;
import net.culvert.node.kernel.abi.Socket;
import net.culvert.node.kernel.netlink.Attributes;
import net.culvert.node.kernel.netlink.NetlinkMessage;
import net.culvert.node.kernel.netlink.NetlinkRequest;
import org.jspecify.annotations.Nullable;

/**
 * A network device as the kernel has it.
 *
 * @param index the interface index, unique in its namespace
 * @param name as the kernel has it, which may hold bytes that we never would
 * @param kind of IFLA_INFO_KIND such as {@code veth}; null where the link was not made by netlink,
 *     as {@code lo}
 * @param flags IFF_ flags
 * @param mtu bytes
 * @param master index of the bridge that this is a port of, or 0
 * @param parent index of the link that this stands on, a veth's other end among them, or 0; an
 *     index of the namespace {@code parentNamespace}
 * @param parentNamespace id of the parent's namespace as this one knows it, or −1 for this one
 * @param alias text that an administrator can attach; ours carries our mark
 * @param group 0 unless somebody set it
 * @param address hardware address; null where there is none of six bytes
 * @param configuration settings of IPv4 and IPv6
 */
public record Link(
    int index,
    String name,
    @Nullable String kind,
    int flags,
    int mtu,
    int master,
    int parent,
    int parentNamespace,
    @Nullable String alias,
    int group,
    @Nullable MacAddress address,
    IpConfiguration configuration,
    KindData kindData) {

  /** {@code parentNamespace} of a link whose parent is in its own namespace, or that has none. */
  public static final int SAME_NAMESPACE = -1;

  /** Set up by an administrator. */
  public boolean isUp() {
    return (flags & If.IFF_UP) != 0;
  }

  /** Carries packets: a veth whose other end is up, a TUN device that a program holds open. */
  public boolean hasCarrier() {
    return (flags & If.IFF_LOWER_UP) != 0;
  }

  /** Asks for all links, without their counters. */
  static NetlinkRequest dump() {
    return get("links", 0, Netlink.NLM_F_DUMP);
  }

  /** Asks for one link. */
  static NetlinkRequest get(int index) {
    return get("index " + index, index, 0);
  }

  /** Asks for one link; an alternative name finds it too. */
  static NetlinkRequest get(String name) {
    return get(name, 0, 0).string(IfLink.IFLA_IFNAME, name);
  }

  private static NetlinkRequest get(String object, int index, int flags) {
    return new NetlinkRequest(Rtnetlink.RTM_GETLINK, flags, Ifinfomsg.SIZEOF, "RTM_GETLINK", object)
        .headerU8(Ifinfomsg.IFI_FAMILY, Socket.AF_UNSPEC)
        .headerU32(Ifinfomsg.IFI_INDEX, index)
        .u32(IfLink.IFLA_EXT_MASK, Rtnetlink.RTEXT_FILTER_SKIP_STATS);
  }

  /** Deletes a link; the other end of a veth goes with it. ENODEV where it is gone. */
  public static NetlinkRequest delete(int index, String name) {
    return new NetlinkRequest(Rtnetlink.RTM_DELLINK, 0, Ifinfomsg.SIZEOF, "RTM_DELLINK", name)
        .headerU32(Ifinfomsg.IFI_INDEX, index);
  }

  /**
   * The link that an RTM_NEWLINK or RTM_DELLINK tells of; null for one about a port of a bridge,
   * which has the same type and another family.
   */
  static @Nullable Link parse(NetlinkMessage message) {
    if (message.headerU8(Ifinfomsg.IFI_FAMILY) != Socket.AF_UNSPEC) {
      return null;
    }
    Attributes attributes = message.attributes(Ifinfomsg.SIZEOF);
    Attributes info = attributes.nested(IfLink.IFLA_LINKINFO);
    byte[] data = info.bytes(IfLink.IFLA_INFO_DATA);
    byte[] address = attributes.bytes(IfLink.IFLA_ADDRESS);
    String name = attributes.string(IfLink.IFLA_IFNAME);
    return new Link(
        message.headerU32(Ifinfomsg.IFI_INDEX),
        name == null ? "" : name,
        info.string(IfLink.IFLA_INFO_KIND),
        message.headerU32(Ifinfomsg.IFI_FLAGS),
        attributes.u32(IfLink.IFLA_MTU, 0),
        attributes.u32(IfLink.IFLA_MASTER, 0),
        attributes.u32(IfLink.IFLA_LINK, 0),
        attributes.u32(IfLink.IFLA_LINK_NETNSID, SAME_NAMESPACE),
        attributes.string(IfLink.IFLA_IFALIAS),
        attributes.u32(IfLink.IFLA_GROUP, 0),
        address != null && address.length == IfEther.ETH_ALEN ? MacAddress.of(address) : null,
        IpConfiguration.parse(attributes),
        data == null ? KindData.NONE : new KindData(data));
  }
}
