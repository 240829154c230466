package net.culvert.node.dataplane;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import net.culvert.node.kernel.abi.Poll;
import net.culvert.node.kernel.poll.EventFd;
import net.culvert.node.kernel.poll.Poller;
import net.culvert.node.kernel.sys.FileDescriptor;
import net.culvert.node.kernel.sys.Syscalls;

/** Waits in {@code poll} on an eventfd and on the descriptors that are an agent's input now. */
final class PollIdle implements Idle {

  private final EventFd event;
  private final Poller none;
  private final Poller own;
  private final Poller all;
  private final Supplier<AgentPair.Input> input;

  /**
   * @param own the agent's descriptors
   * @param others those of the agent that it may have to turn as well
   * @param input asked before each wait, on the waiting thread
   */
  PollIdle(
      Syscalls syscalls,
      List<FileDescriptor> own,
      List<FileDescriptor> others,
      Supplier<AgentPair.Input> input) {
    this.event = new EventFd(syscalls);
    this.none = poller(syscalls, List.of());
    this.own = poller(syscalls, own);
    this.all = poller(syscalls, Stream.concat(own.stream(), others.stream()).toList());
    this.input = input;
  }

  private Poller poller(Syscalls syscalls, List<FileDescriptor> descriptors) {
    Poller poller = new Poller(syscalls, descriptors.size() + 1);
    poller.add(event.descriptor(), Poll.POLLIN);
    descriptors.forEach(descriptor -> poller.add(descriptor, Poll.POLLIN));
    return poller;
  }

  @Override
  public void await(long maxNanos) {
    wait(
        switch (input.get()) {
          case NONE -> none;
          case OWN -> own;
          case ALL -> all;
        },
        maxNanos);
  }

  @Override
  public void pause(long maxNanos) {
    wait(none, maxNanos);
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
