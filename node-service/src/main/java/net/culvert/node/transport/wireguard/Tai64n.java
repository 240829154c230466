package net.culvert.node.transport.wireguard;

import java.util.Arrays;

/**
 * Time stamps of initiations, TAI64N: seconds since 1970 plus 2^62 plus 10, u64, and nanoseconds,
 * u32, both big-endian, so that later is greater byte by byte. They tell an initiation from a
 * replay and nothing else; as in other implementations the last 24 bits are left out, so that they
 * do not tell anybody how this machine's clock runs.
 */
final class Tai64n {

  static final int BYTES = 12;

  /** The smallest step, 2^24 ns. */
  static final long STEP_NANOS = 1L << 24;

  private static final long SECOND = 1_000_000_000L;
  private static final long BASE = 0x4000_0000_0000_000aL;

  private Tai64n() {}

  /**
   * @param epochNanos nanoseconds since 1970
   */
  static byte[] of(long epochNanos) {
    byte[] out = new byte[BYTES];
    int nanos = (int) Math.floorMod(epochNanos, SECOND) & -(int) STEP_NANOS;
    LittleEndian.putI64(out, 0, Long.reverseBytes(BASE + Math.floorDiv(epochNanos, SECOND)));
    LittleEndian.putI32(out, 8, Integer.reverseBytes(nanos));
    return out;
  }

  /** The next one. */
  static byte[] after(byte[] stamp) {
    long seconds = Long.reverseBytes(LittleEndian.i64(stamp, 0));
    long nanos = Integer.toUnsignedLong(Integer.reverseBytes(LittleEndian.i32(stamp, 8)));
    return of((seconds - BASE) * SECOND + nanos + STEP_NANOS);
  }

  static boolean isAfter(byte[] stamp, byte[] other) {
    return Arrays.compareUnsigned(stamp, other) > 0;
  }
}
