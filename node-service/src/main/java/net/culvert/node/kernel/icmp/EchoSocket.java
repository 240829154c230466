package net.culvert.node.kernel.icmp;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;
import net.culvert.api.value.Family;
import net.culvert.api.value.IpAddress;
import net.culvert.node.kernel.abi.Errno;
import net.culvert.node.kernel.abi.Icmp;
import net.culvert.node.kernel.abi.Icmpv6;
import net.culvert.node.kernel.abi.In;
import net.culvert.node.kernel.abi.In.SockaddrIn;
import net.culvert.node.kernel.abi.In.SockaddrIn6;
import net.culvert.node.kernel.abi.Socket;
import net.culvert.node.kernel.abi.Socket.Cmsghdr;
import net.culvert.node.kernel.abi.Socket.Msghdr;
import net.culvert.node.kernel.abi.Uio.Iovec;
import net.culvert.node.kernel.sys.FileDescriptor;
import net.culvert.node.kernel.sys.Syscalls;
import net.culvert.node.kernel.sys.SystemCallException;
import org.jspecify.annotations.Nullable;

/**
 * A raw ICMP or ICMPv6 socket that never blocks, and its memory. Opened in the calling thread's
 * namespace; used by one thread.
 */
final class EchoSocket implements AutoCloseable {

  /** The longest IPv4 header, an ICMP header, and an offending packet behind it. */
  private static final int EXTRA_BYTES = 1500;

  private static final int CONTROL_BYTES = 256;

  private final Syscalls syscalls;
  private final Family family;
  private final FileDescriptor descriptor;
  private final Arena arena;
  private final MemorySegment out;
  private final MemorySegment in;
  private final MemorySegment destination;
  private final MemorySegment sender;
  private final MemorySegment control;
  private final MemorySegment outMessage;
  private final MemorySegment inMessage;
  private final MemorySegment outPiece;

  /** Opens the socket; EPERM without CAP_NET_RAW. */
  static FileDescriptor open(Syscalls syscalls, Family family) {
    boolean ipv4 = family == Family.IPV4;
    int type = Socket.SOCK_RAW | Socket.SOCK_CLOEXEC | Socket.SOCK_NONBLOCK;
    return FileDescriptor.own(
        syscalls,
        syscalls.socket(
            ipv4 ? Socket.AF_INET : Socket.AF_INET6,
            type,
            ipv4 ? In.IPPROTO_ICMP : In.IPPROTO_ICMPV6),
        "socket",
        ipv4 ? "raw ICMP" : "raw ICMPv6");
  }

