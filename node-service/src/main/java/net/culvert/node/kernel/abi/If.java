package net.culvert.node.kernel.abi;

/** What is common to all links. */
@Header("linux/if.h")
public final class If {

  /** Bytes of a name with its terminator. */
  public static final int IFNAMSIZ = 16;

  /** Longest alias, {@code IFLA_IFALIAS}, with its terminator. */
  public static final int IFALIASZ = 256;

  // ifi_flags and ifr_flags.
  public static final int IFF_UP = 0x1;
  public static final int IFF_BROADCAST = 0x2;
  public static final int IFF_LOOPBACK = 0x8;
  public static final int IFF_POINTOPOINT = 0x10;
  public static final int IFF_RUNNING = 0x40;
  public static final int IFF_NOARP = 0x80;
  public static final int IFF_PROMISC = 0x100;
  public static final int IFF_ALLMULTI = 0x200;
  public static final int IFF_MASTER = 0x400;
  public static final int IFF_SLAVE = 0x800;
  public static final int IFF_MULTICAST = 0x1000;
  public static final int IFF_LOWER_UP = 0x10000;
  public static final int IFF_DORMANT = 0x20000;

  // IFLA_OPERSTATE, RFC 2863.
  public static final int IF_OPER_UNKNOWN = 0;
  public static final int IF_OPER_NOTPRESENT = 1;
  public static final int IF_OPER_DOWN = 2;
  public static final int IF_OPER_LOWERLAYERDOWN = 3;
  public static final int IF_OPER_TESTING = 4;
  public static final int IF_OPER_DORMANT = 5;
  public static final int IF_OPER_UP = 6;

  /** The argument of a link's ioctls. */
  @Struct("ifreq")
  public static final class Ifreq {
    public static final int SIZEOF = 40;
    public static final int IFR_NAME = 0;
    public static final int IFR_FLAGS = 16;
    public static final int IFR_IFINDEX = 16;
    public static final int IFR_MTU = 16;

    private Ifreq() {}
  }

  private If() {}
}
