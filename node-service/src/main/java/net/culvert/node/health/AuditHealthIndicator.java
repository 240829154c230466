package net.culvert.node.health;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Says when lines of the audit log are lost. It never goes DOWN: the node goes on without them. */
final class AuditHealthIndicator implements HealthIndicator {

  private final Iterable<AuditHealthSource> sources;

  AuditHealthIndicator(Iterable<AuditHealthSource> sources) {
    this.sources = sources;
  }

  @Override
  public Health health() {
    for (AuditHealthSource source : sources) {
      String trouble = source.trouble();
      if (trouble != null) {
        return Health.status(HealthConfiguration.DEGRADED).withDetail("message", trouble).build();
      }
    }
    return Health.up().build();
  }
}
