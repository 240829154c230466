package net.culvert.node.dataplane;

import java.lang.foreign.MemorySegment;
import net.culvert.node.packet.Bytes;
import net.culvert.node.packet.Checksum;
import net.culvert.node.packet.IpHeader;
import net.culvert.node.packet.IpProtocol;
import net.culvert.node.packet.OffloadHeader;

/**
 * Makes of a packet, as a device with offloads hands it over, packets that can travel: finishes a
 * checksum, or cuts a super-packet (TSO, USO) into segments. Each segment has a head of its own,
 * written to where the caller says; its payload stays where it is.
 *
 * <p>A segment's head is the super-packet's with its own lengths, IPv4 identification, TCP sequence
 * number and checksums; FIN and PSH are left to the last, CWR to the first. Pure; for one thread;
 * allocates nothing.
 */
final class Segmenter {

  /** Longest head, IP options or extension headers included, that is segmented. */
  static final int MAX_HEAD_BYTES = 256;

  private static final int TCP_MIN_BYTES = 20;
  private static final int UDP_BYTES = 8;
  private static final int FIN_PSH = 0x09;
  private static final int CWR = 0x80;

  private MemorySegment memory = MemorySegment.NULL;
  private int offset;
  private boolean ipv4;
  private boolean tcp;
  private int ipBytes;
  private int upperOffset;
  private int headBytes;
  private int payloadBytes;
  private int segmentBytes;
  private int count;
  private int next;

  private int identification;
  private int sequence;
  private int flags;
  private long ipSum;
  private long upperSum;

  /**
   * Finishes the checksum of a packet that is no super-packet, where the device left it open.
   *
   * @param offloadAt where its {@link OffloadHeader} stands
   * @return false if what the header says cannot be
   */
  static boolean finishChecksum(MemorySegment memory, int offloadAt, int offset, int length) {
    if ((OffloadHeader.flags(memory, offloadAt) & OffloadHeader.FLAG_NEEDS_CSUM) == 0) {
      return true;
    }
    int start = OffloadHeader.csumStart(memory, offloadAt);
    int csumOffset = OffloadHeader.csumOffset(memory, offloadAt);
    int field = start + csumOffset;
    if (start < IpHeader.IPV4_MIN_BYTES || field + 2 > length) {
      return false;
    }
    int sum = Checksum.finish(Checksum.add(memory, offset + start, length - start, 0));
    // In UDP 0 means "no checksum", which IPv6 forbids.
    boolean otherZero = sum == 0 && csumOffset == OffloadHeader.UDP_CSUM_OFFSET;
    Bytes.putU16(memory, offset + field, otherZero ? 0xffff : sum);
    return true;
  }

  /**
   * Takes a super-packet; its memory stays as it is until the last segment is sent.
   *
   * @param header its IP header, already read
   * @return false if it contradicts itself; nothing can be done with it then
   */
  boolean begin(MemorySegment packets, int offloadAt, int at, IpHeader header) {
    int type = OffloadHeader.gsoType(packets, offloadAt) & ~OffloadHeader.GSO_ECN;
    memory = packets;
    offset = at;
    ipv4 = header.version() == 4;
    tcp = type != OffloadHeader.GSO_UDP_L4;
    boolean agree =
        switch (type) {
          case OffloadHeader.GSO_TCPV4 -> ipv4;
          case OffloadHeader.GSO_TCPV6 -> !ipv4;
          case OffloadHeader.GSO_UDP_L4 -> true;
          default -> false;
        };
    segmentBytes = OffloadHeader.gsoSize(packets, offloadAt);
    // The header's own hdr_len is wrong for forwarded packets; csum_start is right, so check it.
    ipBytes = header.headerBytes();
    header.locateUpperLayer(packets, at);
    upperOffset = header.upperOffset();
    int protocol = tcp ? IpProtocol.TCP : IpProtocol.UDP;
    if (!agree
        || segmentBytes == 0
        || upperOffset != OffloadHeader.csumStart(packets, offloadAt)
        || header.upperProtocol() != protocol
        || header.isFragment()) {
      return false;
    }
    int total = header.totalBytes();
    int upperMin = tcp ? TCP_MIN_BYTES : UDP_BYTES;
    if (upperOffset + upperMin > total) {
      return false;
    }
    int upperBytes = tcp ? (Bytes.u8(packets, at + upperOffset + 12) >>> 4) * 4 : UDP_BYTES;
    headBytes = upperOffset + upperBytes;
    payloadBytes = total - headBytes;
    if (upperBytes < upperMin || payloadBytes <= 0 || headBytes > MAX_HEAD_BYTES) {
      return false;
    }
    count = (payloadBytes + segmentBytes - 1) / segmentBytes;
    next = 0;
    sumFixedParts(protocol, upperBytes);
    return true;
  }

