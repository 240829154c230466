package net.culvert.node.kernel.udp;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import net.culvert.api.value.Family;
import net.culvert.api.value.ListenAddress;
import net.culvert.node.kernel.abi.Errno;
import net.culvert.node.kernel.abi.Fcntl;
import net.culvert.node.kernel.abi.Poll;
import net.culvert.node.kernel.abi.Poll.Pollfd;
import net.culvert.node.kernel.sys.FileDescriptor;
import net.culvert.node.kernel.sys.Syscalls;
import net.culvert.node.kernel.sys.SystemCallException;

/** A UDP socket of the kernel: {@code recvmmsg}, {@code sendmmsg}, and ancillary data each way. */
final class KernelDatagramSocket implements SocketSlot {

  private final Syscalls syscalls;
  private final FileDescriptor descriptor;
  private final DatagramSocketSpec spec;
  private final boolean receivesTrains;
  private final BufferSizes bufferSizes;
  private final Arena arena = Arena.ofShared();
  private final ReceiveMessages receive;
  private final SendMessages send;
  private final MemorySegment pollfd;
  private volatile ListenAddress local;

  KernelDatagramSocket(
      Syscalls syscalls,
      FileDescriptor descriptor,
      DatagramSocketSpec spec,
      boolean receivesTrains,
      BufferSizes bufferSizes) {
    this.syscalls = syscalls;
    this.descriptor = descriptor;
    this.spec = spec;
    this.local = spec.listen();
    this.receivesTrains = receivesTrains;
    this.bufferSizes = bufferSizes;
    this.receive =
        new ReceiveMessages(arena, spec.listen().family() == Family.IPV4, spec.receiveLinks());
    this.send = new SendMessages(arena);
    this.pollfd = arena.allocate(Pollfd.SIZEOF, 8);
  }

  @Override
  public ListenAddress local() {
    return local;
  }

  @Override
  public int receive(ReceiveBatch batch) {
    return receive.receive(syscalls, descriptor.fd(), batch);
  }

  @Override
  public int send(SendBatch batch, int first) {
    return send.send(syscalls, descriptor.fd(), batch, first);
  }

  @Override
  public boolean awaitSendable(int timeoutMillis) {
    pollfd.set(ValueLayout.JAVA_INT, Pollfd.FD, descriptor.fd());
    pollfd.set(ValueLayout.JAVA_SHORT, Pollfd.EVENTS, (short) Poll.POLLOUT);
    pollfd.set(ValueLayout.JAVA_SHORT, Pollfd.REVENTS, (short) 0);
    long ready = syscalls.poll(pollfd.address(), 1, timeoutMillis);
    return ready > 0 || ready == -Errno.EINTR;
  }

  @Override
  public FileDescriptor descriptor() {
    return descriptor;
  }

  @Override
  public boolean receivesTrains() {
    return receivesTrains;
  }

  @Override
  public BufferSizes bufferSizes() {
    return bufferSizes;
  }

  @Override
  public long receiveQueueDrops() {
    return receive.queueDrops();
  }

  @Override
  public void put(DatagramBatchSocket bound) {
    FileDescriptor theirs = bound.descriptor();
    if (theirs == null || bound.family() != family()) {
      throw new IllegalArgumentException(bound + " does not fit into the place of " + this);
    }
    SystemCallException.check(
        syscalls.dup3(theirs.fd(), descriptor.fd(), Fcntl.O_CLOEXEC), "dup3", theirs.object());
    local = bound.local();
    bound.close();
  }

  @Override
  public void empty() {
    put(DatagramSockets.openUnbound(syscalls, spec));
  }

  @Override
  public void mark(int mark) {
    DatagramSockets.mark(syscalls, descriptor, mark);
  }

  @Override
  public void close() {
    if (descriptor.isOpen()) {
      descriptor.close();
      arena.close();
    }
  }

  @Override
  public String toString() {
    return "UDP " + local + " (fd " + descriptor.fd() + ")";
  }
}
