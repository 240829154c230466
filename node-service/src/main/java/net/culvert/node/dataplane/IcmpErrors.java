package net.culvert.node.dataplane;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import net.culvert.node.packet.Bytes;
import net.culvert.node.packet.Checksum;
import net.culvert.node.packet.IpHeader;
import net.culvert.node.packet.IpProtocol;
import net.culvert.node.packet.PacketBatch;

/**
 * Tells the sender of a packet why it went nowhere: ICMP (RFC 792, RFC 1191, RFC 1812 4.3.2.7) and
 * ICMPv6 (RFC 4443).
 *
 * <p>The error's source is the offending packet's destination: with an address of this host it
 * would be dropped by the kernel as a martian. None is made about an ICMP error, a fragment that is
 * not the first, a packet to many or one from nobody in particular; and no more than a bounded
 * number a second. For one thread; allocates nothing.
 */
final class IcmpErrors {

  /** As Linux limits its own, {@code net.ipv4.icmp_msgs_per_sec} and {@code icmp_msgs_burst}. */
  static final int PER_SECOND = 1000;

  static final int BURST = 50;

  /** RFC 1812 4.3.2.3: as much of the packet as fits into 576 bytes. */
  private static final int MAX_IPV4_BYTES = 576;

  /** RFC 4443 2.4 (c): as much as fits into the minimum IPv6 MTU. */
  static final int MIN_IPV6_MTU_BYTES = 1280;

  private static final int ICMP_BYTES = 8;
  private static final int HOP_LIMIT = 64;

  /** RFC 1812 5.3.2: precedence 6, internetwork control. */
  private static final int TYPE_OF_SERVICE = 0xc0;

  private static final int ICMP_DEST_UNREACH = 3;
  private static final int ICMP_NET_UNREACH = 0;
  private static final int ICMP_HOST_UNREACH = 1;
  private static final int ICMP_FRAG_NEEDED = 4;
  private static final int ICMPV6_DEST_UNREACH = 1;
  private static final int ICMPV6_PKT_TOOBIG = 2;
  private static final int ICMPV6_NOROUTE = 0;
  private static final int ICMPV6_ADDR_UNREACH = 3;

  /** Where the error begins in {@link #memory}; the headroom before it is zero. */
  static final int OFFSET = PacketBatch.HEADROOM_BYTES;

  private final MemorySegment memory;
  private final RateLimit limit = new RateLimit(PER_SECOND, BURST);

  IcmpErrors(Arena arena) {
    memory = arena.allocate(OFFSET + MIN_IPV6_MTU_BYTES, 64);
  }

  MemorySegment memory() {
    return memory;
  }

  /**
   * No peer owns the destination.
   *
   * @return length of the error at {@link #OFFSET}, or 0 if none is to be sent
   */
  int noPeer(IpHeader header, MemorySegment packet, int offset, long nowNanos) {
    return header.version() == 4
        ? ipv4(header, packet, offset, ICMP_NET_UNREACH, 0, nowNanos)
        : ipv6(header, packet, offset, ICMPV6_DEST_UNREACH, ICMPV6_NOROUTE, 0, nowNanos);
  }

  /** The peer cannot be reached: it has no endpoint, or no socket of ours leads there. */
  int noEndpoint(IpHeader header, MemorySegment packet, int offset, long nowNanos) {
    return header.version() == 4
        ? ipv4(header, packet, offset, ICMP_HOST_UNREACH, 0, nowNanos)
        : ipv6(header, packet, offset, ICMPV6_DEST_UNREACH, ICMPV6_ADDR_UNREACH, 0, nowNanos);
  }

  /**
   * The packet is larger than the path to its peer.
   *
   * @param mtuBytes the largest packet that passes; told as at least 1280 for IPv6
   */
  int tooBig(IpHeader header, MemorySegment packet, int offset, int mtuBytes, long nowNanos) {
    return header.version() == 4
        ? ipv4(header, packet, offset, ICMP_FRAG_NEEDED, mtuBytes, nowNanos)
        : ipv6(
            header,
            packet,
            offset,
            ICMPV6_PKT_TOOBIG,
            0,
            Math.max(mtuBytes, MIN_IPV6_MTU_BYTES),
            nowNanos);
  }

