package net.culvert.node.kernel.abi;

/** Opening files and changing descriptors. */
@Header("fcntl.h")
public final class Fcntl {

  // Flags of open.
  public static final int O_RDONLY = 0x0;
  public static final int O_WRONLY = 0x1;
  public static final int O_RDWR = 0x2;
  public static final int O_CREAT = 0x40;
  public static final int O_EXCL = 0x80;
  public static final int O_NONBLOCK = 0x800;
  public static final int O_CLOEXEC = 0x80000;
  public static final int O_NOFOLLOW = 0x20000;
  public static final int O_DIRECTORY = 0x10000;
  public static final int O_TMPFILE = 0x410000;

  // Commands of fcntl.
  public static final int F_GETFD = 1;
  public static final int F_SETFD = 2;
  public static final int F_GETFL = 3;
  public static final int F_SETFL = 4;
  public static final int F_DUPFD_CLOEXEC = 1030;

  /** In place of a folder's descriptor: the process's own. */
  public static final int AT_FDCWD = -100;

  /** Flag of {@code linkat}. */
  public static final int AT_SYMLINK_FOLLOW = 0x400;

  /** Flag of {@code F_SETFD}. */
  public static final int FD_CLOEXEC = 1;

  private Fcntl() {}
}
