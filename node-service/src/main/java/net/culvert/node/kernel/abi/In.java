package net.culvert.node.kernel.abi;

/** Internet protocols, their socket options and addresses. */
@Header("netinet/in.h")
public final class In {

  // Protocols, which are also levels of socket options.
  public static final int IPPROTO_IP = 0;
  public static final int IPPROTO_ICMP = 1;
  public static final int IPPROTO_TCP = 6;
  public static final int IPPROTO_UDP = 17;
  public static final int IPPROTO_IPV6 = 41;
  public static final int IPPROTO_ICMPV6 = 58;

  // Options of level IPPROTO_IP.
  public static final int IP_TOS = 1;
  public static final int IP_TTL = 2;
  public static final int IP_HDRINCL = 3;
  public static final int IP_PKTINFO = 8;
  public static final int IP_MTU_DISCOVER = 10;
  public static final int IP_RECVERR = 11;
  public static final int IP_RECVTTL = 12;
  public static final int IP_RECVTOS = 13;
  public static final int IP_MTU = 14;
  public static final int IP_FREEBIND = 15;
  public static final int IP_TRANSPARENT = 19;
  public static final int IP_BIND_ADDRESS_NO_PORT = 24;

  // IP_MTU_DISCOVER and IPV6_MTU_DISCOVER.
  public static final int IP_PMTUDISC_DONT = 0;
  public static final int IP_PMTUDISC_WANT = 1;
  public static final int IP_PMTUDISC_DO = 2;
  public static final int IP_PMTUDISC_PROBE = 3;
  public static final int IP_PMTUDISC_INTERFACE = 4;
  public static final int IP_PMTUDISC_OMIT = 5;

  // Options of level IPPROTO_IPV6.
  public static final int IPV6_CHECKSUM = 7;
  public static final int IPV6_V6ONLY = 26;
  public static final int IPV6_UNICAST_HOPS = 16;
  public static final int IPV6_MTU_DISCOVER = 23;
  public static final int IPV6_MTU = 24;
  public static final int IPV6_RECVERR = 25;
  public static final int IPV6_RECVPKTINFO = 49;
  public static final int IPV6_PKTINFO = 50;
  public static final int IPV6_RECVHOPLIMIT = 51;
  public static final int IPV6_HOPLIMIT = 52;
  public static final int IPV6_DONTFRAG = 62;
  public static final int IPV6_RECVTCLASS = 66;
  public static final int IPV6_TCLASS = 67;
  public static final int IPV6_FREEBIND = 78;

  /** An IPv4 address and port; port and address in network byte order. */
  @Struct("sockaddr_in")
  public static final class SockaddrIn {
    public static final int SIZEOF = 16;
    public static final int SIN_FAMILY = 0;
    public static final int SIN_PORT = 2;
    public static final int SIN_ADDR = 4;

    private SockaddrIn() {}
  }

  /** An IPv6 address and port; port and address in network byte order. */
  @Struct("sockaddr_in6")
  public static final class SockaddrIn6 {
    public static final int SIZEOF = 28;
    public static final int SIN6_FAMILY = 0;
    public static final int SIN6_PORT = 2;
    public static final int SIN6_FLOWINFO = 4;
    public static final int SIN6_ADDR = 8;
    public static final int SIN6_SCOPE_ID = 24;

    private SockaddrIn6() {}
  }

  /** Ancillary data of {@code IP_PKTINFO}. */
  @Struct("in_pktinfo")
  public static final class InPktinfo {
    public static final int SIZEOF = 12;
    public static final int IPI_IFINDEX = 0;
    public static final int IPI_SPEC_DST = 4;
    public static final int IPI_ADDR = 8;

    private InPktinfo() {}
  }

  /** Ancillary data of {@code IPV6_PKTINFO}. */
  @Struct("in6_pktinfo")
  public static final class In6Pktinfo {
    public static final int SIZEOF = 20;
    public static final int IPI6_ADDR = 0;
    public static final int IPI6_IFINDEX = 16;

    private In6Pktinfo() {}
  }

  private In() {}
}
