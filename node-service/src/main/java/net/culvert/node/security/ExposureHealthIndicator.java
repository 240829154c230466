package net.culvert.node.security;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Says whether the API is served by TLS. It is up either way: who allowed it meant it. */
final class ExposureHealthIndicator implements HealthIndicator {

  private final Health health;

  ExposureHealthIndicator(Exposure exposure) {
    Health.Builder builder =
        Health.up().withDetail("address", exposure.where()).withDetail("tls", exposure.tls());
    if (exposure.isPlaintextForOthers()) {
      builder.withDetail(
          "message",
          "The API is served without TLS on "
              + exposure.where()
              + ": whoever is on the way can read tokens and secrets.");
    }
    this.health = builder.build();
  }

  @Override
  public Health health() {
    return health;
  }
}
