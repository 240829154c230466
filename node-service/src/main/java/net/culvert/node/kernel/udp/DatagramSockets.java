package net.culvert.node.kernel.udp;

import static net.culvert.node.kernel.sys.SystemCallException.check;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import net.culvert.api.value.Family;
import net.culvert.api.value.ListenAddress;
import net.culvert.node.kernel.abi.In;
import net.culvert.node.kernel.abi.Socket;
import net.culvert.node.kernel.abi.Udp;
import net.culvert.node.kernel.sys.FileDescriptor;
import net.culvert.node.kernel.sys.Syscalls;
import net.culvert.node.kernel.sys.SystemCallException;

/** Opens UDP sockets in the network namespace of the calling platform thread. */
public final class DatagramSockets {

  private DatagramSockets() {}

  /**
   * Opens and binds a socket; any thread may use it afterwards.
   *
   * @throws SystemCallException if it cannot be opened or bound; buffers smaller than wished and a
   *     refused {@code UDP_GRO} are no failure but shown by the socket
   */
  public static DatagramBatchSocket open(Syscalls syscalls, DatagramSocketSpec spec) {
    return open(syscalls, spec, true);
  }

  /**
   * Opens a place for sockets, with one that is bound to nothing.
   *
   * @param spec of those that are to come; of the first the address is without meaning
   * @throws SystemCallException EAFNOSUPPORT where the kernel has no such family
   */
  public static SocketSlot openSlot(Syscalls syscalls, DatagramSocketSpec spec) {
    return open(syscalls, spec, false);
  }

  static DatagramBatchSocket openUnbound(Syscalls syscalls, DatagramSocketSpec spec) {
    return open(syscalls, spec, false);
  }

  static void mark(Syscalls syscalls, FileDescriptor descriptor, int mark) {
    try (Arena arena = Arena.ofConfined()) {
      new Options(syscalls, descriptor, arena).require(Socket.SOL_SOCKET, Socket.SO_MARK, mark);
    }
  }

  private static KernelDatagramSocket open(
      Syscalls syscalls, DatagramSocketSpec spec, boolean bind) {
    ListenAddress listen = spec.listen();
    boolean ipv4 = listen.family() == Family.IPV4;
    String object = "UDP " + listen;
    int domain = ipv4 ? Socket.AF_INET : Socket.AF_INET6;
    int type = Socket.SOCK_DGRAM | Socket.SOCK_CLOEXEC | Socket.SOCK_NONBLOCK;
    FileDescriptor descriptor =
        FileDescriptor.own(syscalls, syscalls.socket(domain, type, 0), "socket", object);
    try (Arena arena = Arena.ofConfined()) {
      Options options = new Options(syscalls, descriptor, arena);
      if (ipv4) {
        // WANT: DF on what fits, local fragments of what does not, and the path's MTU is learned.
        options.require(In.IPPROTO_IP, In.IP_MTU_DISCOVER, In.IP_PMTUDISC_WANT);
        options.require(In.IPPROTO_IP, In.IP_PKTINFO, 1);
      } else {
        options.require(In.IPPROTO_IPV6, In.IPV6_V6ONLY, 1);
        options.require(In.IPPROTO_IPV6, In.IPV6_MTU_DISCOVER, In.IP_PMTUDISC_WANT);
        options.require(In.IPPROTO_IPV6, In.IPV6_RECVPKTINFO, 1);
      }
      if (spec.reusePort()) {
        options.require(Socket.SOL_SOCKET, Socket.SO_REUSEPORT, 1);
      }
      if (spec.mark() != 0) {
        options.require(Socket.SOL_SOCKET, Socket.SO_MARK, spec.mark());
      }
      options.wish(Socket.SOL_SOCKET, Socket.SO_RXQ_OVFL, 1);
      boolean trains = spec.receiveTrains() && options.wish(In.IPPROTO_UDP, Udp.UDP_GRO, 1) == 0;
      int receive =
          options.buffer(spec.receiveBufferBytes(), Socket.SO_RCVBUFFORCE, Socket.SO_RCVBUF);
      int send = options.buffer(spec.sendBufferBytes(), Socket.SO_SNDBUFFORCE, Socket.SO_SNDBUF);
      if (bind) {
        MemorySegment address = arena.allocate(In.SockaddrIn6.SIZEOF, 8);
        int length =
            SocketAddresses.write(address, 0, new UdpEndpoint(listen.address(), listen.port()));
        check(syscalls.bind(descriptor.fd(), address.address(), length), "bind", object);
      }
      return new KernelDatagramSocket(
          syscalls,
          descriptor,
          spec,
          trains,
          new DatagramBatchSocket.BufferSizes(
              spec.receiveBufferBytes(), receive, spec.sendBufferBytes(), send));
    } catch (Throwable e) {
      descriptor.close();
      throw e;
    }
  }

  /** Options whose value is an int. */
  private record Options(Syscalls syscalls, FileDescriptor descriptor, Arena arena) {

    long wish(int level, int option, int value) {
      MemorySegment number = arena.allocate(ValueLayout.JAVA_INT);
      number.set(ValueLayout.JAVA_INT, 0, value);
      return syscalls.setsockopt(descriptor.fd(), level, option, number.address(), Integer.BYTES);
    }

    void require(int level, int option, int value) {
      check(wish(level, option, value), "setsockopt", descriptor.object());
    }

    /** Tries to pass over the administrator's limit, then below it; answers what it became. */
    int buffer(int bytes, int forced, int plain) {
      if (wish(Socket.SOL_SOCKET, forced, bytes) != 0) {
        wish(Socket.SOL_SOCKET, plain, bytes);
      }
      MemorySegment number = arena.allocate(ValueLayout.JAVA_INT);
      MemorySegment length = arena.allocate(ValueLayout.JAVA_INT);
      length.set(ValueLayout.JAVA_INT, 0, Integer.BYTES);
      check(
          syscalls.getsockopt(
              descriptor.fd(), Socket.SOL_SOCKET, plain, number.address(), length.address()),
          "getsockopt",
          descriptor.object());
      return number.get(ValueLayout.JAVA_INT, 0);
    }
  }
}
