package net.culvert.node.packet;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * {@code struct virtio_net_hdr} ({@code linux/virtio_net.h}), 10 bytes in native byte order: what a
 * device says about a packet whose checksum or segmentation it left to the other side.
 */
public final class OffloadHeader {

  public static final int BYTES = 10;

  /** The checksum field holds the pseudo-header's sum; the rest is to be added from csum_start. */
  public static final int FLAG_NEEDS_CSUM = 1;

  public static final int GSO_NONE = 0;
  public static final int GSO_TCPV4 = 1;
  public static final int GSO_TCPV6 = 4;
  public static final int GSO_UDP_L4 = 5;
  public static final int GSO_ECN = 0x80;

  /** Offset of the checksum in a TCP header. */
  public static final int TCP_CSUM_OFFSET = 16;

  /** Offset of the checksum in a UDP header. */
  public static final int UDP_CSUM_OFFSET = 6;

  private OffloadHeader() {}

  public static int flags(MemorySegment memory, long at) {
    return Bytes.u8(memory, at);
  }

  /** The type with its {@link #GSO_ECN} bit. */
  public static int gsoType(MemorySegment memory, long at) {
    return Bytes.u8(memory, at + 1);
  }

  /** Payload bytes of each segment but perhaps the last. */
  public static int gsoSize(MemorySegment memory, long at) {
    return memory.get(ValueLayout.JAVA_SHORT_UNALIGNED, at + 4) & 0xffff;
  }

  /** Where the checksum begins to count, in bytes from the packet's start. */
  public static int csumStart(MemorySegment memory, long at) {
    return memory.get(ValueLayout.JAVA_SHORT_UNALIGNED, at + 6) & 0xffff;
  }

  /** Where the checksum stands, in bytes from {@link #csumStart}. */
  public static int csumOffset(MemorySegment memory, long at) {
    return memory.get(ValueLayout.JAVA_SHORT_UNALIGNED, at + 8) & 0xffff;
  }

  /** All ten bytes of a packet that is complete as it is. */
  public static void writeNone(MemorySegment memory, long at) {
    memory.set(ValueLayout.JAVA_LONG_UNALIGNED, at, 0L);
    memory.set(ValueLayout.JAVA_SHORT_UNALIGNED, at + 8, (short) 0);
  }

  /** All ten bytes of a packet whose checksum is to be finished, and that may be segmented. */
  public static void write(
      MemorySegment memory,
      long at,
      int gsoType,
      int headBytes,
      int gsoSize,
      int csumStart,
      int csumOffset) {
    Bytes.putU8(memory, at, FLAG_NEEDS_CSUM);
    Bytes.putU8(memory, at + 1, gsoType);
    memory.set(ValueLayout.JAVA_SHORT_UNALIGNED, at + 2, (short) headBytes);
    memory.set(ValueLayout.JAVA_SHORT_UNALIGNED, at + 4, (short) gsoSize);
    memory.set(ValueLayout.JAVA_SHORT_UNALIGNED, at + 6, (short) csumStart);
    memory.set(ValueLayout.JAVA_SHORT_UNALIGNED, at + 8, (short) csumOffset);
  }
}
