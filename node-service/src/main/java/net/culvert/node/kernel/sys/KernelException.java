package net.culvert.node.kernel.sys;

import net.culvert.node.kernel.abi.Errno;
import org.jspecify.annotations.Nullable;

/** The kernel refused something: what was asked, why, and on what. */
public abstract class KernelException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String call;
  private final int errno;
  private final String object;

  /**
   * @param call the system call or the netlink message type
   * @param errno positive, of {@link Errno}
   * @param object what it was asked on: a path, a link, an address
   * @param detail what follows the errno in the message, or the empty string
   */
  protected KernelException(String call, int errno, String object, String detail) {
    super(
        call
            + " "
            + object
            + ": "
            + Errno.name(errno)
            + " ("
            + LibC.strerror(errno)
            + ")"
            + detail);
    this.call = call;
    this.errno = errno;
    this.object = object;
  }

  /** The system call, such as {@code open}, or the netlink message, such as RTM_NEWLINK. */
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

  /** The C library's sentence for the errno, such as {@code Operation not permitted}. */
  public String errnoSentence() {
    return LibC.strerror(errno);
  }

  /** What it was asked on. */
  public String object() {
    return object;
  }

  /** What the kernel itself said beyond the errno, which only netlink knows to do. */
  public @Nullable String kernelSentence() {
    return null;
  }
}
