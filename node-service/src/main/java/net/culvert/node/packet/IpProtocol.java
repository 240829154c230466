package net.culvert.node.packet;

/** Protocol numbers as IANA assigns them, spelled as {@code netinet/in.h} spells them. */
public final class IpProtocol {

  public static final int HOPOPTS = 0;
  public static final int ICMP = 1;
  public static final int IGMP = 2;
  public static final int TCP = 6;
  public static final int UDP = 17;
  public static final int ROUTING = 43;
  public static final int FRAGMENT = 44;
  public static final int GRE = 47;
  public static final int ESP = 50;
  public static final int AH = 51;
  public static final int ICMPV6 = 58;
  public static final int NONE = 59;
  public static final int DSTOPTS = 60;
  public static final int SCTP = 132;
  public static final int MH = 135;
  public static final int HIP = 139;
  public static final int SHIM6 = 140;

  private IpProtocol() {}

  /** The usual name in lower case, or the number as text. */
  public static String name(int number) {
    return switch (number) {
      case HOPOPTS -> "hopopts";
      case ICMP -> "icmp";
      case IGMP -> "igmp";
      case TCP -> "tcp";
      case UDP -> "udp";
      case ROUTING -> "routing";
      case FRAGMENT -> "fragment";
      case GRE -> "gre";
      case ESP -> "esp";
      case AH -> "ah";
      case ICMPV6 -> "icmpv6";
      case NONE -> "none";
      case DSTOPTS -> "dstopts";
      case SCTP -> "sctp";
      default -> Integer.toString(number);
    };
  }
}
