package net.culvert.node.tunnel;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.culvert.api.value.ResourceName;
import net.culvert.node.dataplane.AgentStatus;
import net.culvert.node.dataplane.TunnelSnapshot;
import net.culvert.node.dataplane.TunnelSnapshot.PeerSnapshot;
import net.culvert.node.health.TunnelHealth;
import net.culvert.node.health.TunnelHealthSource;
import net.culvert.node.health.TunnelTraffic;
import net.culvert.node.health.TunnelTrafficSource;
import org.jspecify.annotations.Nullable;

/** What health and metrics ask of the running tunnels. */
final class TunnelSources implements TunnelHealthSource, TunnelTrafficSource {

  private final Tunnels tunnels;
  private final DeviceState device;

  /** Whether a tunnel's device is there and as up as it is wished. */
  @FunctionalInterface
  interface DeviceState {
    boolean isAsWished(RunningTunnel tunnel);
  }

  TunnelSources(Tunnels tunnels, DeviceState device) {
    this.tunnels = tunnels;
    this.device = device;
  }

  @Override
  public List<TunnelHealth> tunnelHealth() {
    return tunnels.all().stream().map(this::health).toList();
  }

  private TunnelHealth health(RunningTunnel tunnel) {
    TunnelSnapshot snapshot = tunnel.plane().snapshot();
    return new TunnelHealth(
        tunnel.key().name(),
        device.isAsWished(tunnel),
        snapshot.sockets().size() == tunnel.state().listen().size() * tunnel.state().queues(),
        snapshot.agents().stream().map(TunnelSources::agent).toList(),
        age(snapshot.outbound()),
        age(snapshot.inbound()));
  }

  private static TunnelHealth.Agent agent(AgentStatus status) {
    return new TunnelHealth.Agent(status.name(), status.alive(), status.failure());
  }

  private static @Nullable Duration age(TunnelSnapshot.Traffic traffic) {
    Long since = traffic.sinceLastNanos();
    return since == null ? null : Duration.ofNanos(since);
  }

  @Override
  public List<TunnelTraffic> tunnelTraffic() {
    return tunnels.all().stream().map(TunnelSources::traffic).toList();
  }

  private static TunnelTraffic traffic(RunningTunnel tunnel) {
    TunnelSnapshot snapshot = tunnel.plane().snapshot();
    Map<String, Long> unattributed =
        TrafficDrops.merge(snapshot.outboundDrops(), snapshot.inboundDrops());
    List<TunnelTraffic.Peer> peers = snapshot.peers().stream().map(TunnelSources::peer).toList();
    for (TunnelTraffic.Peer peer : peers) {
      peer.drops().forEach((reason, count) -> unattributed.merge(reason, -count, Long::sum));
    }
    unattributed.values().removeIf(count -> count <= 0);
    Map<String, Double> gauges = new TreeMap<>();
    gauges.put("culvert_tunnel_queues", (double) tunnel.state().queues());
    List<TunnelTraffic.Offload> offloads =
        snapshot.offloads().stream()
            .map(each ->
                new TunnelTraffic.Offload(each.offload().label(), each.on(), each.fallbacks()))
            .toList();
    return new TunnelTraffic(tunnel.key().name(), peers, unattributed, gauges, offloads);
  }

  private static TunnelTraffic.Peer peer(PeerSnapshot peer) {
    return new TunnelTraffic.Peer(
        new ResourceName(peer.name()),
        peer.outbound().packets(),
        peer.outbound().bytes(),
        peer.inbound().packets(),
        peer.inbound().bytes(),
        TrafficDrops.merge(peer.outboundDrops(), peer.inboundDrops()));
  }
}
