package net.culvert.node.health;

import java.util.LinkedHashMap;
import java.util.Map;
import net.culvert.node.health.ReconcileHealthSource.FailedResource;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/**
 * Shows the wishes that FAILED. It never goes DOWN: one bad resource does not make the node unfit
 * for the others.
 */
final class ReconcileHealthIndicator implements HealthIndicator {

  /** So that a node where everything fails still answers shortly. */
  private static final int MAX_SHOWN = 100;

  private final Iterable<ReconcileHealthSource> sources;

  ReconcileHealthIndicator(Iterable<ReconcileHealthSource> sources) {
    this.sources = sources;
  }

  @Override
  public Health health() {
    Map<String, Object> details = new LinkedHashMap<>();
    int count = 0;
    for (ReconcileHealthSource source : sources) {
      for (FailedResource failed : source.failedResources()) {
        if (count++ < MAX_SHOWN) {
          details.put(failed.resource(), details(failed));
        }
      }
    }
    Status status = count == 0 ? Status.UP : HealthConfiguration.DEGRADED;
    return Health.status(status).withDetail("failed", count).withDetails(details).build();
  }

  private static Map<String, Object> details(FailedResource failed) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("message", failed.sentence());
    details.put("attempts", failed.attempts());
    details.put("since", failed.since());
    return details;
  }
}
