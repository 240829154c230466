package net.culvert.node.kernel.udp;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicLong;
import net.culvert.api.value.Family;
import net.culvert.node.kernel.abi.Errno;
import net.culvert.node.kernel.abi.In;
import net.culvert.node.kernel.abi.In.In6Pktinfo;
import net.culvert.node.kernel.abi.In.InPktinfo;
import net.culvert.node.kernel.abi.In.SockaddrIn;
import net.culvert.node.kernel.abi.In.SockaddrIn6;
import net.culvert.node.kernel.abi.Socket;
import net.culvert.node.kernel.abi.Socket.Cmsghdr;
import net.culvert.node.kernel.abi.Socket.Mmsghdr;
import net.culvert.node.kernel.abi.Socket.Msghdr;
import net.culvert.node.kernel.abi.Udp;
import net.culvert.node.kernel.abi.Uio.Iovec;
import net.culvert.node.kernel.sys.Syscalls;
import net.culvert.node.packet.Bytes;

/**
 * The structures of {@code recvmmsg}: for each message a header, one piece of the batch's memory, a
 * name and room for ancillary data. For the receiving thread.
 */
final class ReceiveMessages {

  /** Most messages of one call. */
  private static final int MAX_MESSAGES = 64;

  /** Room for pktinfo (40), the segment size (24) and the drop count (24). */
  private static final int CONTROL_BYTES = 128;

  private static final int NAME_BYTES = 32;

  private final boolean ipv4;
  private final boolean links;
  private final MemorySegment headers;
  private final MemorySegment pieces;
  private final MemorySegment names;
  private final MemorySegment controls;
  private final AtomicLong queueDrops = new AtomicLong();
  private long preparedFor;
  private int lastDropCount;

  /**
   * @param links whether the batch is told by which link a message came in
   */
  ReceiveMessages(Arena arena, boolean ipv4, boolean links) {
    this.ipv4 = ipv4;
    this.links = links;
    headers = arena.allocate((long) MAX_MESSAGES * Mmsghdr.SIZEOF, 64);
    pieces = arena.allocate((long) MAX_MESSAGES * Iovec.SIZEOF, 64);
    names = arena.allocate((long) MAX_MESSAGES * NAME_BYTES, 64);
    controls = arena.allocate((long) MAX_MESSAGES * CONTROL_BYTES, 64);
    for (int i = 0; i < MAX_MESSAGES; i++) {
      long header = (long) i * Mmsghdr.SIZEOF;
      headers.set(
          ValueLayout.JAVA_LONG, header + Msghdr.MSG_NAME, names.address() + (long) i * NAME_BYTES);
      headers.set(
          ValueLayout.JAVA_LONG,
          header + Msghdr.MSG_IOV,
          pieces.address() + (long) i * Iovec.SIZEOF);
      headers.set(ValueLayout.JAVA_LONG, header + Msghdr.MSG_IOVLEN, 1L);
      headers.set(
          ValueLayout.JAVA_LONG,
          header + Msghdr.MSG_CONTROL,
          controls.address() + (long) i * CONTROL_BYTES);
      rearm(i);
    }
  }

  /** What the kernel overwrites in each message it fills. */
  private void rearm(int message) {
    long header = (long) message * Mmsghdr.SIZEOF;
    headers.set(ValueLayout.JAVA_INT, header + Msghdr.MSG_NAMELEN, NAME_BYTES);
    headers.set(ValueLayout.JAVA_LONG, header + Msghdr.MSG_CONTROLLEN, (long) CONTROL_BYTES);
    headers.set(ValueLayout.JAVA_INT, header + Msghdr.MSG_FLAGS, 0);
  }

  private void pointTo(ReceiveBatch batch) {
    long memory = batch.memory().address();
    if (preparedFor == memory) {
      return;
    }
    preparedFor = memory;
    for (int i = 0; i < Math.min(MAX_MESSAGES, batch.capacity()); i++) {
      long piece = (long) i * Iovec.SIZEOF;
      pieces.set(ValueLayout.JAVA_LONG, piece + Iovec.IOV_BASE, memory + batch.offset(i));
      pieces.set(ValueLayout.JAVA_LONG, piece + Iovec.IOV_LEN, (long) ReceiveBatch.SLOT_BYTES);
    }
  }

