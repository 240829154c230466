package net.culvert.node.kernel.abi;

/** Attributes of links and of their kinds. */
@Header("linux/if_link.h")
public final class IfLink {

  // Attributes of a link.
  public static final int IFLA_ADDRESS = 1;
  public static final int IFLA_BROADCAST = 2;
  public static final int IFLA_IFNAME = 3;
  public static final int IFLA_MTU = 4;
  public static final int IFLA_LINK = 5;
  public static final int IFLA_MASTER = 10;
  public static final int IFLA_OPERSTATE = 16;
  public static final int IFLA_LINKINFO = 18;
  public static final int IFLA_NET_NS_PID = 19;
  public static final int IFLA_IFALIAS = 20;
  public static final int IFLA_STATS64 = 23;
  public static final int IFLA_AF_SPEC = 26;
  public static final int IFLA_GROUP = 27;
  public static final int IFLA_NET_NS_FD = 28;
  public static final int IFLA_EXT_MASK = 29;
  public static final int IFLA_PROMISCUITY = 30;
  public static final int IFLA_NUM_TX_QUEUES = 31;
  public static final int IFLA_NUM_RX_QUEUES = 32;
  public static final int IFLA_CARRIER = 33;
  public static final int IFLA_LINK_NETNSID = 37;
  public static final int IFLA_GSO_MAX_SEGS = 40;
  public static final int IFLA_GSO_MAX_SIZE = 41;
  public static final int IFLA_NEW_NETNSID = 45;
  public static final int IFLA_TARGET_NETNSID = 46;
  public static final int IFLA_NEW_IFINDEX = 49;
  public static final int IFLA_MIN_MTU = 50;
  public static final int IFLA_MAX_MTU = 51;
  public static final int IFLA_ALT_IFNAME = 53;

  // Attributes in IFLA_LINKINFO.
  public static final int IFLA_INFO_KIND = 1;
  public static final int IFLA_INFO_DATA = 2;
  public static final int IFLA_INFO_SLAVE_KIND = 4;

  /** In {@code IFLA_AF_SPEC}, family {@code AF_INET}. */
  public static final int IFLA_INET_CONF = 1;

  // In IFLA_AF_SPEC, family AF_INET6.
  public static final int IFLA_INET6_FLAGS = 1;
  public static final int IFLA_INET6_CONF = 2;
  public static final int IFLA_INET6_ADDR_GEN_MODE = 8;

  // IFLA_INET6_ADDR_GEN_MODE.
  public static final int IN6_ADDR_GEN_MODE_EUI64 = 0;
  public static final int IN6_ADDR_GEN_MODE_NONE = 1;

  // IFLA_INFO_DATA of a bridge.
  public static final int IFLA_BR_FORWARD_DELAY = 1;
  public static final int IFLA_BR_STP_STATE = 5;
  public static final int IFLA_BR_VLAN_FILTERING = 7;
  public static final int IFLA_BR_MCAST_SNOOPING = 23;

  /** {@code IFLA_INFO_DATA} of a macvlan. */
  public static final int IFLA_MACVLAN_MODE = 1;

  // IFLA_MACVLAN_MODE.
  public static final int MACVLAN_MODE_PRIVATE = 1;
  public static final int MACVLAN_MODE_VEPA = 2;
  public static final int MACVLAN_MODE_BRIDGE = 4;
  public static final int MACVLAN_MODE_PASSTHRU = 8;

  // IFLA_INFO_DATA of a TUN or TAP device.
  public static final int IFLA_TUN_TYPE = 3;
  public static final int IFLA_TUN_PI = 4;
  public static final int IFLA_TUN_VNET_HDR = 5;
  public static final int IFLA_TUN_PERSIST = 6;
  public static final int IFLA_TUN_MULTI_QUEUE = 7;
  public static final int IFLA_TUN_NUM_QUEUES = 8;

  /** Counters of a link. */
  @Struct("rtnl_link_stats64")
  public static final class RtnlLinkStats64 {
    public static final int SIZEOF = 200;
    public static final int RX_PACKETS = 0;
    public static final int TX_PACKETS = 8;
    public static final int RX_BYTES = 16;
    public static final int TX_BYTES = 24;
    public static final int RX_ERRORS = 32;
    public static final int TX_ERRORS = 40;
    public static final int RX_DROPPED = 48;
    public static final int TX_DROPPED = 56;

    private RtnlLinkStats64() {}
  }

  private IfLink() {}
}
