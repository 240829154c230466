package net.culvert.node.kernel.abi;

/** Attributes of {@code RTM_NEWNSID} and {@code RTM_GETNSID}. */
@Header("linux/net_namespace.h")
public final class NetNamespace {

  public static final int NETNSA_NONE = 0;
  public static final int NETNSA_NSID = 1;
  public static final int NETNSA_PID = 2;
  public static final int NETNSA_FD = 3;
  public static final int NETNSA_NSID_NOT_ASSIGNED = -1;

  private NetNamespace() {}
}