  int receive(Syscalls syscalls, int fd, ReceiveBatch batch) {
    batch.clear();
    pointTo(batch);
    int most = Math.min(MAX_MESSAGES, batch.capacity());
    long received = syscalls.recvmmsg(fd, headers.address(), most, Socket.MSG_DONTWAIT);
    if (received < 0) {
      return received == -Errno.EAGAIN || received == -Errno.EINTR ? 0 : (int) received;
    }
    for (int i = 0; i < received; i++) {
      long header = (long) i * Mmsghdr.SIZEOF;
      int length = headers.get(ValueLayout.JAVA_INT, header + Mmsghdr.MSG_LEN);
      int flags = headers.get(ValueLayout.JAVA_INT, header + Msghdr.MSG_FLAGS);
      batch.append(length, length, (flags & Socket.MSG_TRUNC) != 0);
      readName(batch, (long) i * NAME_BYTES);
      int control = (int) headers.get(ValueLayout.JAVA_LONG, header + Msghdr.MSG_CONTROLLEN);
      readControl(batch, (long) i * CONTROL_BYTES, control);
      rearm(i);
    }
    return (int) received;
  }

  private void readName(ReceiveBatch batch, long name) {
    if (ipv4) {
      batch.setSource(
          Family.IPV4,
          0,
          Bytes.u32(names, name + SockaddrIn.SIN_ADDR),
          Bytes.u16(names, name + SockaddrIn.SIN_PORT),
          0);
    } else {
      batch.setSource(
          Family.IPV6,
          Bytes.i64(names, name + SockaddrIn6.SIN6_ADDR),
          Bytes.i64(names, name + SockaddrIn6.SIN6_ADDR + 8),
          Bytes.u16(names, name + SockaddrIn6.SIN6_PORT),
          names.get(ValueLayout.JAVA_INT, name + SockaddrIn6.SIN6_SCOPE_ID));
    }
  }

  private void readControl(ReceiveBatch batch, long control, int length) {
    int at = 0;
    while (at + Cmsghdr.SIZEOF <= length) {
      long header = control + at;
      int bytes = (int) controls.get(ValueLayout.JAVA_LONG, header + Cmsghdr.CMSG_LEN);
      if (bytes < Cmsghdr.SIZEOF || at + bytes > length) {
        return;
      }
      int level = controls.get(ValueLayout.JAVA_INT, header + Cmsghdr.CMSG_LEVEL);
      int type = controls.get(ValueLayout.JAVA_INT, header + Cmsghdr.CMSG_TYPE);
      readControl(batch, level, type, header + Cmsghdr.SIZEOF);
      at += (bytes + 7) & ~7;
    }
  }

  private void readControl(ReceiveBatch batch, int level, int type, long data) {
    if (level == In.IPPROTO_UDP && type == Udp.UDP_GRO) {
      batch.setDatagramBytes(controls.get(ValueLayout.JAVA_INT, data));
    } else if (level == In.IPPROTO_IP && type == In.IP_PKTINFO) {
      batch.setLocal(0, Bytes.u32(controls, data + InPktinfo.IPI_ADDR));
      if (links) {
        batch.setLocalLink(controls.get(ValueLayout.JAVA_INT, data + InPktinfo.IPI_IFINDEX));
      }
    } else if (level == In.IPPROTO_IPV6 && type == In.IPV6_PKTINFO) {
      batch.setLocal(
          Bytes.i64(controls, data + In6Pktinfo.IPI6_ADDR),
          Bytes.i64(controls, data + In6Pktinfo.IPI6_ADDR + 8));
      if (links) {
        batch.setLocalLink(controls.get(ValueLayout.JAVA_INT, data + In6Pktinfo.IPI6_IFINDEX));
      }
    } else if (level == Socket.SOL_SOCKET && type == Socket.SO_RXQ_OVFL) {
      // The kernel counts in 32 bits that wrap.
      int count = controls.get(ValueLayout.JAVA_INT, data);
      int more = count - lastDropCount;
      if (more > 0) {
        lastDropCount = count;
        queueDrops.lazySet(queueDrops.getPlain() + more);
      } else if (more < 0) {
        lastDropCount = count; // Another socket has taken the place.
      }
    }
  }

  long queueDrops() {
    return queueDrops.get();
  }
}
