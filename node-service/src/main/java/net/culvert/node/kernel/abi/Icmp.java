package net.culvert.node.kernel.abi;

/** ICMP, RFC 792. */
@Header("linux/icmp.h")
public final class Icmp {

  // Types.
  public static final int ICMP_ECHOREPLY = 0;
  public static final int ICMP_DEST_UNREACH = 3;
  public static final int ICMP_REDIRECT = 5;
  public static final int ICMP_ECHO = 8;
  public static final int ICMP_TIME_EXCEEDED = 11;
  public static final int ICMP_PARAMETERPROB = 12;

  // Codes of ICMP_DEST_UNREACH.
  public static final int ICMP_NET_UNREACH = 0;
  public static final int ICMP_HOST_UNREACH = 1;
  public static final int ICMP_PROT_UNREACH = 2;
  public static final int ICMP_PORT_UNREACH = 3;
  public static final int ICMP_FRAG_NEEDED = 4;
  public static final int ICMP_SR_FAILED = 5;
  public static final int ICMP_NET_UNKNOWN = 6;
  public static final int ICMP_HOST_UNKNOWN = 7;
  public static final int ICMP_HOST_ISOLATED = 8;
  public static final int ICMP_NET_ANO = 9;
  public static final int ICMP_HOST_ANO = 10;
  public static final int ICMP_NET_UNR_TOS = 11;
  public static final int ICMP_HOST_UNR_TOS = 12;
  public static final int ICMP_PKT_FILTERED = 13;
  public static final int ICMP_PREC_VIOLATION = 14;
  public static final int ICMP_PREC_CUTOFF = 15;

  // Codes of ICMP_TIME_EXCEEDED.
  public static final int ICMP_EXC_TTL = 0;
  public static final int ICMP_EXC_FRAGTIME = 1;

  /** Socket option of level {@code SOL_RAW}: a bit set means that this type is not delivered. */
  public static final int ICMP_FILTER = 1;

  private Icmp() {}
}
