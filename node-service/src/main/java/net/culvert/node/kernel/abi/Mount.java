package net.culvert.node.kernel.abi;

/** Mounting. */
@Header("sys/mount.h")
public final class Mount {

  // Flags of mount.
  public static final int MS_BIND = 0x1000;
  public static final int MS_REC = 0x4000;
  public static final int MS_PRIVATE = 0x40000;
  public static final int MS_SLAVE = 0x80000;
  public static final int MS_SHARED = 0x100000;
  public static final int MS_RDONLY = 0x1;

  // Flags of umount2.
  public static final int MNT_DETACH = 0x2;
  public static final int UMOUNT_NOFOLLOW = 0x8;

  private Mount() {}
}
