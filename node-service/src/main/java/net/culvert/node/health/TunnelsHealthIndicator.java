package net.culvert.node.health;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/** DOWN as soon as one tunnel has a thread that does not turn, and readiness with it. */
final class TunnelsHealthIndicator implements HealthIndicator {

  private final Iterable<TunnelHealthSource> sources;

  TunnelsHealthIndicator(Iterable<TunnelHealthSource> sources) {
    this.sources = sources;
  }

  @Override
  public Health health() {
    Map<String, Object> details = new LinkedHashMap<>();
    Status status = Status.UP;
    for (TunnelHealthSource source : sources) {
      for (TunnelHealth tunnel : source.tunnelHealth()) {
        details.put(tunnel.tunnel().value(), details(tunnel));
        if (!tunnel.agentsTurn()) {
          status = Status.DOWN;
        } else if ((!tunnel.deviceUp() || !tunnel.socketsBound()) && status.equals(Status.UP)) {
          status = HealthConfiguration.DEGRADED;
        }
      }
    }
    return Health.status(status).withDetails(details).build();
  }

  private static Map<String, Object> details(TunnelHealth tunnel) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("device", tunnel.deviceUp() ? "as wished" : "down or gone");
    details.put("sockets", tunnel.socketsBound() ? "bound" : "not bound");
    Map<String, String> agents = new LinkedHashMap<>();
    for (TunnelHealth.Agent agent : tunnel.agents()) {
      String trouble = agent.trouble() == null ? "" : ": " + agent.trouble();
      agents.put(agent.name(), (agent.turning() ? "turning" : "dead") + trouble);
    }
    details.put("agents", agents);
    details.put("lastOutboundPacket", age(tunnel.sinceOutboundPacket()));
    details.put("lastInboundPacket", age(tunnel.sinceInboundPacket()));
    return details;
  }

  private static String age(@Nullable Duration since) {
    return since == null ? "none yet" : since.toMillis() / 1000.0 + " s ago";
  }
}
