package net.culvert.node.kernel.netlink;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.ArrayBlockingQueue;
import net.culvert.node.kernel.abi.Errno;
import net.culvert.node.kernel.abi.Netlink;
import net.culvert.node.kernel.abi.Netlink.Nlmsghdr;
import net.culvert.node.kernel.abi.Netlink.SockaddrNl;
import net.culvert.node.kernel.abi.Socket;
import net.culvert.node.kernel.abi.Socket.Msghdr;
import net.culvert.node.kernel.abi.Uio.Iovec;
import net.culvert.node.kernel.sys.FileDescriptor;
import net.culvert.node.kernel.sys.Syscalls;
import net.culvert.node.kernel.sys.SystemCallException;

/** The system calls of a netlink socket: open, options, send, receive. No thread safety. */
final class NetlinkChannel implements AutoCloseable {

  /** Most bytes of one send. */
  static final int SEND_BYTES = 32 << 10;

  /** The kernel builds dumps in pieces of 32 KiB, and a link with many functions may be longer. */
  static final int RECEIVE_BYTES = 64 << 10;

  private static final int MAX_INTERRUPTS = 100;

  private static final long TIMEVAL_BYTES = 16;

  private final Syscalls syscalls;
  private final FileDescriptor descriptor;
  private final boolean blocking;

  private NetlinkChannel(Syscalls syscalls, FileDescriptor descriptor, boolean blocking) {
    this.syscalls = syscalls;
    this.descriptor = descriptor;
    this.blocking = blocking;
  }

