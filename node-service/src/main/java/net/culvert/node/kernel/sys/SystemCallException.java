package net.culvert.node.kernel.sys;

import net.culvert.node.kernel.abi.Errno;

/**
 * A system call that failed: which one, why, and on what. The message reads {@code open
 * /dev/net/tun: EPERM (Operation not permitted)}.
 */
public final class SystemCallException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String call;
  private final int errno;
  private final String object;

  /**
   * @param call the call's name in section 2 of the manual
   * @param errno positive, of {@link Errno}
   * @param object what it was called on: a path, a device, an address
   */
  public SystemCallException(String call, int errno, String object) {
    super(call + " " + object + ": " + Errno.name(errno) + " (" + LibC.strerror(errno) + ")");
    this.call = call;
    this.errno = errno;
    this.object = object;
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

  public String call() {
    return call;
  }

  /** Positive, of {@link Errno}. */
  public int errno() {
    return errno;
  }

  /** The errno's name, such as {@code EPERM}. */
  public String errnoName() {
    return Errno.name(errno);
  }

  public String object() {
    return object;
  }
}
