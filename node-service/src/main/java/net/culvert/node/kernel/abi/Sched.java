package net.culvert.node.kernel.abi;

/** Namespaces: flags of {@code unshare} and {@code setns}. */
@Header("sched.h")
public final class Sched {

  public static final int CLONE_NEWNET = 0x40000000;
  public static final int CLONE_NEWNS = 0x20000;

  private Sched() {}
}
