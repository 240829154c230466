package net.culvert.node.kernel.abi;

/** ICMPv6, RFC 4443. */
@Header("linux/icmpv6.h")
public final class Icmpv6 {

  // Types.
  public static final int ICMPV6_DEST_UNREACH = 1;
  public static final int ICMPV6_PKT_TOOBIG = 2;
  public static final int ICMPV6_TIME_EXCEED = 3;
  public static final int ICMPV6_PARAMPROB = 4;
  public static final int ICMPV6_ECHO_REQUEST = 128;
  public static final int ICMPV6_ECHO_REPLY = 129;

  // Codes of ICMPV6_DEST_UNREACH.
  public static final int ICMPV6_NOROUTE = 0;
  public static final int ICMPV6_ADM_PROHIBITED = 1;
  public static final int ICMPV6_NOT_NEIGHBOUR = 2;
  public static final int ICMPV6_ADDR_UNREACH = 3;
  public static final int ICMPV6_PORT_UNREACH = 4;
  public static final int ICMPV6_POLICY_FAIL = 5;
  public static final int ICMPV6_REJECT_ROUTE = 6;

  // Codes of ICMPV6_TIME_EXCEED.
  public static final int ICMPV6_EXC_HOPLIMIT = 0;
  public static final int ICMPV6_EXC_FRAGTIME = 1;

  /**
   * Socket option of level {@code IPPROTO_ICMPV6}: a bit set means that this type is not delivered.
   */
  public static final int ICMPV6_FILTER = 1;

  private Icmpv6() {}
}
