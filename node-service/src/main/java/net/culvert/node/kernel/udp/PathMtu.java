package net.culvert.node.kernel.udp;

import static net.culvert.node.kernel.sys.SystemCallException.check;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import net.culvert.api.value.Family;
import net.culvert.node.kernel.abi.In;
import net.culvert.node.kernel.abi.Socket;
import net.culvert.node.kernel.sys.FileDescriptor;
import net.culvert.node.kernel.sys.Syscalls;
import net.culvert.node.kernel.sys.SystemCallException;

/**
 * What the kernel knows of the way to an address: the egress link's MTU, the route's, or less where
 * a router on the way said so (RFC 1191, RFC 8201). The kernel forgets what routers said after ten
 * minutes.
 */
public final class PathMtu {

  private PathMtu() {}

  /**
   * The largest IP packet that the kernel would send there whole, in bytes. Asks a connected socket
   * ({@code IP_MTU}), which sends nothing; in the calling platform thread's network namespace.
   *
   * @param mark of the datagrams that go there ({@code SO_MARK}), since routes can depend on it; 0
   *     for none
   * @throws SystemCallException ENETUNREACH and its like where no route leads there
   */
  public static int to(Syscalls syscalls, UdpEndpoint remote, int mark) {
    boolean ipv4 = remote.family() == Family.IPV4;
    int domain = ipv4 ? Socket.AF_INET : Socket.AF_INET6;
    int type = Socket.SOCK_DGRAM | Socket.SOCK_CLOEXEC;
    String object = "UDP " + remote;
    try (Arena arena = Arena.ofConfined();
        FileDescriptor socket =
            FileDescriptor.own(syscalls, syscalls.socket(domain, type, 0), "socket", object)) {
      if (mark != 0) {
        DatagramSockets.mark(syscalls, socket, mark);
      }
      MemorySegment address = arena.allocate(In.SockaddrIn6.SIZEOF, 8);
      int length = SocketAddresses.write(address, 0, remote);
      check(syscalls.connect(socket.fd(), address.address(), length), "connect", object);
      MemorySegment value = arena.allocate(ValueLayout.JAVA_INT);
      MemorySegment size = arena.allocate(ValueLayout.JAVA_INT);
      size.set(ValueLayout.JAVA_INT, 0, Integer.BYTES);
      check(
          syscalls.getsockopt(
              socket.fd(),
              ipv4 ? In.IPPROTO_IP : In.IPPROTO_IPV6,
              ipv4 ? In.IP_MTU : In.IPV6_MTU,
              value.address(),
              size.address()),
          "getsockopt IP_MTU",
          object);
      return value.get(ValueLayout.JAVA_INT, 0);
    }
  }
}
