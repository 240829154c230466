package net.culvert.node.health;

import java.time.Instant;
import java.util.List;

/** Implemented by whoever wires the reconciler. Any thread; quick, from memory. */
@FunctionalInterface
public interface ReconcileHealthSource {

  /** Every wish that cannot be made true now, ordered by resource. */
  List<FailedResource> failedResources();

  /**
   * A wish that FAILED.
   *
   * @param resource its path, such as {@code namespaces/net1}
   * @param sentence why, with the kernel's own words
   */
  record FailedResource(String resource, String sentence, int attempts, Instant since) {}
}
