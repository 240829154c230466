package net.culvert.node.dataplane;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Packets, bytes and the time of the last packet, counted by one thread and read by any. The values
 * stand alone in their cache lines, so that two agents which count for one peer do not slow each
 * other.
 */
final class TrafficCounter {

  private static final int PADDING = 8;
  private static final int PACKETS = PADDING;
  private static final int BYTES = PADDING + 1;
  private static final int LAST_NANOS = PADDING + 2;

  private final AtomicLongArray values = new AtomicLongArray(LAST_NANOS + 1 + PADDING);

  /** For the one counting thread. */
  void add(long packets, long bytes, long nowNanos) {
    values.setRelease(PACKETS, values.getPlain(PACKETS) + packets);
    values.setRelease(BYTES, values.getPlain(BYTES) + bytes);
    values.setRelease(LAST_NANOS, nowNanos);
  }

  long packets() {
    return values.getAcquire(PACKETS);
  }

  long bytes() {
    return values.getAcquire(BYTES);
  }

  /** When the last packet was counted; meaningless while {@link #packets} is 0. */
  long lastNanos() {
    return values.getAcquire(LAST_NANOS);
  }
}
