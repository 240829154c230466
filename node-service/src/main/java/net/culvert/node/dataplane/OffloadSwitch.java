package net.culvert.node.dataplane;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One offload that can fail while it is in use. It is then off, what failed is done without it, and
 * after a pause it is tried again: a minute at first, each time twice as long up to an hour, and a
 * minute again once it has worked for an hour.
 *
 * <p>Agents ask and report, any thread reads the status.
 */
final class OffloadSwitch {

  static final long FIRST_PAUSE_NANOS = 60_000_000_000L;
  static final long LONGEST_PAUSE_NANOS = 3_600_000_000_000L;

  private final Offload offload;
  private final boolean possible;
  private final AtomicLong fallbacks = new AtomicLong();
  private volatile boolean on;
  private volatile @Nullable String reason;
  private volatile long retryAtNanos;
  private volatile long pauseNanos = FIRST_PAUSE_NANOS;
  private volatile long failedAtNanos;

  private OffloadSwitch(Offload offload, boolean on, @Nullable String reason) {
    this.offload = offload;
    this.possible = on;
    this.on = on;
    this.reason = reason;
  }

  static OffloadSwitch on(Offload offload) {
    return new OffloadSwitch(offload, true, null);
  }

  /** One that stays off, because it was not wished or the kernel has it not. */
  static OffloadSwitch off(Offload offload, String reason) {
    return new OffloadSwitch(offload, false, reason);
  }

  /** Whether to use it now; asked once a batch. */
  boolean isOn(long nowNanos) {
    if (on) {
      return true;
    }
    if (!possible || nowNanos - retryAtNanos < 0) {
      return false;
    }
    on = true;
    reason = null;
    return true;
  }

  /** The kernel refused it; off for a while. */
  synchronized void failed(String why, long nowNanos) {
    if (!on) {
      return; // Another agent saw the same.
    }
    fallbacks.incrementAndGet();
    long sinceLast = nowNanos - failedAtNanos;
    boolean first = fallbacks.get() == 1 || sinceLast > pauseNanos + LONGEST_PAUSE_NANOS;
    pauseNanos = first ? FIRST_PAUSE_NANOS : Math.min(LONGEST_PAUSE_NANOS, pauseNanos * 2);
    failedAtNanos = nowNanos;
    retryAtNanos = nowNanos + pauseNanos;
    reason = why;
    on = false;
  }

  OffloadStatus status(long nowNanos) {
    boolean isOn = on;
    Long retry = isOn || !possible ? null : (Long) Math.max(0, retryAtNanos - nowNanos);
    return new OffloadStatus(offload, isOn, isOn ? null : reason, fallbacks.get(), retry);
  }
}
