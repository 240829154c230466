package net.culvert.node.health;

import java.util.LinkedHashMap;
import java.util.Map;
import net.culvert.api.node.NodeInfo;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/** Names what the kernel or the node's privileges lack, and what will not work for it. */
final class CapabilitiesHealthIndicator implements HealthIndicator {

  private final Iterable<CapabilityHealthSource> sources;

  CapabilitiesHealthIndicator(Iterable<CapabilityHealthSource> sources) {
    this.sources = sources;
  }

  @Override
  public Health health() {
    Map<String, Object> missing = new LinkedHashMap<>();
    for (CapabilityHealthSource source : sources) {
      for (NodeInfo.Missing each : source.missing()) {
        missing.put(each.what(), each.consequence());
      }
    }
    Status status = missing.isEmpty() ? Status.UP : HealthConfiguration.DEGRADED;
    return Health.status(status).withDetail("missing", missing).build();
  }
}
