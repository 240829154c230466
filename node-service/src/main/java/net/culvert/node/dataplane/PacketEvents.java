package net.culvert.node.dataplane;

import java.lang.foreign.MemorySegment;
import java.time.Instant;
import net.culvert.node.packet.Bytes;
import net.culvert.node.packet.IpHeader;
import net.culvert.node.packet.IpProtocol;
import org.jspecify.annotations.Nullable;

/** Reads a packet for those who watch. Only here, with a reader, does a packet cost an object. */
final class PacketEvents {

  private PacketEvents() {}

  /** A packet whose IP header could not be read. */
  static PacketEvent unreadable(
      Instant time,
      Direction direction,
      int length,
      int wireLength,
      @Nullable String peer,
      @Nullable DropReason reason) {
    return new PacketEvent(
        time,
        direction,
        length,
        wireLength,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        peer,
        reason);
  }

  static PacketEvent of(
      Instant time,
      Direction direction,
      IpHeader header,
      MemorySegment memory,
      int offset,
      int wireLength,
      @Nullable String peer,
      @Nullable DropReason reason) {
    int protocol = header.upperProtocol();
    int upper = offset + header.upperOffset();
    int left = header.fragmentOffset() == 0 ? header.totalBytes() - header.upperOffset() : 0;
    boolean ports =
        left >= 4
            && (protocol == IpProtocol.TCP
                || protocol == IpProtocol.UDP
                || protocol == IpProtocol.SCTP);
    boolean icmp =
        left >= 4
            && (protocol == IpProtocol.ICMP && header.version() == 4
                || protocol == IpProtocol.ICMPV6 && header.version() == 6);
    boolean echo = icmp && left >= 8 && isEcho(protocol, Bytes.u8(memory, upper));
    return new PacketEvent(
        time,
        direction,
        header.totalBytes(),
        wireLength,
        header.family(),
        header.source(),
        header.destination(),
        protocol,
        IpProtocol.name(protocol),
        ports ? Bytes.u16(memory, upper) : null,
        ports ? Bytes.u16(memory, upper + 2) : null,
        icmp ? Bytes.u8(memory, upper) : null,
        icmp ? Bytes.u8(memory, upper + 1) : null,
        echo ? Bytes.u16(memory, upper + 4) : null,
        echo ? Bytes.u16(memory, upper + 6) : null,
        header.hopLimit(),
        peer,
        reason);
  }

  /** Echo request and reply: 8 and 0, or 128 and 129. */
  private static boolean isEcho(int protocol, int type) {
    return protocol == IpProtocol.ICMP ? type == 8 || type == 0 : type == 128 || type == 129;
  }
}
