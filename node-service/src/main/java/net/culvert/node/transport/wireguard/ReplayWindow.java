package net.culvert.node.transport.wireguard;

/**
 * Which counters of a session were seen, by a ring of bits (RFC 6479). A counter more than {@link
 * #SIZE} behind the newest is too old. Only counters of opened packets may be shown to it, or
 * anybody could move it. Any thread.
 */
final class ReplayWindow {

  private static final int WORDS = 128;

  /** Counters behind the newest that are still told apart: the word being filled is not counted. */
  static final int SIZE = (WORDS - 1) * Long.SIZE;

  private final long[] ring = new long[WORDS];
  private long newest;

  /**
   * Notes a counter.
   *
   * @param counter unsigned
   * @return false if it was seen before, is too old, or is past the last that may be used
   */
  synchronized boolean accept(long counter) {
    if (Long.compareUnsigned(counter, Limits.REJECT_AFTER_MESSAGES) >= 0) {
      return false;
    }
    long word = counter >>> 6;
    if (Long.compareUnsigned(counter, newest) > 0) {
      long last = newest >>> 6;
      long fresh = Math.min(word - last, WORDS);
      for (long i = 1; i <= fresh; i++) {
        ring[(int) (last + i) & WORDS - 1] = 0;
      }
      newest = counter;
    } else if (Long.compareUnsigned(newest - counter, SIZE) > 0) {
      return false;
    }
    long bit = 1L << counter;
    int at = (int) word & WORDS - 1;
    boolean fresh = (ring[at] & bit) == 0;
    ring[at] |= bit;
    return fresh;
  }
}
