package net.culvert.node.kernel.icmp;

import net.culvert.node.kernel.abi.Icmp;
import net.culvert.node.kernel.abi.Icmpv6;

/** ICMP's and ICMPv6's errors in words. */
final class IcmpErrors {

  private IcmpErrors() {}

  /**
   * RFC 792, RFC 1122, RFC 1191.
   *
   * @param mtu the next hop's, of a message that tells it
   */
  static String ipv4(int type, int code, int mtu) {
    return switch (type) {
      case Icmp.ICMP_DEST_UNREACH ->
          switch (code) {
            case Icmp.ICMP_NET_UNREACH, Icmp.ICMP_NET_UNKNOWN -> "destination network unreachable";
            case Icmp.ICMP_HOST_UNREACH, Icmp.ICMP_HOST_UNKNOWN, Icmp.ICMP_HOST_ISOLATED ->
                "destination host unreachable";
            case Icmp.ICMP_PROT_UNREACH -> "destination protocol unreachable";
            case Icmp.ICMP_PORT_UNREACH -> "destination port unreachable";
            case Icmp.ICMP_FRAG_NEEDED ->
                "packet too big and not to be fragmented, the next MTU is " + mtu + " bytes";
            case Icmp.ICMP_SR_FAILED -> "source route failed";
            case Icmp.ICMP_NET_ANO,
                Icmp.ICMP_HOST_ANO,
                Icmp.ICMP_PKT_FILTERED,
                Icmp.ICMP_PREC_VIOLATION,
                Icmp.ICMP_PREC_CUTOFF ->
                "administratively prohibited";
            case Icmp.ICMP_NET_UNR_TOS, Icmp.ICMP_HOST_UNR_TOS ->
                "destination unreachable for this type of service";
            default -> "destination unreachable, code " + code;
          };
      case Icmp.ICMP_TIME_EXCEEDED ->
          code == Icmp.ICMP_EXC_FRAGTIME
              ? "fragments did not arrive in time"
              : "time to live exceeded in transit";
      case Icmp.ICMP_PARAMETERPROB -> "parameter problem";
      default -> "ICMP type " + type + ", code " + code;
    };
  }

  /**
   * RFC 4443.
   *
   * @param mtu the next hop's, of a message that tells it
   */
  static String ipv6(int type, int code, int mtu) {
    return switch (type) {
      case Icmpv6.ICMPV6_DEST_UNREACH ->
          switch (code) {
            case Icmpv6.ICMPV6_NOROUTE -> "no route to destination";
            case Icmpv6.ICMPV6_ADM_PROHIBITED, Icmpv6.ICMPV6_POLICY_FAIL ->
                "administratively prohibited";
            case Icmpv6.ICMPV6_NOT_NEIGHBOUR -> "destination beyond the scope of the source";
            case Icmpv6.ICMPV6_ADDR_UNREACH -> "destination host unreachable";
            case Icmpv6.ICMPV6_PORT_UNREACH -> "destination port unreachable";
            case Icmpv6.ICMPV6_REJECT_ROUTE -> "route to destination rejects";
            default -> "destination unreachable, code " + code;
          };
      case Icmpv6.ICMPV6_PKT_TOOBIG -> "packet too big, the next MTU is " + mtu + " bytes";
      case Icmpv6.ICMPV6_TIME_EXCEED ->
          code == Icmpv6.ICMPV6_EXC_FRAGTIME
              ? "fragments did not arrive in time"
              : "hop limit exceeded in transit";
      case Icmpv6.ICMPV6_PARAMPROB -> "parameter problem";
      default -> "ICMPv6 type " + type + ", code " + code;
    };
  }
}
