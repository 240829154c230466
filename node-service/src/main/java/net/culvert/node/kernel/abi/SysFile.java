package net.culvert.node.kernel.abi;

/** Operations of {@code flock}. */
@Header("sys/file.h")
public final class SysFile {

  public static final int LOCK_SH = 1;
  public static final int LOCK_EX = 2;
  public static final int LOCK_NB = 4;
  public static final int LOCK_UN = 8;

  private SysFile() {}
}
