package net.culvert.node.kernel.sys;

/**
 * A system call that failed. The message reads {@code open /dev/net/tun: EPERM (Operation not
 * permitted)}.
 */
public final class SystemCallException extends KernelException {

  private static final long serialVersionUID = 1L;

  /**
   * @param call the call's name in section 2 of the manual, with the request where it has one:
   *     {@code ioctl TUNSETIFF}
   * @param errno positive, of {@link net.culvert.node.kernel.abi.Errno}
   * @param object what it was called on: a path, a device, an address
   */
  public SystemCallException(String call, int errno, String object) {
    super(call, errno, object, "");
  }

  /** The result, or this exception where it is a negated error number. */
  public static long check(long result, String call, String object) {
    if (result < 0) {
      throw new SystemCallException(call, (int) -result, object);
    }
    return result;
  }

  /** The C library's sentence for an error number, such as {@code Operation not permitted}. */
  public static String describe(int errno) {
    return LibC.strerror(errno);
  }
}