  /**
   * Opens a socket in the calling thread's namespace and gives it an address of its own.
   *
   * @param flags SOCK_NONBLOCK or 0
   */
  static NetlinkChannel open(Syscalls syscalls, int protocol, int flags) {
    FileDescriptor descriptor =
        FileDescriptor.own(
            syscalls,
            syscalls.socket(
                Socket.AF_NETLINK, Socket.SOCK_RAW | Socket.SOCK_CLOEXEC | flags, protocol),
            "socket",
            "netlink");
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment address = arena.allocate(SockaddrNl.SIZEOF, Integer.BYTES);
      address.set(ValueLayout.JAVA_SHORT, SockaddrNl.NL_FAMILY, (short) Socket.AF_NETLINK);
      SystemCallException.check(
          syscalls.bind(descriptor.fd(), address.address(), SockaddrNl.SIZEOF), "bind", "netlink");
      return new NetlinkChannel(syscalls, descriptor, flags == 0);
    } catch (RuntimeException e) {
      descriptor.close();
      throw e;
    }
  }

  FileDescriptor descriptor() {
    return descriptor;
  }

  void receiveTimeout(int millis) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment time = arena.allocate(TIMEVAL_BYTES, Long.BYTES);
      time.set(ValueLayout.JAVA_LONG, 0, millis / 1000);
      time.set(ValueLayout.JAVA_LONG, Long.BYTES, millis % 1000 * 1000L);
      SystemCallException.check(
          syscalls.setsockopt(
              descriptor.fd(),
              Socket.SOL_SOCKET,
              Socket.SO_RCVTIMEO,
              time.address(),
              (int) TIMEVAL_BYTES),
          "setsockopt SO_RCVTIMEO",
          "netlink");
    }
  }

  /**
   * Asks for a receive buffer beyond the system's limit, and for the limit where that is refused.
   */
  void receiveBuffer(int bytes) {
    if (set(Socket.SOL_SOCKET, Socket.SO_RCVBUFFORCE, bytes) < 0) {
      SystemCallException.check(
          set(Socket.SOL_SOCKET, Socket.SO_RCVBUF, bytes), "setsockopt SO_RCVBUF", "netlink");
    }
  }

  /** Sets an option of level SOL_NETLINK if the kernel knows it. */
  void tryOption(int option, int value) {
    long result = set(Socket.SOL_NETLINK, option, value);
    if (result < 0 && result != -Errno.ENOPROTOOPT && result != -Errno.EINVAL) {
      throw new SystemCallException("setsockopt", (int) -result, "netlink option " + option);
    }
  }

  /** Joins a multicast group. */
  void join(int group) {
    SystemCallException.check(
        set(Socket.SOL_NETLINK, Netlink.NETLINK_ADD_MEMBERSHIP, group),
        "setsockopt NETLINK_ADD_MEMBERSHIP",
        "netlink group " + group);
  }

  private long set(int level, int option, int value) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocateFrom(ValueLayout.JAVA_INT, value);
      return syscalls.setsockopt(descriptor.fd(), level, option, memory.address(), Integer.BYTES);
    }
  }

  /** Sends what was appended, as one datagram to the kernel. */
  void send(Buffers buffers) {
    long result = -Errno.EINTR;
    for (int i = 0; i < MAX_INTERRUPTS && result == -Errno.EINTR; i++) {
      result = syscalls.send(descriptor.fd(), buffers.out.address(), buffers.outBytes, 0);
    }
    SystemCallException.check(result, "send", "netlink");
  }

  /**
   * Receives one datagram into the buffers.
   *
   * @return false for a datagram that did not come from the kernel
   * @throws SystemCallException ETIMEDOUT after the receive timeout, EAGAIN where a socket that
   *     does not block has nothing, ENOBUFS where messages were lost
   */
  boolean receive(Buffers buffers) {
    long result = -Errno.EINTR;
    for (int i = 0; i < MAX_INTERRUPTS && result == -Errno.EINTR; i++) {
      buffers.prepareReceive();
      result = syscalls.recvmsg(descriptor.fd(), buffers.message.address(), 0);
    }
    if (blocking && result == -Errno.EAGAIN) {
      result = -Errno.ETIMEDOUT;
    }
    SystemCallException.check(result, "recvmsg", "netlink");
    buffers.inBytes = (int) result;
    if ((buffers.message.get(ValueLayout.JAVA_INT, Msghdr.MSG_FLAGS) & Socket.MSG_TRUNC) != 0) {
      throw new SystemCallException(
          "recvmsg", Errno.EMSGSIZE, "netlink: a datagram over " + RECEIVE_BYTES + " bytes");
    }
    // Another process may send to this socket; only the kernel has port 0.
    return buffers.sender.get(ValueLayout.JAVA_INT, SockaddrNl.NL_PID) == 0;
  }

  @Override
  public void close() {
    descriptor.close();
  }

  /**
   * Off-heap memory for one conversation. A node has two sockets in each of its namespaces, so the
   * memory is not theirs: whoever converses takes some, and gives it back.
   */
  static final class Buffers {
    /** As many as may be in use at a time on most nodes; beyond them new ones are made. */
    private static final int MAX_KEPT = 4;

    private static final ArrayBlockingQueue<Buffers> KEPT = new ArrayBlockingQueue<>(MAX_KEPT);

    private final MemorySegment out;
    private final MemorySegment in;
    private final MemorySegment sender;
    private final MemorySegment message;
    private final ByteBuffer outView;
    private int outBytes;
    private int inBytes;

    /**
     * Those that somebody gave back, or new ones; nobody else has them until they are given back.
     */
    static Buffers take() {
      Buffers kept = KEPT.poll();
      return kept == null ? new Buffers() : kept;
    }

    void giveBack() {
      // Where there are enough of them, the collector frees these.
      boolean _ = KEPT.offer(this);
    }

    private Buffers() {
      Arena arena = Arena.ofAuto();
      out = arena.allocate(SEND_BYTES, Long.BYTES);
      in = arena.allocate(RECEIVE_BYTES, Long.BYTES);
      sender = arena.allocate(SockaddrNl.SIZEOF, Integer.BYTES);
      outView = out.asByteBuffer().order(ByteOrder.nativeOrder());
      MemorySegment pieces = arena.allocate(Iovec.SIZEOF, Long.BYTES);
      pieces.set(ValueLayout.JAVA_LONG, Iovec.IOV_BASE, in.address());
      pieces.set(ValueLayout.JAVA_LONG, Iovec.IOV_LEN, RECEIVE_BYTES);
      message = arena.allocate(Msghdr.SIZEOF, Long.BYTES);
      message.set(ValueLayout.JAVA_LONG, Msghdr.MSG_NAME, sender.address());
      message.set(ValueLayout.JAVA_LONG, Msghdr.MSG_IOV, pieces.address());
      message.set(ValueLayout.JAVA_LONG, Msghdr.MSG_IOVLEN, 1L);
    }

    void clear() {
      outBytes = 0;
    }

    /**
     * Appends a request if there is room.
     *
     * @throws IllegalArgumentException where it would not fit alone
     */
    boolean append(NetlinkRequest request, int flags, int sequence) {
      int length = Nlmsghdr.SIZEOF + request.bodyBytes();
      if (length > SEND_BYTES) {
        throw new IllegalArgumentException(request + ": " + length + " bytes in one message");
      }
      if (length > out.byteSize() - outBytes) {
        return false;
      }
      outView.putInt(outBytes + Nlmsghdr.NLMSG_LEN, length);
      outView.putShort(outBytes + Nlmsghdr.NLMSG_TYPE, (short) request.type());
      outView.putShort(outBytes + Nlmsghdr.NLMSG_FLAGS, (short) (request.flags() | flags));
      outView.putInt(outBytes + Nlmsghdr.NLMSG_SEQ, sequence);
      outView.putInt(outBytes + Nlmsghdr.NLMSG_PID, 0);
      ByteBuffer body = request.body();
      outView.put(outBytes + Nlmsghdr.SIZEOF, body, 0, body.limit());
      outBytes += NetlinkRequest.align(length);
      return true;
    }

    private void prepareReceive() {
      message.set(ValueLayout.JAVA_INT, Msghdr.MSG_NAMELEN, SockaddrNl.SIZEOF);
      message.set(ValueLayout.JAVA_INT, Msghdr.MSG_FLAGS, 0);
    }

    /** What the last receive brought. */
    ByteBuffer received() {
      return in.asSlice(0, inBytes).asByteBuffer();
    }
  }
}
