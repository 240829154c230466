package net.culvert.node.dataplane;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;

/** One counter a {@link DropReason}; any thread. */
@SuppressWarnings("EnumOrdinal") // An index into an array that lives no longer than the enum.
final class DropCounters {

  private static final DropReason[] REASONS = DropReason.values();

  private final AtomicLongArray counts = new AtomicLongArray(REASONS.length);

  void add(DropReason reason, long packets) {
    counts.getAndAdd(reason.ordinal(), packets);
  }

  long get(DropReason reason) {
    return counts.get(reason.ordinal());
  }

  /** Sums by reason; reasons that never occurred are left out. */
  static Map<DropReason, Long> sum(List<DropCounters> all) {
    Map<DropReason, Long> sums = new EnumMap<>(DropReason.class);
    for (DropReason reason : REASONS) {
      long sum = 0;
      for (DropCounters counters : all) {
        sum += counters.get(reason);
      }
      if (sum > 0) {
        sums.put(reason, sum);
      }
    }
    return sums;
  }
}
