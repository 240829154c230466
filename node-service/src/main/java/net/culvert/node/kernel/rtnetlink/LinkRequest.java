package net.culvert.node.kernel.rtnetlink;

import net.culvert.node.kernel.abi.If;
import net.culvert.node.kernel.abi.IfLink;
import net.culvert.node.kernel.abi.Ip;
import net.culvert.node.kernel.abi.Netlink;
import net.culvert.node.kernel.abi.Rtnetlink;
import net.culvert.node.kernel.abi.Rtnetlink.Ifinfomsg;
import net.culvert.node.kernel.abi.Socket;
import net.culvert.node.kernel.netlink.NetlinkRequest;
import net.culvert.node.kernel.netns.NetworkNamespace;
import org.jspecify.annotations.Nullable;

/**
 * Makes or changes a link. What is not set is left to the kernel, or as it was.
 *
 * <p>The kernel does the parts of a change one after the other and stops at the first that it
 * refuses: a refused change may have been done in part. A refused creation leaves nothing.
 */
public final class LinkRequest {

  private final NetlinkRequest request;
  private final String name;
  private @Nullable Integer forwarding;
  private @Nullable Integer proxyArp;
  private @Nullable Integer addressGeneration;

  private LinkRequest(NetlinkRequest request, String name) {
    this.request = request;
    this.name = name;
  }

  /** Makes a link; EEXIST where the name is taken. */
  public static LinkRequest create(String name, LinkKind kind) {
    NetlinkRequest request =
        new NetlinkRequest(
                Rtnetlink.RTM_NEWLINK,
                Netlink.NLM_F_CREATE | Netlink.NLM_F_EXCL,
                Ifinfomsg.SIZEOF,
                "RTM_NEWLINK",
                name)
            .string(IfLink.IFLA_IFNAME, name)
            .nested(
                IfLink.IFLA_LINKINFO,
                info ->
                    info.string(IfLink.IFLA_INFO_KIND, kind.name())
                        .nested(IfLink.IFLA_INFO_DATA, kind::writeData));
    if (kind.parent() != 0) {
      request.u32(IfLink.IFLA_LINK, kind.parent());
    }
    return new LinkRequest(request, name);
  }

  /**
   * Changes a link.
   *
   * @param name for exceptions only: the index decides
   */
  public static LinkRequest change(int index, String name) {
    return new LinkRequest(
        new NetlinkRequest(Rtnetlink.RTM_SETLINK, 0, Ifinfomsg.SIZEOF, "RTM_SETLINK", name)
            .headerU32(Ifinfomsg.IFI_INDEX, index),
        name);
  }

  /** As {@link #change(int, String)}. */
  public static LinkRequest change(Link link) {
    return change(link.index(), link.name());
  }

  /** IFF_UP on or off. */
  public LinkRequest up(boolean up) {
    request.headerU32(Ifinfomsg.IFI_FLAGS, up ? If.IFF_UP : 0);
    request.headerU32(Ifinfomsg.IFI_CHANGE, If.IFF_UP);
    return this;
  }

  /** Bytes. */
  public LinkRequest mtu(int mtu) {
    request.u32(IfLink.IFLA_MTU, mtu);
    return this;
  }

  /** Index of the bridge that this becomes a port of, or 0 for none. */
  public LinkRequest master(int index) {
    request.u32(IfLink.IFLA_MASTER, index);
    return this;
  }

  /** Text of up to 255 bytes. A link cannot be made with one: the kernel takes it in a change. */
  public LinkRequest alias(String alias) {
    request.string(IfLink.IFLA_IFALIAS, alias);
    return this;
  }

  public LinkRequest group(int group) {
    request.u32(IfLink.IFLA_GROUP, group);
    return this;
  }

  public LinkRequest address(MacAddress address) {
    request.bytes(IfLink.IFLA_ADDRESS, address.toBytes());
    return this;
  }

  /** A new name, in a change. */
  public LinkRequest rename(String newName) {
    request.string(IfLink.IFLA_IFNAME, newName);
    return this;
  }

  /** Where the link is made, or moved to. It gets another index there if its own is taken. */
  public LinkRequest namespace(NetworkNamespace namespace) {
    request.u32(IfLink.IFLA_NET_NS_FD, namespace.descriptor().fd());
    return this;
  }

  /** {@code net.ipv4.conf.LINK.forwarding}, in a change. */
  public LinkRequest ipv4Forwarding(boolean on) {
    forwarding = on ? 1 : 0;
    return this;
  }

  /** {@code net.ipv4.conf.LINK.proxy_arp}, in a change. */
  public LinkRequest ipv4ProxyArp(boolean on) {
    proxyArp = on ? 1 : 0;
    return this;
  }

  /**
   * Whether IPv6 makes a link-local address when the link goes up, in a change before that. The
   * kernel looks for a duplicate of such an address for a second or two, and meanwhile asks for no
   * neighbour, so what is to be forwarded waits. {@link MacAddress#linkLocalAddress} given by
   * {@link Address#create} in its place serves at once.
   */
  public LinkRequest ipv6LinkLocal(boolean automatic) {
    addressGeneration = automatic ? IfLink.IN6_ADDR_GEN_MODE_EUI64 : IfLink.IN6_ADDR_GEN_MODE_NONE;
    return this;
  }

  public String name() {
    return name;
  }

  /** The request; call once, at the end. */
  public NetlinkRequest build() {
    if (forwarding != null || proxyArp != null || addressGeneration != null) {
      request.nested(IfLink.IFLA_AF_SPEC, this::writeFamilies);
    }
    return request;
  }

  private void writeFamilies(NetlinkRequest families) {
    if (forwarding != null || proxyArp != null) {
      families.nested(
          Socket.AF_INET, ipv4 -> ipv4.nested(IfLink.IFLA_INET_CONF, this::writeConfiguration));
    }
    Integer generation = addressGeneration;
    if (generation != null) {
      families.nested(
          Socket.AF_INET6, ipv6 -> ipv6.u8(IfLink.IFLA_INET6_ADDR_GEN_MODE, generation));
    }
  }

  private void writeConfiguration(NetlinkRequest settings) {
    if (forwarding != null) {
      settings.u32(Ip.IPV4_DEVCONF_FORWARDING, forwarding);
    }
    if (proxyArp != null) {
      settings.u32(Ip.IPV4_DEVCONF_PROXY_ARP, proxyArp);
    }
  }
}