  private int ipv4(
      IpHeader header, MemorySegment packet, int offset, int code, int info, long nowNanos) {
    if (!mayBeToldOfIpv4(header, packet, offset) || !limit.allows(nowNanos)) {
      return 0;
    }
    int quoted =
        Math.min(header.totalBytes(), MAX_IPV4_BYTES - IpHeader.IPV4_MIN_BYTES - ICMP_BYTES);
    int icmp = OFFSET + IpHeader.IPV4_MIN_BYTES;
    int total = IpHeader.IPV4_MIN_BYTES + ICMP_BYTES + quoted;
    Bytes.putU8(memory, OFFSET, 0x45);
    Bytes.putU8(memory, OFFSET + 1, TYPE_OF_SERVICE);
    Bytes.putU16(memory, OFFSET + 2, total);
    Bytes.putI32(memory, OFFSET + 4, 0x4000); // Identification 0 and DF: RFC 6864 calls it atomic.
    Bytes.putU8(memory, OFFSET + 8, HOP_LIMIT);
    Bytes.putU8(memory, OFFSET + 9, IpProtocol.ICMP);
    Bytes.putU16(memory, OFFSET + 10, 0);
    Bytes.putI32(memory, OFFSET + 12, (int) header.destinationLow());
    Bytes.putI32(memory, OFFSET + 16, (int) header.sourceLow());
    Bytes.putU16(
        memory,
        OFFSET + 10,
        Checksum.finish(Checksum.add(memory, OFFSET, IpHeader.IPV4_MIN_BYTES, 0)));
    Bytes.putU8(memory, icmp, ICMP_DEST_UNREACH);
    Bytes.putU8(memory, icmp + 1, code);
    Bytes.putU16(memory, icmp + 2, 0);
    Bytes.putI32(memory, icmp + 4, info);
    MemorySegment.copy(packet, offset, memory, icmp + ICMP_BYTES, quoted);
    Bytes.putU16(
        memory, icmp + 2, Checksum.finish(Checksum.add(memory, icmp, ICMP_BYTES + quoted, 0)));
    return total;
  }

  private int ipv6(
      IpHeader header,
      MemorySegment packet,
      int offset,
      int type,
      int code,
      int info,
      long nowNanos) {
    if (!mayBeToldOfIpv6(header, packet, offset) || !limit.allows(nowNanos)) {
      return 0;
    }
    int quoted =
        Math.min(header.totalBytes(), MIN_IPV6_MTU_BYTES - IpHeader.IPV6_BYTES - ICMP_BYTES);
    int icmp = OFFSET + IpHeader.IPV6_BYTES;
    int length = ICMP_BYTES + quoted;
    Bytes.putI32(memory, OFFSET, 0x6000_0000);
    Bytes.putU16(memory, OFFSET + 4, length);
    Bytes.putU8(memory, OFFSET + 6, IpProtocol.ICMPV6);
    Bytes.putU8(memory, OFFSET + 7, HOP_LIMIT);
    Bytes.putI64(memory, OFFSET + 8, header.destinationHigh());
    Bytes.putI64(memory, OFFSET + 16, header.destinationLow());
    Bytes.putI64(memory, OFFSET + 24, header.sourceHigh());
    Bytes.putI64(memory, OFFSET + 32, header.sourceLow());
    Bytes.putU8(memory, icmp, type);
    Bytes.putU8(memory, icmp + 1, code);
    Bytes.putU16(memory, icmp + 2, 0);
    Bytes.putI32(memory, icmp + 4, info);
    MemorySegment.copy(packet, offset, memory, icmp + ICMP_BYTES, quoted);
    long pseudo = Checksum.pseudoHeader(memory, OFFSET + 8, 16, IpProtocol.ICMPV6, length);
    Bytes.putU16(memory, icmp + 2, Checksum.finish(Checksum.add(memory, icmp, length, pseudo)));
    return IpHeader.IPV6_BYTES + length;
  }

  private static boolean mayBeToldOfIpv4(IpHeader header, MemorySegment packet, int offset) {
    int source = (int) header.sourceLow() >>> 24;
    boolean answerable = source != 0 && source != 127 && source < 224;
    boolean toOne = (int) header.destinationLow() >>> 28 < 0xe;
    if (!answerable || !toOne || header.fragmentOffset() != 0) {
      return false;
    }
    return header.upperProtocol() != IpProtocol.ICMP
        || header.upperOffset() < header.totalBytes()
            && !isIcmpError(Bytes.u8(packet, offset + header.upperOffset()));
  }

  /** RFC 1812 4.3.2.7: unreachable, source quench, redirect, time exceeded, parameter problem. */
  private static boolean isIcmpError(int type) {
    return type == ICMP_DEST_UNREACH || type == 4 || type == 5 || type == 11 || type == 12;
  }

  private static boolean mayBeToldOfIpv6(IpHeader header, MemorySegment packet, int offset) {
    header.locateUpperLayer(packet, offset);
    boolean fromMany = header.sourceHigh() >>> 56 == 0xff;
    boolean fromNobody =
        header.sourceHigh() == 0 && Long.compareUnsigned(header.sourceLow(), 1) <= 0;
    boolean toMany = header.destinationHigh() >>> 56 == 0xff;
    if (fromMany || fromNobody || toMany || header.fragmentOffset() != 0) {
      return false;
    }
    if (header.upperProtocol() != IpProtocol.ICMPV6) {
      return true;
    }
    if (header.upperOffset() >= header.totalBytes()) {
      return false;
    }
    int type = Bytes.u8(packet, offset + header.upperOffset());
    return type >= 128 && type != 137; // Errors are below 128; 137 is a redirect.
  }
}
