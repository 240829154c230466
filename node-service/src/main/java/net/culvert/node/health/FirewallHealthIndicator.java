package net.culvert.node.health;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/** Shows packet filters of others that drop what this node has forwarded. */
final class FirewallHealthIndicator implements HealthIndicator {

  private final Iterable<FirewallHealthSource> sources;

  FirewallHealthIndicator(Iterable<FirewallHealthSource> sources) {
    this.sources = sources;
  }

  @Override
  public Health health() {
    Health.Builder health = Health.status(Status.UP);
    for (FirewallHealthSource source : sources) {
      FirewallHealthSource.FirewallHealth firewall = source.firewall();
      if (!firewall.well()) {
        health.status(HealthConfiguration.DEGRADED);
      }
      health.withDetails(firewall.details());
    }
    return health.build();
  }
}
