package net.culvert.node.kernel.tun;

import static net.culvert.node.kernel.sys.SystemCallException.check;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import net.culvert.api.value.LinkName;
import net.culvert.node.kernel.abi.Socket;
import net.culvert.node.kernel.sys.FileDescriptor;
import net.culvert.node.kernel.sys.Syscalls;
import net.culvert.node.kernel.sys.SystemCallException;

/**
 * A device that is no link: what the kernel's stack would be is the other end of a pair of sockets
 * that keep packets apart (unix(7), {@code SOCK_SEQPACKET}). It needs no privilege.
 *
 * @param device with one queue and the offload header; not to be told {@link TunDevice#readOnly}
 * @param stack the other end, not blocking: a read or write carries one packet with its header
 */
public record PairedTun(TunDevice device, FileDescriptor stack) implements AutoCloseable {

  /**
   * Opens both ends.
   *
   * @param offloads what the device is to say that its reader can take, of {@code TUN_F_*}
   * @throws SystemCallException EMFILE and its like
   */
  public static PairedTun open(Syscalls syscalls, LinkName name, int offloads) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment pair = arena.allocate(ValueLayout.JAVA_INT, 2);
      int type = Socket.SOCK_SEQPACKET | Socket.SOCK_NONBLOCK | Socket.SOCK_CLOEXEC;
      check(
          syscalls.socketpair(Socket.AF_UNIX, type, 0, pair.address()), "socketpair", name.value());
      FileDescriptor near = own(syscalls, pair, 0, name);
      FileDescriptor far = own(syscalls, pair, 1, name);
      TunSpec spec = TunSpec.create(name).withOffloads(true, offloads);
      return new PairedTun(new KernelTunDevice(syscalls, spec, List.of(near)), far);
    }
  }

  private static FileDescriptor own(Syscalls syscalls, MemorySegment pair, int end, LinkName name) {
    int fd = pair.getAtIndex(ValueLayout.JAVA_INT, end);
    return FileDescriptor.own(syscalls, fd, "socketpair", name.value());
  }

  @Override
  public void close() {
    device.close();
    stack.close();
  }
}
