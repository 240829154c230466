package net.culvert.node.packet;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Unsigned numbers in network byte order at any offset of a segment. Offsets are in bytes; every
 * access is checked against the segment's bounds.
 */
public final class Bytes {

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private Bytes() {}

  /** An unsigned byte, 0 to 255. */
  public static int u8(MemorySegment memory, long offset) {
    return memory.get(ValueLayout.JAVA_BYTE, offset) & 0xff;
  }

  /** An unsigned 16-bit number. */
  public static int u16(MemorySegment memory, long offset) {
    return memory.get(SHORT, offset) & 0xffff;
  }

  /** 32 bits as they are; read them as unsigned with {@link Integer#toUnsignedLong}. */
  public static int i32(MemorySegment memory, long offset) {
    return memory.get(INT, offset);
  }

  /** An unsigned 32-bit number. */
  public static long u32(MemorySegment memory, long offset) {
    return memory.get(INT, offset) & 0xffff_ffffL;
  }

  /** 64 bits as they are. */
  public static long i64(MemorySegment memory, long offset) {
    return memory.get(LONG, offset);
  }

  public static void putU8(MemorySegment memory, long offset, int value) {
    memory.set(ValueLayout.JAVA_BYTE, offset, (byte) value);
  }

  public static void putU16(MemorySegment memory, long offset, int value) {
    memory.set(SHORT, offset, (short) value);
  }

  public static void putI32(MemorySegment memory, long offset, int value) {
    memory.set(INT, offset, value);
  }

  public static void putI64(MemorySegment memory, long offset, long value) {
    memory.set(LONG, offset, value);
  }
}
