package net.culvert.node.kernel.abi;

/** {@code IFLA_INFO_DATA} of a veth pair. */
@Header("linux/veth.h")
public final class Veth {

  public static final int VETH_INFO_PEER = 1;

  private Veth() {}
}
