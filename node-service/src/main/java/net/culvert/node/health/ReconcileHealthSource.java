package net.culvert.node.health;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Implemented by whoever wires the reconciler. Any thread; quick, from memory. */
@FunctionalInterface
public interface ReconcileHealthSource {

  /** Every wish that cannot be made true now, ordered by resource. */
  List<FailedResource> failedResources();

  /** By resource, what there is to say of an object that somebody else keeps changing. */
  default Map<String, String> contested() {
    return Map.of();
  }

  /** How often everything was looked at, and how many nanoseconds the last look took. */
  default FullLooks fullLooks() {
    return new FullLooks(0, 0);
  }

  /** See {@link #fullLooks()}. */
  record FullLooks(long count, long lastNanos) {}

  /**
   * A wish that FAILED.
   *
   * @param resource its path, such as {@code namespaces/net1}
   * @param sentence why, with the kernel's own words
   */
  record FailedResource(String resource, String sentence, int attempts, Instant since) {}
}
