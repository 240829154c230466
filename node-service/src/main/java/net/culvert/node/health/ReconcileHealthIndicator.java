package net.culvert.node.health;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import net.culvert.node.health.ReconcileHealthSource.FailedResource;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/**
 * Shows the wishes that FAILED, and those over which this node quarrels with another program. It
 * never goes DOWN: one bad resource does not make the node unfit for the others.
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
    Map<String, String> contested = new TreeMap<>();
    int count = 0;
    for (ReconcileHealthSource source : sources) {
      contested.putAll(source.contested());
      for (FailedResource failed : source.failedResources()) {
        if (count++ < MAX_SHOWN) {
          details.put(failed.resource(), details(failed));
        }
      }
    }
    boolean well = count == 0 && contested.isEmpty();
    Health.Builder health =
        Health.status(well ? Status.UP : HealthConfiguration.DEGRADED)
            .withDetail("failed", count)
            .withDetails(details);
    if (!contested.isEmpty()) {
      Map<String, String> shown = new TreeMap<>();
      contested.entrySet().stream()
          .limit(MAX_SHOWN)
          .forEach(each -> shown.put(each.getKey(), each.getValue()));
      health.withDetail("contested", shown);
    }
    return health.build();
  }

  private static Map<String, Object> details(FailedResource failed) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("message", failed.sentence());
    details.put("attempts", failed.attempts());
    details.put("since", failed.since());
    return details;
  }
}
