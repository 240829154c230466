package net.culvert.node.kernel.abi;

/** Ethernet. */
@Header("linux/if_ether.h")
public final class IfEther {

  // EtherTypes, host byte order.
  public static final int ETH_P_IP = 0x800;
  public static final int ETH_P_IPV6 = 0x86dd;
  public static final int ETH_P_ARP = 0x806;

  // Bytes of a hardware address and of a header.
  public static final int ETH_ALEN = 6;
  public static final int ETH_HLEN = 14;

  private IfEther() {}
}
