package net.culvert.node.kernel.abi;

/** Scattered memory. */
@Header({"sys/uio.h", "limits.h"})
public final class Uio {

  /** Most elements of one vector. */
  public static final int IOV_MAX = 1024;

  /** One piece of memory. */
  @Struct("iovec")
  public static final class Iovec {
    public static final int SIZEOF = 16;
    public static final int IOV_BASE = 0;
    public static final int IOV_LEN = 8;

    private Iovec() {}
  }

  private Uio() {}
}
