package net.culvert.node.kernel.abi;

/**
 * TUN and TAP devices: ioctls of {@code /dev/net/tun}, the flags of {@code TUNSETIFF} and of {@code
 * TUNSETOFFLOAD}.
 */
@Header({"sys/ioctl.h", "linux/if_tun.h"})
public final class IfTun {

  // Ioctls of /dev/net/tun.
  public static final int TUNSETIFF = 0x400454ca;
  public static final int TUNSETPERSIST = 0x400454cb;
  public static final int TUNSETOWNER = 0x400454cc;
  public static final int TUNGETFEATURES = 0x800454cf;
  public static final int TUNSETOFFLOAD = 0x400454d0;
  public static final int TUNGETIFF = 0x800454d2;
  public static final int TUNSETSNDBUF = 0x400454d4;
  public static final int TUNGETVNETHDRSZ = 0x800454d7;
  public static final int TUNSETVNETHDRSZ = 0x400454d8;
  public static final int TUNSETQUEUE = 0x400454d9;
  public static final int TUNSETVNETLE = 0x400454dc;
  public static final int TUNSETCARRIER = 0x400454e2;
  public static final int TUNGETDEVNETNS = 0x54e3;

  // Flags in ifr_flags; see Documentation/networking/tuntap.rst.
  public static final int IFF_TUN = 0x1;
  public static final int IFF_TAP = 0x2;
  public static final int IFF_NAPI = 0x10;
  public static final int IFF_NO_CARRIER = 0x40;
  public static final int IFF_NO_PI = 0x1000;
  public static final int IFF_VNET_HDR = 0x4000;
  public static final int IFF_TUN_EXCL = 0x8000;
  public static final int IFF_MULTI_QUEUE = 0x100;
  public static final int IFF_ATTACH_QUEUE = 0x200;
  public static final int IFF_DETACH_QUEUE = 0x400;
  public static final int IFF_PERSIST = 0x800;

  // What user space can take, the argument of TUNSETOFFLOAD.
  public static final int TUN_F_CSUM = 0x1;
  public static final int TUN_F_TSO4 = 0x2;
  public static final int TUN_F_TSO6 = 0x4;
  public static final int TUN_F_TSO_ECN = 0x8;
  public static final int TUN_F_UFO = 0x10;

  @Since("6.2")
  public static final int TUN_F_USO4 = 0x20;

  @Since("6.2")
  public static final int TUN_F_USO6 = 0x40;

  /** Set by the kernel in {@code struct tun_pi} where a packet did not fit. */
  public static final int TUN_PKT_STRIP = 0x1;

  /**
   * Packet information, before each packet unless {@code IFF_NO_PI} is set; {@code proto} is in
   * network byte order.
   */
  @Struct("tun_pi")
  public static final class TunPi {
    public static final int SIZEOF = 4;
    public static final int FLAGS = 0;
    public static final int PROTO = 2;

    private TunPi() {}
  }

  private IfTun() {}
}
