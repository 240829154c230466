package net.culvert.node.health;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.Map;
import java.util.TreeMap;

/**
 * Tunnels as Prometheus meters, made from one look at the counters at each scrape: a tunnel or a
 * peer that goes takes its series along, and nothing is registered when one comes.
 */
final class TunnelMeters implements MultiCollector {

  private static final String TUNNEL = "tunnel";
  private static final String PEER = "peer";
  private static final String DIRECTION = "direction";
  private static final String OFFLOAD = "offload";
  private static final String REASON = "reason";
  private static final String OUTBOUND = "outbound";
  private static final String INBOUND = "inbound";

  private final Iterable<TunnelTrafficSource> sources;

  TunnelMeters(Iterable<TunnelTrafficSource> sources) {
    this.sources = sources;
  }

  @Override
  public MetricSnapshots collect() {
    CounterSnapshot.Builder packets =
        CounterSnapshot.builder()
            .name("culvert_tunnel_packets")
            .help("Inner packets forwarded, outbound from TUN to UDP and inbound back.");
    CounterSnapshot.Builder bytes =
        CounterSnapshot.builder()
            .name("culvert_tunnel_bytes")
            .help("Bytes of inner packets forwarded.");
    CounterSnapshot.Builder drops =
        CounterSnapshot.builder()
            .name("culvert_tunnel_drops")
            .help("Packets that were not forwarded, by reason; no peer where none is to blame.");
    GaugeSnapshot.Builder offloads =
        GaugeSnapshot.builder()
            .name("culvert_tunnel_offload")
            .help("1 while the kernel does this for many packets at once, 0 while it does not.");
    CounterSnapshot.Builder fallbacks =
        CounterSnapshot.builder()
            .name("culvert_tunnel_offload_fallbacks")
            .help("How often the kernel refused an offload that was in use.");
    Map<String, GaugeSnapshot.Builder> gauges = new TreeMap<>();
    for (TunnelTrafficSource source : sources) {
      for (TunnelTraffic traffic : source.tunnelTraffic()) {
        String tunnel = traffic.tunnel().value();
        for (TunnelTraffic.Peer peer : traffic.peers()) {
          String name = peer.peer().value();
          packets.dataPoint(forwarded(tunnel, name, OUTBOUND, peer.outboundPackets()));
          packets.dataPoint(forwarded(tunnel, name, INBOUND, peer.inboundPackets()));
          bytes.dataPoint(forwarded(tunnel, name, OUTBOUND, peer.outboundBytes()));
          bytes.dataPoint(forwarded(tunnel, name, INBOUND, peer.inboundBytes()));
          peer.drops().forEach((why, count) -> drops.dataPoint(drop(tunnel, name, why, count)));
        }
        traffic.drops().forEach((why, count) -> drops.dataPoint(drop(tunnel, "", why, count)));
        for (TunnelTraffic.Offload offload : traffic.offloads()) {
          Labels labels = Labels.of(TUNNEL, tunnel, OFFLOAD, offload.name());
          offloads.dataPoint(
              GaugeDataPointSnapshot.builder().labels(labels).value(offload.on() ? 1 : 0).build());
          fallbacks.dataPoint(point(labels, offload.fallbacks()));
        }
        traffic
            .gauges()
            .forEach((name, value) ->
                gauges
                    .computeIfAbsent(name, each -> GaugeSnapshot.builder().name(each))
                    .dataPoint(
                        GaugeDataPointSnapshot.builder()
                            .labels(Labels.of(TUNNEL, tunnel))
                            .value(value)
                            .build()));
      }
    }
    MetricSnapshots.Builder all =
        MetricSnapshots.builder()
            .metricSnapshot(packets.build())
            .metricSnapshot(bytes.build())
            .metricSnapshot(drops.build())
            .metricSnapshot(offloads.build())
            .metricSnapshot(fallbacks.build());
    gauges.values().forEach(gauge -> all.metricSnapshot(gauge.build()));
    return all.build();
  }

  private static CounterDataPointSnapshot forwarded(
      String tunnel, String peer, String direction, long value) {
    return point(Labels.of(TUNNEL, tunnel, PEER, peer, DIRECTION, direction), value);
  }

  private static CounterDataPointSnapshot drop(
      String tunnel, String peer, String reason, long value) {
    return point(Labels.of(TUNNEL, tunnel, PEER, peer, REASON, reason), value);
  }

  private static CounterDataPointSnapshot point(Labels labels, long value) {
    return CounterDataPointSnapshot.builder().labels(labels).value((double) value).build();
  }
}