  /** Sums what is the same in all segments, so that each adds only what is its own. */
  private void sumFixedParts(int protocol, int upperBytes) {
    int upper = offset + upperOffset;
    long sum;
    if (ipv4) {
      identification = Bytes.u16(memory, offset + 4);
      long ip = Checksum.add(memory, offset, 2, 0);
      ip = Checksum.add(memory, offset + 6, 4, ip);
      ipSum = Checksum.add(memory, offset + 12, ipBytes - 12, ip);
      sum = Checksum.addNumber(protocol, Checksum.add(memory, offset + 12, 8, 0));
    } else if (upperOffset == IpHeader.IPV6_BYTES) {
      sum = Checksum.addNumber(protocol, Checksum.add(memory, offset + 8, 32, 0));
    } else {
      sum = pseudoHeaderLeftByTheDevice(upper, upperBytes + payloadBytes);
    }
    if (tcp) {
      sequence = Bytes.i32(memory, upper + 4);
      flags = Bytes.u16(memory, upper + 12);
      sum = Checksum.add(memory, upper, 4, sum);
      sum = Checksum.add(memory, upper + 8, 4, sum);
      sum = Checksum.add(memory, upper + 14, 2, sum);
      upperSum = Checksum.add(memory, upper + 18, upperBytes - 18, sum);
    } else {
      upperSum = Checksum.add(memory, upper, 4, sum);
    }
  }

  /**
   * Extension headers may name other addresses for the pseudo-header (RFC 8200 8.1), so its sum is
   * taken from the checksum field, where the device left it, less the length it has in it.
   */
  private long pseudoHeaderLeftByTheDevice(int upper, int upperLength) {
    int csum = tcp ? OffloadHeader.TCP_CSUM_OFFSET : OffloadHeader.UDP_CSUM_OFFSET;
    return Checksum.addNumber(~upperLength & 0xffff, Checksum.add(memory, upper + csum, 2, 0));
  }

  /** Number of segments of the current super-packet. */
  int count() {
    return count;
  }

  /** Length of each segment's head. */
  int headBytes() {
    return headBytes;
  }

  /** Length of the longest segment, the first. */
  int longestBytes() {
    return headBytes + Math.min(segmentBytes, payloadBytes);
  }

  /** Whether segments are left. */
  boolean hasNext() {
    return next < count;
  }

  /** Where the next segment's payload is in the super-packet's memory. */
  int payloadOffset() {
    return offset + headBytes + next * segmentBytes;
  }

  /** Length of the next segment's payload. */
  int payloadLength() {
    return Math.min(segmentBytes, payloadBytes - next * segmentBytes);
  }

  /** Writes the next segment's head and goes on to the one after. */
  void writeHead(MemorySegment into, int at) {
    int payload = payloadLength();
    MemorySegment.copy(memory, offset, into, at, headBytes);
    int upper = at + upperOffset;
    int upperLength = headBytes - upperOffset + payload;
    if (ipv4) {
      int total = headBytes + payload;
      int id = identification + next & 0xffff;
      Bytes.putU16(into, at + 2, total);
      Bytes.putU16(into, at + 4, id);
      long sum = Checksum.addNumber(id, Checksum.addNumber(total, ipSum));
      Bytes.putU16(into, at + 10, Checksum.finish(sum));
    } else {
      Bytes.putU16(into, at + 4, upperOffset - IpHeader.IPV6_BYTES + upperLength);
    }
    long sum = Checksum.addNumber(upperLength, upperSum);
    int field;
    if (tcp) {
      int number = sequence + next * segmentBytes;
      int own = flags;
      if (next != 0) {
        own &= ~CWR;
      }
      if (next != count - 1) {
        own &= ~FIN_PSH;
      }
      Bytes.putI32(into, upper + 4, number);
      Bytes.putU16(into, upper + 12, own);
      sum = Checksum.addNumber(own, Checksum.addNumber32(number, sum));
      field = upper + OffloadHeader.TCP_CSUM_OFFSET;
    } else {
      Bytes.putU16(into, upper + 4, upperLength);
      sum = Checksum.addNumber(upperLength, sum);
      field = upper + OffloadHeader.UDP_CSUM_OFFSET;
    }
    int checksum = Checksum.finish(Checksum.add(memory, payloadOffset(), payload, sum));
    Bytes.putU16(into, field, checksum == 0 && !tcp ? 0xffff : checksum);
    next++;
  }
}
