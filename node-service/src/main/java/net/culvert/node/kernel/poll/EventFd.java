package net.culvert.node.kernel.poll;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import net.culvert.node.kernel.abi.Errno;
import net.culvert.node.kernel.abi.EventFdFlags;
import net.culvert.node.kernel.sys.FileDescriptor;
import net.culvert.node.kernel.sys.Syscalls;
import net.culvert.node.kernel.sys.SystemCallException;

/**
 * A counter that a poller can wait for. Any thread signals; one thread waits and clears. Signals
 * that come before the waiter looks are one signal.
 */
public final class EventFd implements AutoCloseable {

  // Shared by all: the number that a signal adds, and a place for the sum, which nobody looks at.
  private static final MemorySegment ONE = Arena.global().allocate(Long.BYTES, Long.BYTES);
  private static final MemorySegment SUM = Arena.global().allocate(Long.BYTES, Long.BYTES);

  static {
    ONE.set(ValueLayout.JAVA_LONG, 0, 1L);
  }

  private final Syscalls syscalls;
  private final FileDescriptor descriptor;

  public EventFd(Syscalls syscalls) {
    this.syscalls = syscalls;
    this.descriptor =
        FileDescriptor.own(
            syscalls,
            syscalls.eventfd(0, EventFdFlags.EFD_CLOEXEC | EventFdFlags.EFD_NONBLOCK),
            "eventfd",
            "event");
  }

  /** What the waiter polls for POLLIN. */
  public FileDescriptor descriptor() {
    return descriptor;
  }

  /**
   * Makes the descriptor readable. After {@link #close} nothing happens. One refusal is tried
   * again: who signals is often stopping something, and would leave it half stopped.
   */
  public void signal() {
    boolean refused = false;
    while (true) {
      long result = syscalls.write(descriptor.fd(), ONE.address(), Long.BYTES);
      // EAGAIN: the counter is full, so it is readable already. EBADF: closed, nobody waits.
      if (result >= 0 || result == -Errno.EAGAIN || result == -Errno.EBADF) {
        return;
      }
      if (result == -Errno.EINTR) {
        continue;
      }
      if (refused) {
        throw new SystemCallException("write", (int) -result, descriptor.object());
      }
      refused = true;
    }
  }

  /** Takes the signals that have come; true if there was one. For the one waiting thread. */
  public boolean clear() {
    while (true) {
      long result = syscalls.read(descriptor.fd(), SUM.address(), Long.BYTES);
      if (result != -Errno.EINTR) {
        return result > 0;
      }
    }
  }

  @Override
  public void close() {
    descriptor.close();
  }
}
