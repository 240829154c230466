package net.culvert.node.tunnel;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import net.culvert.api.value.LinkName;
import net.culvert.node.dataplane.Offload;
import net.culvert.node.dataplane.OffloadStatus;
import net.culvert.node.dataplane.TunnelSnapshot;
import net.culvert.node.dataplane.TunnelSnapshot.PeerSnapshot;
import net.culvert.node.events.EventLog;
import net.culvert.node.transport.TransportPeer;
import org.jspecify.annotations.Nullable;

/**
 * Finds what changed between two looks at the running tunnels: peers that are heard again or not
 * any more, peers that moved, offloads that were given up or work again. No clock and no thread;
 * its size is that of the tunnels. One thread.
 */
final class TunnelNews {

  /** WireGuard gives a session up after that long without a new one; a silent peer too, here. */
  static final long SILENCE_NANOS = 180_000_000_000L;

  private record PeerView(boolean up, @Nullable String endpoint, long roams) {}

  private record OffloadView(boolean on, long fallbacks) {}

  private final EventLog log;
  private final Map<LinkName, Map<String, PeerView>> peers = new HashMap<>();
  private final Map<LinkName, Map<Offload, OffloadView>> offloads = new HashMap<>();

  TunnelNews(EventLog log) {
    this.log = log;
  }

  /** These tunnels run now, and no others. */
  void look(Map<LinkName, TunnelSnapshot> running) {
    peers.keySet().retainAll(running.keySet());
    offloads.keySet().retainAll(running.keySet());
    running.forEach((tunnel, snapshot) -> {
      lookAtPeers(tunnel, snapshot);
      lookAtOffloads(tunnel, snapshot);
    });
  }

  private void lookAtPeers(LinkName tunnel, TunnelSnapshot snapshot) {
    Map<String, PeerView> known = peers.computeIfAbsent(tunnel, any -> new HashMap<>());
    Set<String> present = new HashSet<>();
    for (PeerSnapshot peer : snapshot.peers()) {
      present.add(peer.name());
      String endpoint = peer.endpoint() == null ? null : peer.endpoint().toString();
      PeerView now = new PeerView(isHeard(peer), endpoint, peer.roams());
      PeerView before = known.put(peer.name(), now);
      tell("peers/" + tunnel + "/" + peer.name(), before, now, peer);
    }
    known.keySet().retainAll(present);
  }

  private void tell(String resource, @Nullable PeerView before, PeerView now, PeerSnapshot peer) {
    boolean wasUp = before != null && before.up();
    if (now.up() != wasUp) {
      log.peer(now.up() ? "up" : "down", resource, now.endpoint());
    } else if (before != null
        && before.endpoint() != null
        && now.endpoint() != null
        && !before.endpoint().equals(now.endpoint())
        // A wish can give another endpoint too, and then nobody moved.
        && (now.roams() > before.roams() || (peer.session() == null && peer.endpointLearned()))) {
      log.peer("roamed", resource, now.endpoint());
    }
  }

  private static boolean isHeard(PeerSnapshot peer) {
    Long packet = peer.inbound().sinceLastNanos();
    TransportPeer.Status session = peer.session();
    Long age = session == null ? null : session.sessionAgeNanos();
    return (packet != null && packet < SILENCE_NANOS) || (age != null && age < SILENCE_NANOS);
  }

  private void lookAtOffloads(LinkName tunnel, TunnelSnapshot snapshot) {
    Map<Offload, OffloadView> known = offloads.computeIfAbsent(tunnel, any -> new HashMap<>());
    for (OffloadStatus status : snapshot.offloads()) {
      OffloadView now = new OffloadView(status.on(), status.fallbacks());
      OffloadView before = known.put(status.offload(), now);
      String resource = "tunnels/" + tunnel;
      long fallbacks = before == null ? 0 : before.fallbacks();
      if (now.fallbacks() > fallbacks) {
        log.fallback("given-up", resource, status.offload().label(), status.reason());
      }
      if (now.on() && before != null && !before.on()) {
        log.fallback("recovered", resource, status.offload().label(), null);
      }
    }
  }
}
