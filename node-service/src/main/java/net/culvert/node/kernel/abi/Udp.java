package net.culvert.node.kernel.abi;

/** Options of level {@code IPPROTO_UDP}. */
@Header("linux/udp.h")
public final class Udp {

  public static final int UDP_CORK = 1;
  public static final int UDP_ENCAP = 100;
  public static final int UDP_NO_CHECK6_TX = 101;
  public static final int UDP_NO_CHECK6_RX = 102;
  public static final int UDP_SEGMENT = 103;
  public static final int UDP_GRO = 104;

  /** Network byte order. */
  @Struct("udphdr")
  public static final class Udphdr {
    public static final int SIZEOF = 8;
    public static final int SOURCE = 0;
    public static final int DEST = 2;
    public static final int LEN = 4;
    public static final int CHECK = 6;

    private Udphdr() {}
  }

  private Udp() {}
}
