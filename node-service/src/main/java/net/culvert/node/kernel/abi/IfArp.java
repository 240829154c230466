package net.culvert.node.kernel.abi;

/** Hardware types, {@code ifi_type}. */
@Header("linux/if_arp.h")
public final class IfArp {

  public static final int ARPHRD_ETHER = 1;
  public static final int ARPHRD_LOOPBACK = 772;
  public static final int ARPHRD_NONE = 65534;

  private IfArp() {}
}
