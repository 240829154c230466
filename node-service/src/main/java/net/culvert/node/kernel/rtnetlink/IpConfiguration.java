package net.culvert.node.kernel.rtnetlink;

import java.nio.ByteBuffer;
import net.culvert.node.kernel.abi.IfLink;
import net.culvert.node.kernel.abi.Ip;
import net.culvert.node.kernel.abi.Ipv6;
import net.culvert.node.kernel.abi.Socket;
import net.culvert.node.kernel.netlink.Attributes;
import org.jspecify.annotations.Nullable;

/**
 * A link's own settings, {@code net.ipv4.conf.LINK} and {@code net.ipv6.conf.LINK}, as a dump of
 * links tells them. Null where the link has no such setting: its family is switched off there (IPv6
 * below an MTU of 1280), or the kernel has no such switch.
 *
 * @param ipv4Forwarding what arrives here may be forwarded
 * @param ipv4ProxyArp the link answers ARP for addresses that are reached by another link
 * @param ipv6Forwarding whether the link behaves as a router's; the packets themselves go by {@code
 *     all}, or by the next
 * @param ipv6ForceForwarding what arrives here may be forwarded, whatever {@code all} says; from
 *     Linux 6.17
 * @param ipv6ProxyNdp the link answers neighbour solicitations for its proxy entries
 * @param ipv6AcceptRa 0 never, 1 unless the link forwards, 2 always
 */
public record IpConfiguration(
    @Nullable Boolean ipv4Forwarding,
    @Nullable Boolean ipv4ProxyArp,
    @Nullable Boolean ipv6Forwarding,
    @Nullable Boolean ipv6ForceForwarding,
    @Nullable Boolean ipv6ProxyNdp,
    @Nullable Integer ipv6AcceptRa) {

  /** From the attributes of a link. */
  static IpConfiguration parse(Attributes link) {
    Attributes families = link.nested(IfLink.IFLA_AF_SPEC);
    ByteBuffer ipv4 = families.nested(Socket.AF_INET).buffer(IfLink.IFLA_INET_CONF);
    ByteBuffer ipv6 = families.nested(Socket.AF_INET6).buffer(IfLink.IFLA_INET6_CONF);
    return new IpConfiguration(
        // IPv4 counts its settings from 1, the array from 0; IPv6 counts both from 0.
        on(element(ipv4, Ip.IPV4_DEVCONF_FORWARDING - 1)),
        on(element(ipv4, Ip.IPV4_DEVCONF_PROXY_ARP - 1)),
        on(element(ipv6, Ipv6.DEVCONF_FORWARDING)),
        on(element(ipv6, Ipv6.DEVCONF_FORCE_FORWARDING)),
        on(element(ipv6, Ipv6.DEVCONF_PROXY_NDP)),
        element(ipv6, Ipv6.DEVCONF_ACCEPT_RA));
  }

  private static @Nullable Boolean on(@Nullable Integer value) {
    return value == null ? null : value != 0;
  }

  private static @Nullable Integer element(@Nullable ByteBuffer array, int index) {
    int at = index * Integer.BYTES;
    return array == null || at + Integer.BYTES > array.limit() ? null : array.getInt(at);
  }
}
