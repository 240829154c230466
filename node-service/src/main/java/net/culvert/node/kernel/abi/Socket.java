package net.culvert.node.kernel.abi;

/**
 * Sockets: families, types, levels, options, message flags and the structures of {@code sendmsg}.
 */
@Header("sys/socket.h")
public final class Socket {

  // Address families.
  public static final int AF_UNSPEC = 0;
  public static final int AF_UNIX = 1;
  public static final int AF_INET = 2;
  public static final int AF_INET6 = 10;
  public static final int AF_NETLINK = 16;
  public static final int AF_PACKET = 17;

  // Types, and flags to be added to them.
  public static final int SOCK_STREAM = 0x1;
  public static final int SOCK_DGRAM = 0x2;
  public static final int SOCK_RAW = 0x3;
  public static final int SOCK_SEQPACKET = 0x5;
  public static final int SOCK_NONBLOCK = 0x800;
  public static final int SOCK_CLOEXEC = 0x80000;

  // Levels of options.
  public static final int SOL_SOCKET = 1;
  public static final int SOL_RAW = 255;
  public static final int SOL_NETLINK = 270;

  // Options of level SOL_SOCKET.
  public static final int SO_REUSEADDR = 2;
  public static final int SO_ERROR = 4;
  public static final int SO_SNDBUF = 7;
  public static final int SO_RCVBUF = 8;
  public static final int SO_SNDBUFFORCE = 32;
  public static final int SO_RCVBUFFORCE = 33;
  public static final int SO_REUSEPORT = 15;
  public static final int SO_BINDTODEVICE = 25;
  public static final int SO_MARK = 36;
  public static final int SO_RXQ_OVFL = 40;
  public static final int SO_BUSY_POLL = 46;
  public static final int SO_ATTACH_REUSEPORT_CBPF = 51;
  public static final int SO_ATTACH_REUSEPORT_EBPF = 52;
  public static final int SO_INCOMING_CPU = 49;
  public static final int SO_MEMINFO = 55;
  public static final int SO_NETNS_COOKIE = 71;
  public static final int SO_RCVTIMEO = 20;
  public static final int SO_SNDTIMEO = 21;

  // Flags of sending and receiving.
  public static final int MSG_PEEK = 0x2;
  public static final int MSG_TRUNC = 0x20;
  public static final int MSG_CTRUNC = 0x8;
  public static final int MSG_DONTWAIT = 0x40;
  public static final int MSG_ERRQUEUE = 0x2000;
  public static final int MSG_NOSIGNAL = 0x4000;
  public static final int MSG_WAITFORONE = 0x10000;
  public static final int MSG_CONFIRM = 0x800;

  /** One message of {@code sendmsg} and {@code recvmsg}. */
  @Struct("msghdr")
  public static final class Msghdr {
    public static final int SIZEOF = 56;
    public static final int MSG_NAME = 0;
    public static final int MSG_NAMELEN = 8;
    public static final int MSG_IOV = 16;
    public static final int MSG_IOVLEN = 24;
    public static final int MSG_CONTROL = 32;
    public static final int MSG_CONTROLLEN = 40;
    public static final int MSG_FLAGS = 48;

    private Msghdr() {}
  }

  /** One message of {@code sendmmsg} and {@code recvmmsg}. */
  @Struct("mmsghdr")
  public static final class Mmsghdr {
    public static final int SIZEOF = 64;
    public static final int MSG_HDR = 0;
    public static final int MSG_LEN = 56;

    private Mmsghdr() {}
  }

  /** Before ancillary data; {@code cmsg_len} counts this header and no padding. */
  @Struct("cmsghdr")
  public static final class Cmsghdr {
    public static final int SIZEOF = 16;
    public static final int CMSG_LEN = 0;
    public static final int CMSG_LEVEL = 8;
    public static final int CMSG_TYPE = 12;

    private Cmsghdr() {}
  }

  private Socket() {}
}