  /** Takes over the descriptor. */
  EchoSocket(Syscalls syscalls, FileDescriptor descriptor, Echo echo) {
    this.syscalls = syscalls;
    this.family = echo.destination().family();
    this.descriptor = descriptor;
    this.arena = Arena.ofConfined();
    long capacity = (long) EchoMessages.HEADER_BYTES + echo.payloadBytes();
    this.out = arena.allocate(capacity, Long.BYTES);
    this.in = arena.allocate(capacity + EXTRA_BYTES, Long.BYTES);
    this.destination = arena.allocate(SockaddrIn6.SIZEOF, Integer.BYTES);
    this.sender = arena.allocate(SockaddrIn6.SIZEOF, Integer.BYTES);
    this.control = arena.allocate(CONTROL_BYTES, Long.BYTES);
    this.outPiece = piece(out);
    this.outMessage = message(destination, outPiece);
    this.inMessage = message(sender, piece(in));
    try {
      address(echo);
      options(echo);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private MemorySegment piece(MemorySegment memory) {
    MemorySegment piece = arena.allocate(Iovec.SIZEOF, Long.BYTES);
    piece.set(ValueLayout.JAVA_LONG, Iovec.IOV_BASE, memory.address());
    piece.set(ValueLayout.JAVA_LONG, Iovec.IOV_LEN, memory.byteSize());
    return piece;
  }

  private MemorySegment message(MemorySegment name, MemorySegment piece) {
    MemorySegment message = arena.allocate(Msghdr.SIZEOF, Long.BYTES);
    message.set(ValueLayout.JAVA_LONG, Msghdr.MSG_NAME, name.address());
    message.set(ValueLayout.JAVA_LONG, Msghdr.MSG_IOV, piece.address());
    message.set(ValueLayout.JAVA_LONG, Msghdr.MSG_IOVLEN, 1L);
    return message;
  }

  private void address(Echo echo) {
    byte[] bytes = echo.destination().toBytes();
    if (family == Family.IPV4) {
      destination.set(ValueLayout.JAVA_SHORT, SockaddrIn.SIN_FAMILY, (short) Socket.AF_INET);
      MemorySegment.copy(
          bytes, 0, destination, ValueLayout.JAVA_BYTE, SockaddrIn.SIN_ADDR, bytes.length);
      outMessage.set(ValueLayout.JAVA_INT, Msghdr.MSG_NAMELEN, SockaddrIn.SIZEOF);
    } else {
      destination.set(ValueLayout.JAVA_SHORT, SockaddrIn6.SIN6_FAMILY, (short) Socket.AF_INET6);
      MemorySegment.copy(
          bytes, 0, destination, ValueLayout.JAVA_BYTE, SockaddrIn6.SIN6_ADDR, bytes.length);
      destination.set(ValueLayout.JAVA_INT, SockaddrIn6.SIN6_SCOPE_ID, echo.link());
      outMessage.set(ValueLayout.JAVA_INT, Msghdr.MSG_NAMELEN, SockaddrIn6.SIZEOF);
    }
  }

  private void options(Echo echo) {
    if (family == Family.IPV4) {
      int delivered =
          1 << Icmp.ICMP_ECHOREPLY
              | 1 << Icmp.ICMP_DEST_UNREACH
              | 1 << Icmp.ICMP_TIME_EXCEEDED
              | 1 << Icmp.ICMP_PARAMETERPROB;
      set(Socket.SOL_RAW, Icmp.ICMP_FILTER, "ICMP_FILTER", ~delivered);
      if (echo.ttl() != null) {
        set(In.IPPROTO_IP, In.IP_TTL, "IP_TTL", echo.ttl());
      }
    } else {
      int[] blocked = new int[256 / Integer.SIZE];
      Arrays.fill(blocked, -1);
      for (int type :
          new int[] {
            Icmpv6.ICMPV6_ECHO_REPLY,
            Icmpv6.ICMPV6_DEST_UNREACH,
            Icmpv6.ICMPV6_PKT_TOOBIG,
            Icmpv6.ICMPV6_TIME_EXCEED,
            Icmpv6.ICMPV6_PARAMPROB
          }) {
        blocked[type / Integer.SIZE] &= ~(1 << type % Integer.SIZE);
      }
      set(In.IPPROTO_ICMPV6, Icmpv6.ICMPV6_FILTER, "ICMPV6_FILTER", blocked);
      set(In.IPPROTO_IPV6, In.IPV6_RECVHOPLIMIT, "IPV6_RECVHOPLIMIT", 1);
      if (echo.ttl() != null) {
        set(In.IPPROTO_IPV6, In.IPV6_UNICAST_HOPS, "IPV6_UNICAST_HOPS", echo.ttl());
      }
    }
  }

  private void set(int level, int option, String name, int... value) {
    MemorySegment memory = arena.allocateFrom(ValueLayout.JAVA_INT, value);
    SystemCallException.check(
        syscalls.setsockopt(
            descriptor.fd(), level, option, memory.address(), (int) memory.byteSize()),
        "setsockopt " + name,
        descriptor.object());
  }

  FileDescriptor descriptor() {
    return descriptor;
  }

  /** Where a request is written; big-endian. */
  ByteBuffer outgoing() {
    return out.asByteBuffer();
  }

  /** Sends so many bytes of {@link #outgoing}; answers as sendmsg(2). */
  long send(int length) {
    outPiece.set(ValueLayout.JAVA_LONG, Iovec.IOV_LEN, length);
    return syscalls.sendmsg(descriptor.fd(), outMessage.address(), 0);
  }

  /** The next message, big-endian from position 0 to the limit; null when there is none. */
  @Nullable ByteBuffer receive() {
    inMessage.set(ValueLayout.JAVA_INT, Msghdr.MSG_NAMELEN, (int) sender.byteSize());
    inMessage.set(ValueLayout.JAVA_LONG, Msghdr.MSG_CONTROL, control.address());
    inMessage.set(ValueLayout.JAVA_LONG, Msghdr.MSG_CONTROLLEN, control.byteSize());
    long result = syscalls.recvmsg(descriptor.fd(), inMessage.address(), 0);
    if (result == -Errno.EAGAIN || result == -Errno.EINTR) {
      return null;
    }
    SystemCallException.check(result, "recvmsg", descriptor.object());
    return in.asSlice(0, result).asByteBuffer();
  }

  /** Who sent what {@link #receive} answered last. */
  IpAddress sender() {
    int at = family == Family.IPV4 ? SockaddrIn.SIN_ADDR : SockaddrIn6.SIN6_ADDR;
    return IpAddress.of(sender.asSlice(at, family.bytes()).toArray(ValueLayout.JAVA_BYTE));
  }

  /** The hop limit of what {@link #receive} answered last, or 0 where the kernel did not tell. */
  int hopLimit() {
    long length = inMessage.get(ValueLayout.JAVA_LONG, Msghdr.MSG_CONTROLLEN);
    long at = 0;
    while (at + Cmsghdr.SIZEOF + Integer.BYTES <= length) {
      long bytes = control.get(ValueLayout.JAVA_LONG, at + Cmsghdr.CMSG_LEN);
      if (control.get(ValueLayout.JAVA_INT, at + Cmsghdr.CMSG_LEVEL) == In.IPPROTO_IPV6
          && control.get(ValueLayout.JAVA_INT, at + Cmsghdr.CMSG_TYPE) == In.IPV6_HOPLIMIT) {
        return control.get(ValueLayout.JAVA_INT, at + Cmsghdr.SIZEOF);
      }
      at += Math.max(Cmsghdr.SIZEOF, (bytes + Long.BYTES - 1) & -Long.BYTES);
    }
    return 0;
  }

  @Override
  public void close() {
    descriptor.close();
    arena.close();
  }
}
