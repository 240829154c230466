package net.culvert.node.kernel.abi;

/** File system types, {@code f_type} of {@code statfs}. */
@Header("linux/magic.h")
public final class Magic {

  public static final int NSFS_MAGIC = 0x6e736673;
  public static final int PROC_SUPER_MAGIC = 0x9fa0;

  private Magic() {}
}
