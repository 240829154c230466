package net.culvert.node.kernel.abi;

/** The netlink protocol: headers, flags, attributes, extended acknowledgements. */
@Header("linux/netlink.h")
public final class Netlink {

  // Protocols of socket(AF_NETLINK, …).
  public static final int NETLINK_ROUTE = 0;
  public static final int NETLINK_NETFILTER = 12;
  public static final int NETLINK_GENERIC = 16;

  // Message types below NLMSG_MIN_TYPE.
  public static final int NLMSG_NOOP = 1;
  public static final int NLMSG_ERROR = 2;
  public static final int NLMSG_DONE = 3;
  public static final int NLMSG_OVERRUN = 4;
  public static final int NLMSG_MIN_TYPE = 16;

  // nlmsg_flags of every message.
  public static final int NLM_F_REQUEST = 0x1;
  public static final int NLM_F_MULTI = 0x2;
  public static final int NLM_F_ACK = 0x4;
  public static final int NLM_F_ECHO = 0x8;
  public static final int NLM_F_DUMP_INTR = 0x10;
  public static final int NLM_F_DUMP_FILTERED = 0x20;

  // nlmsg_flags of a GET.
  public static final int NLM_F_ROOT = 0x100;
  public static final int NLM_F_MATCH = 0x200;
  public static final int NLM_F_DUMP = 0x300;

  // nlmsg_flags of a NEW.
  public static final int NLM_F_REPLACE = 0x100;
  public static final int NLM_F_EXCL = 0x200;
  public static final int NLM_F_CREATE = 0x400;
  public static final int NLM_F_APPEND = 0x800;

  // nlmsg_flags of an acknowledgement.
  public static final int NLM_F_CAPPED = 0x100;
  public static final int NLM_F_ACK_TLVS = 0x200;

  // Attributes of an extended acknowledgement.
  public static final int NLMSGERR_ATTR_MSG = 1;
  public static final int NLMSGERR_ATTR_OFFS = 2;
  public static final int NLMSGERR_ATTR_COOKIE = 3;
  public static final int NLMSGERR_ATTR_POLICY = 4;
  public static final int NLMSGERR_ATTR_MISS_TYPE = 5;
  public static final int NLMSGERR_ATTR_MISS_NEST = 6;

  // Socket options, level SOL_NETLINK.
  public static final int NETLINK_ADD_MEMBERSHIP = 1;
  public static final int NETLINK_DROP_MEMBERSHIP = 2;
  public static final int NETLINK_BROADCAST_ERROR = 4;
  public static final int NETLINK_NO_ENOBUFS = 5;
  public static final int NETLINK_LISTEN_ALL_NSID = 8;
  public static final int NETLINK_CAP_ACK = 10;
  public static final int NETLINK_EXT_ACK = 11;
  public static final int NETLINK_GET_STRICT_CHK = 12;

  // Bits of nla_type that are no part of the type.
  public static final int NLA_F_NESTED = 0x8000;
  public static final int NLA_F_NET_BYTEORDER = 0x4000;

  // Messages and attributes begin at multiples of this.
  public static final int NLMSG_ALIGNTO = 4;
  public static final int NLA_ALIGNTO = 4;

  /** Before every message; native byte order. */
  @Struct("nlmsghdr")
  public static final class Nlmsghdr {
    public static final int SIZEOF = 16;
    public static final int NLMSG_LEN = 0;
    public static final int NLMSG_TYPE = 4;
    public static final int NLMSG_FLAGS = 6;
    public static final int NLMSG_SEQ = 8;
    public static final int NLMSG_PID = 12;

    private Nlmsghdr() {}
  }

  /** Body of {@code NLMSG_ERROR}: a negated errno or 0, then the header of the request. */
  @Struct("nlmsgerr")
  public static final class Nlmsgerr {
    public static final int SIZEOF = 20;
    public static final int ERROR = 0;
    public static final int MSG = 4;

    private Nlmsgerr() {}
  }

  /** Before every attribute; {@code nla_len} counts this header and no padding. */
  @Struct("nlattr")
  public static final class Nlattr {
    public static final int SIZEOF = 4;
    public static final int NLA_LEN = 0;
    public static final int NLA_TYPE = 2;

    private Nlattr() {}
  }

  /** A netlink address. */
  @Struct("sockaddr_nl")
  public static final class SockaddrNl {
    public static final int SIZEOF = 12;
    public static final int NL_FAMILY = 0;
    public static final int NL_PID = 4;
    public static final int NL_GROUPS = 8;

    private SockaddrNl() {}
  }

  private Netlink() {}
}
