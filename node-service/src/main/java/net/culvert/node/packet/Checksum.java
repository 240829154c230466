package net.culvert.node.packet;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The Internet checksum (RFC 1071) over memory outside the heap.
 *
 * <p>A <em>partial sum</em> is a non-negative long of at most 48 bits whose fold to 16 bits is the
 * one's complement sum <em>in the machine's byte order</em>: RFC 1071 shows that summing in any
 * order of bytes and swapping once at the end is the same. Partial sums of pieces may be added
 * together if every piece but the last has an even length.
 */
public final class Checksum {

  private static final boolean LITTLE_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

  private Checksum() {}

  /** Adds {@code length} bytes from {@code offset} to a partial sum. */
  public static long add(MemorySegment memory, long offset, long length, long sum) {
    long low = 0;
    long high = 0;
    long at = offset;
    long end = offset + (length & ~7L);
    for (; at < end; at += 8) {
      long word = memory.get(ValueLayout.JAVA_LONG_UNALIGNED, at);
      low += word & 0xffff_ffffL;
      high += word >>> 32;
    }
    long total = sum + fold32(low) + fold32(high);
    if ((length & 4) != 0) {
      total += memory.get(ValueLayout.JAVA_INT_UNALIGNED, at) & 0xffff_ffffL;
      at += 4;
    }
    if ((length & 2) != 0) {
      total += memory.get(ValueLayout.JAVA_SHORT_UNALIGNED, at) & 0xffffL;
      at += 2;
    }
    if ((length & 1) != 0) {
      long last = memory.get(ValueLayout.JAVA_BYTE, at) & 0xffL;
      total += LITTLE_ENDIAN ? last : last << 8;
    }
    return fold32(total);
  }

  /** Adds a 16-bit number, such as a protocol or a length, as it would stand on the wire. */
  public static long addNumber(int value, long sum) {
    return sum + (LITTLE_ENDIAN ? Short.reverseBytes((short) value) & 0xffff : value & 0xffff);
  }

  /** Adds a 32-bit number as it would stand on the wire. */
  public static long addNumber32(int value, long sum) {
    return addNumber(value, addNumber(value >>> 16, sum));
  }

  /**
   * The partial sum of an IPv4 or IPv6 pseudo-header (RFC 9293, RFC 8200): both addresses, protocol
   * and the length of what the checksum covers.
   *
   * @param addresses offset of the source address, which the destination follows
   * @param addressBytes 4 or 16, the length of one of them
   */
  public static long pseudoHeader(
      MemorySegment memory, long addresses, int addressBytes, int protocol, int length) {
    return addNumber32(length, addNumber(protocol, add(memory, addresses, 2L * addressBytes, 0)));
  }

  /** The partial sum folded to 16 bits, not inverted, as a number read in network byte order. */
  public static int fold(long sum) {
    long folded = fold32(sum);
    folded = (folded & 0xffff) + (folded >>> 16);
    folded = (folded & 0xffff) + (folded >>> 16);
    return LITTLE_ENDIAN ? Short.reverseBytes((short) folded) & 0xffff : (int) folded;
  }

  /** The finished checksum: folded and inverted, to be written with {@link Bytes#putU16}. */
  public static int finish(long sum) {
    return ~fold(sum) & 0xffff;
  }

  private static long fold32(long sum) {
    long folded = (sum & 0xffff_ffffL) + (sum >>> 32);
    return (folded & 0xffff_ffffL) + (folded >>> 32);
  }
}
