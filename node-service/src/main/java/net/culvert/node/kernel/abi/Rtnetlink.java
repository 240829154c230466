package net.culvert.node.kernel.abi;

/** Routing netlink: message types, routes and multicast groups. */
@Header("linux/rtnetlink.h")
public final class Rtnetlink {

  // Message types.
  public static final int RTM_NEWLINK = 16;
  public static final int RTM_DELLINK = 17;
  public static final int RTM_GETLINK = 18;
  public static final int RTM_NEWADDR = 20;
  public static final int RTM_DELADDR = 21;
  public static final int RTM_GETADDR = 22;
  public static final int RTM_NEWROUTE = 24;
  public static final int RTM_DELROUTE = 25;
  public static final int RTM_GETROUTE = 26;
  public static final int RTM_NEWNEIGH = 28;
  public static final int RTM_DELNEIGH = 29;
  public static final int RTM_GETNEIGH = 30;
  public static final int RTM_SETLINK = 19;
  public static final int RTM_NEWNETCONF = 80;
  public static final int RTM_NEWNSID = 88;
  public static final int RTM_GETNSID = 90;

  // rtm_type.
  public static final int RTN_UNSPEC = 0;
  public static final int RTN_UNICAST = 1;
  public static final int RTN_LOCAL = 2;
  public static final int RTN_BROADCAST = 3;
  public static final int RTN_ANYCAST = 4;
  public static final int RTN_MULTICAST = 5;
  public static final int RTN_BLACKHOLE = 6;
  public static final int RTN_UNREACHABLE = 7;
  public static final int RTN_PROHIBIT = 8;
  public static final int RTN_THROW = 9;

  // rtm_protocol: who made a route.
  public static final int RTPROT_UNSPEC = 0;
  public static final int RTPROT_REDIRECT = 1;
  public static final int RTPROT_KERNEL = 2;
  public static final int RTPROT_BOOT = 3;
  public static final int RTPROT_STATIC = 4;
  public static final int RTPROT_RA = 9;
  public static final int RTPROT_DHCP = 16;
  public static final int RTPROT_EIGRP = 192;

  // rtm_scope.
  public static final int RT_SCOPE_UNIVERSE = 0;
  public static final int RT_SCOPE_SITE = 200;
  public static final int RT_SCOPE_LINK = 253;
  public static final int RT_SCOPE_HOST = 254;
  public static final int RT_SCOPE_NOWHERE = 255;

  // rtm_flags.
  public static final int RTM_F_NOTIFY = 0x100;
  public static final int RTM_F_CLONED = 0x200;
  public static final int RTM_F_LOOKUP_TABLE = 0x1000;
  public static final int RTM_F_FIB_MATCH = 0x2000;

  // Tables.
  public static final int RT_TABLE_UNSPEC = 0;
  public static final int RT_TABLE_COMPAT = 252;
  public static final int RT_TABLE_DEFAULT = 253;
  public static final int RT_TABLE_MAIN = 254;
  public static final int RT_TABLE_LOCAL = 255;

  // Attributes of a route.
  public static final int RTA_DST = 1;
  public static final int RTA_SRC = 2;
  public static final int RTA_IIF = 3;
  public static final int RTA_OIF = 4;
  public static final int RTA_GATEWAY = 5;
  public static final int RTA_PRIORITY = 6;
  public static final int RTA_PREFSRC = 7;
  public static final int RTA_METRICS = 8;
  public static final int RTA_MULTIPATH = 9;
  public static final int RTA_CACHEINFO = 12;
  public static final int RTA_TABLE = 15;
  public static final int RTA_MARK = 16;
  public static final int RTA_VIA = 18;
  public static final int RTA_PREF = 20;
  public static final int RTA_EXPIRES = 23;

  // rtnh_flags and the lower half of rtm_flags.
  public static final int RTNH_F_DEAD = 0x1;
  public static final int RTNH_F_ONLINK = 0x4;
  public static final int RTNH_F_LINKDOWN = 0x10;

  // Attributes in RTA_METRICS.
  public static final int RTAX_LOCK = 1;
  public static final int RTAX_MTU = 2;
  public static final int RTAX_ADVMSS = 8;

  // Multicast groups, arguments of NETLINK_ADD_MEMBERSHIP.
  public static final int RTNLGRP_LINK = 1;
  public static final int RTNLGRP_NEIGH = 3;
  public static final int RTNLGRP_IPV4_IFADDR = 5;
  public static final int RTNLGRP_IPV4_ROUTE = 7;
  public static final int RTNLGRP_IPV4_NETCONF = 24;
  public static final int RTNLGRP_IPV6_IFADDR = 9;
  public static final int RTNLGRP_IPV6_ROUTE = 11;
  public static final int RTNLGRP_IPV6_NETCONF = 25;
  public static final int RTNLGRP_NSID = 28;

  // IFLA_EXT_MASK.
  public static final int RTEXT_FILTER_VF = 0x1;
  public static final int RTEXT_FILTER_SKIP_STATS = 0x8;

  /** The shortest request. */
  @Struct("rtgenmsg")
  public static final class Rtgenmsg {
    public static final int SIZEOF = 1;
    public static final int RTGEN_FAMILY = 0;

    private Rtgenmsg() {}
  }

  /** Before the attributes of a link. */
  @Struct("ifinfomsg")
  public static final class Ifinfomsg {
    public static final int SIZEOF = 16;
    public static final int IFI_FAMILY = 0;
    public static final int IFI_TYPE = 2;
    public static final int IFI_INDEX = 4;
    public static final int IFI_FLAGS = 8;
    public static final int IFI_CHANGE = 12;

    private Ifinfomsg() {}
  }

  /** Before the attributes of a route. */
  @Struct("rtmsg")
  public static final class Rtmsg {
    public static final int SIZEOF = 12;
    public static final int RTM_FAMILY = 0;
    public static final int RTM_DST_LEN = 1;
    public static final int RTM_SRC_LEN = 2;
    public static final int RTM_TOS = 3;
    public static final int RTM_TABLE = 4;
    public static final int RTM_PROTOCOL = 5;
    public static final int RTM_SCOPE = 6;
    public static final int RTM_TYPE = 7;
    public static final int RTM_FLAGS = 8;

    private Rtmsg() {}
  }

  private Rtnetlink() {}
}
