package net.culvert.node.kernel.abi;

/** What the kernel tells when a switch of its IP configuration was turned. */
@Header("linux/netconf.h")
public final class Netconf {

  public static final int NETCONFA_IFINDEX = 1;

  /** Before the attributes of a configuration. */
  @Struct("netconfmsg")
  public static final class Netconfmsg {
    public static final int SIZEOF = 1;
    public static final int NCM_FAMILY = 0;

    private Netconfmsg() {}
  }

  private Netconf() {}
}
