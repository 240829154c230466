package net.culvert.node.kernel.sys;

import java.util.concurrent.atomic.AtomicInteger;
import net.culvert.node.kernel.abi.Fcntl;

/**
 * An open descriptor and the duty to close it, once.
 *
 * <p>Any thread may use and close it. Closing does not wake a thread that waits in a call on it:
 * stop that thread first, by an event descriptor it polls. After {@link #close} the number reads
 * −1, so a late call answers EBADF and cannot meet somebody else's descriptor; only a call that is
 * already on its way could.
 */
public final class FileDescriptor implements AutoCloseable {

  private static final int CLOSED = -1;

  private final Syscalls syscalls;
  private final AtomicInteger fd;
  private final String object;

  private FileDescriptor(Syscalls syscalls, int fd, String object) {
    this.syscalls = syscalls;
    this.fd = new AtomicInteger(fd);
    this.object = object;
  }

  /**
   * Takes over what a call answered.
   *
   * @param result a descriptor or a negated error number, which is thrown
   * @param call the call's name, for the exception
   * @param object what was opened, for this and later exceptions
   */
  public static FileDescriptor own(Syscalls syscalls, long result, String call, String object) {
    return new FileDescriptor(
        syscalls, (int) SystemCallException.check(result, call, object), object);
  }

  /** Opens a path; O_CLOEXEC is added. */
  public static FileDescriptor open(Syscalls syscalls, String path, int flags) {
    return own(syscalls, syscalls.open(path, flags | Fcntl.O_CLOEXEC, 0), "open", path);
  }

  /** The number, or −1 after {@link #close}. */
  public int fd() {
    return fd.get();
  }

  /** What was opened. */
  public String object() {
    return object;
  }

  public boolean isOpen() {
    return fd.get() != CLOSED;
  }

  /**
   * Closes once; later calls do nothing. Linux frees the number whatever close(2) answers, so the
   * answer is of no use to anybody.
   */
  @Override
  public void close() {
    int open = fd.getAndSet(CLOSED);
    if (open != CLOSED) {
      var _ = syscalls.close(open);
    }
  }

  @Override
  public String toString() {
    return object + " (fd " + fd.get() + ")";
  }
}
