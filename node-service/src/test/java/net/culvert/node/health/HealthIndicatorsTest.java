package net.culvert.node.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import net.culvert.api.node.NodeInfo;
import net.culvert.api.value.LinkName;
import net.culvert.node.health.ReconcileHealthSource.FailedResource;
import net.culvert.node.health.TunnelHealth.Agent;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

class HealthIndicatorsTest {

  private static TunnelHealth tunnel(boolean device, boolean sockets, Agent... agents) {
    return new TunnelHealth(
        new LinkName("tun0"), device, sockets, List.of(agents), Duration.ofMillis(1500), null);
  }

  private static Health tunnels(TunnelHealth... tunnels) {
    List<TunnelHealthSource> sources = List.of(() -> List.of(tunnels));
    return new TunnelsHealthIndicator(sources).health();
  }

  private static final Agent OUT = new Agent("out-tun0", true, null);
  private static final Agent IN = new Agent("in-tun0", true, null);
  private static final Agent DEAD = new Agent("in-tun0", false, "EBADF");

  @Test
  void aTunnelThatMovesPacketsIsUp() {
    Health health = tunnels(tunnel(true, true, OUT, IN));
    assertThat(health.getStatus()).isEqualTo(Status.UP);
    assertThat(String.valueOf(health.getDetails().get("tun0")))
        .isEqualTo(
            "{device=as wished, sockets=bound, agents={out-tun0=turning, in-tun0=turning},"
                + " lastOutboundPacket=1.5 s ago, lastInboundPacket=none yet}");
    assertThat(tunnels().getStatus()).isEqualTo(Status.UP);
  }

  /** Readiness follows: its group includes this indicator. */
  @Test
  void aDeadThreadIsDown() {
    Health health = tunnels(tunnel(true, true, OUT, DEAD), tunnel(true, true, OUT, IN));
    assertThat(health.getStatus()).isEqualTo(Status.DOWN);
    assertThat(tunnels(tunnel(false, true, OUT, DEAD)).getStatus()).isEqualTo(Status.DOWN);
    assertThat(String.valueOf(tunnels(tunnel(true, true, OUT, DEAD)).getDetails().get("tun0")))
        .contains("in-tun0=dead: EBADF");
  }

  @Test
  void aMissingDeviceOrSocketIsShown() {
    assertThat(tunnels(tunnel(false, true, OUT, IN)).getStatus())
        .isEqualTo(HealthConfiguration.DEGRADED);
    assertThat(tunnels(tunnel(true, false, OUT, IN)).getStatus())
        .isEqualTo(HealthConfiguration.DEGRADED);
  }

  @Test
  void aFailedResourceIsShownAndBreaksNothing() {
    FailedResource failed =
        new FailedResource("namespaces/net1", "RTM_NEWLINK failed", 3, Instant.EPOCH);
    List<ReconcileHealthSource> sources = List.of(() -> List.of(failed));
    Health health = new ReconcileHealthIndicator(sources).health();
    assertThat(health.getStatus()).isEqualTo(HealthConfiguration.DEGRADED);
    assertThat(health.getDetails())
        .containsEntry("failed", 1)
        .hasEntrySatisfying(
            "namespaces/net1",
            details -> assertThat(details.toString()).contains("RTM_NEWLINK failed"));
  }

  @Test
  void manyFailuresMakeAShortAnswer() {
    List<FailedResource> failed =
        IntStream.range(0, 10_000)
            .mapToObj(i -> new FailedResource("routes/r" + i, "no", 1, Instant.EPOCH))
            .toList();
    List<ReconcileHealthSource> sources = List.of(() -> failed);
    Health health = new ReconcileHealthIndicator(sources).health();
    assertThat(health.getDetails()).containsEntry("failed", 10_000).hasSize(101);
  }

  @Test
  void whatIsMissingIsNamedWithWhatWillNotWork() {
    List<CapabilityHealthSource> sources =
        List.of(() -> List.of(new NodeInfo.Missing("CAP_NET_RAW", "ping")));
    Health health = new CapabilitiesHealthIndicator(sources).health();
    assertThat(health.getStatus()).isEqualTo(HealthConfiguration.DEGRADED);
    assertThat(health.getDetails().toString()).isEqualTo("{missing={CAP_NET_RAW=ping}}");
    assertThat(new CapabilitiesHealthIndicator(List.of()).health().getStatus())
        .isEqualTo(Status.UP);
  }
}
