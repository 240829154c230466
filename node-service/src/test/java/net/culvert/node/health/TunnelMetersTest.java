package net.culvert.node.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.culvert.api.value.LinkName;
import net.culvert.api.value.ResourceName;
import org.junit.jupiter.api.Test;

class TunnelMetersTest {

  private final List<TunnelTraffic> traffic = new ArrayList<>();
  private final PrometheusRegistry registry = new PrometheusRegistry();

  private List<String> scrape() throws IOException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    PrometheusTextFormatWriter.create().write(text, registry.scrape());
    return text.toString(StandardCharsets.UTF_8)
        .lines()
        .filter(line -> !line.startsWith("#"))
        .toList();
  }

  private static TunnelTraffic tunnel(String name, TunnelTraffic.Peer... peers) {
    return new TunnelTraffic(
        new LinkName(name),
        List.of(peers),
        Map.of("malformed", 7L),
        Map.of("culvert_tunnel_queues", 2.0),
        List.of(new TunnelTraffic.Offload("send-trains", false, 3)));
  }

  @Test
  void seriesComeAndGoWithTunnelsAndPeers() throws IOException {
    registry.register(new TunnelMeters(List.of(() -> traffic)));
    assertThat(scrape()).isEmpty();

    TunnelTraffic.Peer peer =
        new TunnelTraffic.Peer(
            new ResourceName("node-b"), 1, 84, 2, 168, Map.of("source_not_allowed", 3L));
    traffic.add(tunnel("tun0", peer));
    traffic.add(tunnel("tun1"));
    assertThat(scrape())
        .containsExactlyInAnyOrder(
            "culvert_tunnel_packets_total{direction=\"outbound\",peer=\"node-b\",tunnel=\"tun0\"} 1.0",
            "culvert_tunnel_packets_total{direction=\"inbound\",peer=\"node-b\",tunnel=\"tun0\"} 2.0",
            "culvert_tunnel_bytes_total{direction=\"outbound\",peer=\"node-b\",tunnel=\"tun0\"} 84.0",
            "culvert_tunnel_bytes_total{direction=\"inbound\",peer=\"node-b\",tunnel=\"tun0\"} 168.0",
            "culvert_tunnel_drops_total{peer=\"node-b\",reason=\"source_not_allowed\",tunnel=\"tun0\"} 3.0",
            "culvert_tunnel_drops_total{peer=\"\",reason=\"malformed\",tunnel=\"tun0\"} 7.0",
            "culvert_tunnel_drops_total{peer=\"\",reason=\"malformed\",tunnel=\"tun1\"} 7.0",
            "culvert_tunnel_offload{offload=\"send-trains\",tunnel=\"tun0\"} 0.0",
            "culvert_tunnel_offload{offload=\"send-trains\",tunnel=\"tun1\"} 0.0",
            "culvert_tunnel_offload_fallbacks_total{offload=\"send-trains\",tunnel=\"tun0\"} 3.0",
            "culvert_tunnel_offload_fallbacks_total{offload=\"send-trains\",tunnel=\"tun1\"} 3.0",
            "culvert_tunnel_queues{tunnel=\"tun0\"} 2.0",
            "culvert_tunnel_queues{tunnel=\"tun1\"} 2.0");

    traffic.removeFirst();
    assertThat(scrape()).hasSize(4).allMatch(line -> line.contains("tunnel=\"tun1\""));
    traffic.clear();
    assertThat(scrape()).isEmpty();
  }
}
