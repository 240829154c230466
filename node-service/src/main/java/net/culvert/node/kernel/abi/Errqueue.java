package net.culvert.node.kernel.abi;

/** Errors that a socket received, read with {@code MSG_ERRQUEUE}. */
@Header({"time.h", "linux/errqueue.h"})
public final class Errqueue {

  // ee_origin.
  public static final int SO_EE_ORIGIN_NONE = 0;
  public static final int SO_EE_ORIGIN_LOCAL = 1;
  public static final int SO_EE_ORIGIN_ICMP = 2;
  public static final int SO_EE_ORIGIN_ICMP6 = 3;

  /**
   * Ancillary data of {@code IP_RECVERR}; {@code ee_info} is the MTU where the error is EMSGSIZE.
   */
  @Struct("sock_extended_err")
  public static final class SockExtendedErr {
    public static final int SIZEOF = 16;
    public static final int EE_ERRNO = 0;
    public static final int EE_ORIGIN = 4;
    public static final int EE_TYPE = 5;
    public static final int EE_CODE = 6;
    public static final int EE_INFO = 8;
    public static final int EE_DATA = 12;

    private SockExtendedErr() {}
  }

  private Errqueue() {}
}
