package net.culvert.node.dataplane;

/** A token bucket: so many a second, and so many at once. For one thread. */
final class RateLimit {

  private final long nanosPerToken;
  private final long burstNanos;
  private long emptyUntilNanos;
  private boolean started;

  RateLimit(int perSecond, int burst) {
    this.nanosPerToken = 1_000_000_000L / perSecond;
    this.burstNanos = nanosPerToken * burst;
  }

  /** Whether one more is allowed now; takes it if so. */
  boolean allows(long nowNanos) {
    if (!started || nowNanos - emptyUntilNanos > burstNanos) {
      emptyUntilNanos = nowNanos - burstNanos;
      started = true;
    }
    if (nowNanos - emptyUntilNanos < nanosPerToken) {
      return false;
    }
    emptyUntilNanos += nanosPerToken;
    return true;
  }
}
