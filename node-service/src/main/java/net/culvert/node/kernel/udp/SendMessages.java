package net.culvert.node.kernel.udp;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import net.culvert.api.value.Family;
import net.culvert.api.value.IpAddress;
import net.culvert.node.kernel.abi.Errno;
import net.culvert.node.kernel.abi.In;
import net.culvert.node.kernel.abi.In.In6Pktinfo;
import net.culvert.node.kernel.abi.In.InPktinfo;
import net.culvert.node.kernel.abi.Socket;
import net.culvert.node.kernel.abi.Socket.Cmsghdr;
import net.culvert.node.kernel.abi.Socket.Mmsghdr;
import net.culvert.node.kernel.abi.Socket.Msghdr;
import net.culvert.node.kernel.abi.Udp;
import net.culvert.node.kernel.sys.Syscalls;
import net.culvert.node.packet.Bytes;

/**
 * The structures of {@code sendmmsg}, filled from a {@link SendBatch} whose pieces stay where they
 * are. For the sending thread.
 */
final class SendMessages {

  /** Most messages of one call. */
  private static final int MAX_MESSAGES = 64;

  /** Room for pktinfo (40) and the segment size (24). */
  private static final int CONTROL_BYTES = 64;

  private static final int NAME_BYTES = 32;

  private final MemorySegment headers;
  private final MemorySegment names;
  private final MemorySegment controls;

  SendMessages(Arena arena) {
    headers = arena.allocate((long) MAX_MESSAGES * Mmsghdr.SIZEOF, 64);
    names = arena.allocate((long) MAX_MESSAGES * NAME_BYTES, 64);
    controls = arena.allocate((long) MAX_MESSAGES * CONTROL_BYTES, 64);
  }

  int send(Syscalls syscalls, int fd, SendBatch batch, int first) {
    int count = Math.min(MAX_MESSAGES, batch.size() - first);
    for (int i = 0; i < count; i++) {
      fill(i, batch, first + i);
    }
    long sent;
    do {
      sent = syscalls.sendmmsg(fd, headers.address(), count, Socket.MSG_NOSIGNAL);
    } while (sent == -Errno.EINTR);
    return (int) sent;
  }

  private void fill(int slot, SendBatch batch, int message) {
    long header = (long) slot * Mmsghdr.SIZEOF;
    long name = (long) slot * NAME_BYTES;
    UdpEndpoint destination = batch.destination(message);
    int nameLength = SocketAddresses.write(names, name, destination);
    headers.set(ValueLayout.JAVA_LONG, header + Msghdr.MSG_NAME, names.address() + name);
    headers.set(ValueLayout.JAVA_INT, header + Msghdr.MSG_NAMELEN, nameLength);
    headers.set(
        ValueLayout.JAVA_LONG,
        header + Msghdr.MSG_IOV,
        batch.pieces().entryAddress(batch.firstPiece(message)));
    headers.set(
        ValueLayout.JAVA_LONG, header + Msghdr.MSG_IOVLEN, (long) batch.pieceCount(message));
    long control = (long) slot * CONTROL_BYTES;
    int controlLength = 0;
    IpAddress source = batch.source(message);
    if (source != null && source.family() == destination.family()) {
      controlLength = putSource(control, source, batch.sourceLink(message));
    }
    if (batch.datagrams(message) > 1) {
      controlLength += putSegment(control + controlLength, batch.datagramBytes(message));
    }
    headers.set(
        ValueLayout.JAVA_LONG,
        header + Msghdr.MSG_CONTROL,
        controlLength == 0 ? 0 : controls.address() + control);
    headers.set(ValueLayout.JAVA_LONG, header + Msghdr.MSG_CONTROLLEN, (long) controlLength);
    headers.set(ValueLayout.JAVA_INT, header + Msghdr.MSG_FLAGS, 0);
  }

  private int putSource(long at, IpAddress source, int link) {
    if (source.family() == Family.IPV4) {
      long data = putHeader(at, In.IPPROTO_IP, In.IP_PKTINFO, InPktinfo.SIZEOF);
      controls.set(ValueLayout.JAVA_INT, data + InPktinfo.IPI_IFINDEX, link);
      Bytes.putI32(controls, data + InPktinfo.IPI_SPEC_DST, (int) source.low());
      Bytes.putI32(controls, data + InPktinfo.IPI_ADDR, 0);
      return space(InPktinfo.SIZEOF);
    }
    long data = putHeader(at, In.IPPROTO_IPV6, In.IPV6_PKTINFO, In6Pktinfo.SIZEOF);
    Bytes.putI64(controls, data + In6Pktinfo.IPI6_ADDR, source.high());
    Bytes.putI64(controls, data + In6Pktinfo.IPI6_ADDR + 8, source.low());
    controls.set(ValueLayout.JAVA_INT, data + In6Pktinfo.IPI6_IFINDEX, link);
    return space(In6Pktinfo.SIZEOF);
  }

  private int putSegment(long at, int datagramBytes) {
    long data = putHeader(at, In.IPPROTO_UDP, Udp.UDP_SEGMENT, Short.BYTES);
    controls.set(ValueLayout.JAVA_SHORT, data, (short) datagramBytes);
    return space(Short.BYTES);
  }

  private long putHeader(long at, int level, int type, int dataBytes) {
    controls.set(ValueLayout.JAVA_LONG, at + Cmsghdr.CMSG_LEN, (long) Cmsghdr.SIZEOF + dataBytes);
    controls.set(ValueLayout.JAVA_INT, at + Cmsghdr.CMSG_LEVEL, level);
    controls.set(ValueLayout.JAVA_INT, at + Cmsghdr.CMSG_TYPE, type);
    return at + Cmsghdr.SIZEOF;
  }

  /** {@code CMSG_SPACE}. */
  private static int space(int dataBytes) {
    return Cmsghdr.SIZEOF + ((dataBytes + 7) & ~7);
  }
}
