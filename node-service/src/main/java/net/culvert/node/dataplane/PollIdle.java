package net.culvert.node.dataplane;

import java.util.List;
import net.culvert.node.kernel.abi.Poll;
import net.culvert.node.kernel.poll.EventFd;
import net.culvert.node.kernel.poll.Poller;
import net.culvert.node.kernel.sys.FileDescriptor;
import net.culvert.node.kernel.sys.Syscalls;

/** Waits in {@code poll} on an agent's descriptors and an eventfd. */
final class PollIdle implements Idle {

  private final EventFd event;
  private final Poller input;
  private final Poller wakeOnly;

  PollIdle(Syscalls syscalls, List<FileDescriptor> descriptors) {
    event = new EventFd(syscalls);
    input = new Poller(syscalls, descriptors.size() + 1);
    wakeOnly = new Poller(syscalls, 1);
    input.add(event.descriptor(), Poll.POLLIN);
    wakeOnly.add(event.descriptor(), Poll.POLLIN);
    descriptors.forEach(descriptor -> input.add(descriptor, Poll.POLLIN));
  }

  @Override
  public void await(long maxNanos) {
    wait(input, maxNanos);
  }

  @Override
  public void pause(long maxNanos) {
    wait(wakeOnly, maxNanos);
  }

  private void wait(Poller poller, long maxNanos) {
    int millis = (int) Math.min(60_000, (maxNanos + 999_999) / 1_000_000);
    if (poller.poll(millis) > 0 && poller.isReadable(0)) {
      event.clear();
    }
  }

  @Override
  public void wake() {
    event.signal();
  }

  @Override
  public void close() {
    event.close();
  }
}
