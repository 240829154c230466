package net.culvert.node.health;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Says when what is wished cannot be kept. It never goes DOWN: traffic goes on, and so do reads.
 */
final class StoreHealthIndicator implements HealthIndicator {

  private final Iterable<StoreHealthSource> sources;

  StoreHealthIndicator(Iterable<StoreHealthSource> sources) {
    this.sources = sources;
  }

  @Override
  public Health health() {
    for (StoreHealthSource source : sources) {
      String trouble = source.trouble();
      if (trouble != null) {
        return Health.status(HealthConfiguration.DEGRADED).withDetail("message", trouble).build();
      }
    }
    return Health.up().build();
  }
}
