package net.culvert.node.kernel.poll;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import net.culvert.node.kernel.abi.Errno;
import net.culvert.node.kernel.abi.Poll;
import net.culvert.node.kernel.abi.Poll.Pollfd;
import net.culvert.node.kernel.sys.FileDescriptor;
import net.culvert.node.kernel.sys.Syscalls;
import net.culvert.node.kernel.sys.SystemCallException;

/**
 * Waits for a small fixed set of descriptors, which it does not own. For one thread; nothing is
 * allocated after the last {@link #add}.
 */
public final class Poller {

  /** {@code poll} looks at every descriptor at every call: more than this wants another call. */
  public static final int MAX_DESCRIPTORS = 4_096;

  private final Syscalls syscalls;
  private final int capacity;
  private final MemorySegment fds;
  private int count;

  public Poller(Syscalls syscalls, int capacity) {
    if (capacity < 1 || capacity > MAX_DESCRIPTORS) {
      throw new IllegalArgumentException(
          "a poller takes 1 to " + MAX_DESCRIPTORS + " descriptors, not " + capacity);
    }
    this.syscalls = syscalls;
    this.capacity = capacity;
    this.fds = Arena.ofAuto().allocate((long) capacity * Pollfd.SIZEOF, Long.BYTES);
  }

  /**
   * Adds a descriptor and answers its index.
   *
   * @param events of {@link Poll}; POLLERR, POLLHUP and POLLNVAL are always reported
   */
  public int add(FileDescriptor descriptor, int events) {
    if (count == capacity) {
      throw new IllegalStateException("the poller has its " + capacity + " descriptors already");
    }
    int index = count++;
    fds.set(ValueLayout.JAVA_INT, at(index, Pollfd.FD), descriptor.fd());
    setEvents(index, events);
    return index;
  }

  /** Changes what is waited for; 0 leaves errors and hang-ups only. */
  public void setEvents(int index, int events) {
    fds.set(ValueLayout.JAVA_SHORT, at(index, Pollfd.EVENTS), (short) events);
  }

  /**
   * Waits until a descriptor is ready, the time is over or a signal came.
   *
   * @param timeoutMillis 0 only looks, a negative value waits for ever
   * @return how many are ready; 0 also when a signal interrupted the wait
   */
  public int poll(int timeoutMillis) {
    long result;
    try {
      result = syscalls.poll(fds.address(), count, timeoutMillis);
    } finally {
      Reference.reachabilityFence(this);
    }
    if (result >= 0) {
      return (int) result;
    }
    // What the last call left behind must not be read as this call's answer.
    for (int i = 0; i < count; i++) {
      fds.set(ValueLayout.JAVA_SHORT, at(i, Pollfd.REVENTS), (short) 0);
    }
    if (result == -Errno.EINTR) {
      return 0;
    }
    throw new SystemCallException("poll", (int) -result, count + " descriptors");
  }

  /** What the last {@link #poll} found, of {@link Poll}; 0 for nothing. */
  public int ready(int index) {
    return fds.get(ValueLayout.JAVA_SHORT, at(index, Pollfd.REVENTS)) & 0xffff;
  }

  /** Whether a read would not block: data, an error or a hang-up. */
  public boolean isReadable(int index) {
    return (ready(index) & (Poll.POLLIN | Poll.POLLERR | Poll.POLLHUP)) != 0;
  }

  private static long at(int index, int offset) {
    return (long) index * Pollfd.SIZEOF + offset;
  }
}
