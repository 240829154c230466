package net.culvert.node.tunnel;

import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import net.culvert.api.resource.ItemList;
import net.culvert.api.resource.ResourceStatus;
import net.culvert.api.tunnel.Peer;
import net.culvert.api.tunnel.PeerApi;
import net.culvert.api.tunnel.PeerSession;
import net.culvert.api.tunnel.PeerSpec;
import net.culvert.api.tunnel.TunnelSpec;
import net.culvert.api.value.LinkName;
import net.culvert.api.value.ResourceName;
import net.culvert.node.dataplane.TunnelSnapshot;
import net.culvert.node.dataplane.TunnelSnapshot.PeerSnapshot;
import net.culvert.node.reconcile.Wish;
import net.culvert.node.reconcile.Wishes;
import net.culvert.node.transport.TransportPeer;
import net.culvert.node.web.problem.AbsentException;
import net.culvert.node.web.resource.ResourceEndpoint;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RestController;

@RestController
class PeerController implements PeerApi {

  private static final long NANOS = 1_000_000_000L;

  private final Wishes wishes;
  private final TunnelType tunnelType;
  private final PeerType type;
  private final Tunnels tunnels;

  PeerController(Wishes wishes, TunnelType tunnelType, PeerType type, Tunnels tunnels) {
    this.wishes = wishes;
    this.tunnelType = tunnelType;
    this.type = type;
    this.tunnels = tunnels;
  }

  /** One snapshot of the tunnel serves all the peers of an answer. */
  private ResourceEndpoint<PeerSpec, Peer> endpoint(LinkName tunnel) {
    Map<String, PeerSnapshot> snapshots =
        tunnels.find(tunnel).stream()
            .flatMap(running -> running.plane().snapshot().peers().stream())
            .collect(Collectors.toMap(PeerSnapshot::name, each -> each, (a, b) -> a, HashMap::new));
    return new ResourceEndpoint<>(
        wishes,
        type,
        (wish, status) -> {
          PeerKey key = PeerType.key(wish.id().name());
          return view(wish, status, key, snapshots.get(key.name().value()));
        });
  }

  private Peer view(
      Wish<PeerSpec> wish, ResourceStatus status, PeerKey key, @Nullable PeerSnapshot snapshot) {
    PeerSpec body = wish.body();
    return new Peer(
        key.tunnel().name(),
        key.name(),
        body.endpoint(),
        body.allowedPrefixes(),
        TunnelDefaults.installRoutes(body),
        body.publicKey(),
        body.publicKey() == null ? null : body.presharedKey() != null,
        body.persistentKeepalive(),
        session(snapshot),
        TunnelController.Counters.of(snapshot),
        wish.revision(),
        withPath(status, key, snapshot));
  }

  /** What the data plane knows of the peer, beside what the kernel holds. */
  private ResourceStatus withPath(
      ResourceStatus status, PeerKey key, @Nullable PeerSnapshot snapshot) {
    Map<String, Object> observed = new LinkedHashMap<>();
    tunnels.peer(key).ifPresent(state -> observed.put("mtu", state.mtu()));
    if (snapshot != null) {
      observed.put("mtu", snapshot.mtuBytes());
      if (snapshot.pathMtuBytes() != 0) {
        observed.put("pathMtu", snapshot.pathMtuBytes());
      }
      if (snapshot.endpoint() != null) {
        observed.put("endpoint", snapshot.endpoint().toString());
        observed.put("endpointLearned", snapshot.endpointLearned());
      }
      putAge(observed, "lastOutboundMillis", snapshot.outbound());
      putAge(observed, "lastInboundMillis", snapshot.inbound());
    }
    return status.alsoObserving(observed);
  }

  private static @Nullable PeerSession session(@Nullable PeerSnapshot snapshot) {
    TransportPeer.Status status = snapshot == null ? null : snapshot.session();
    if (snapshot == null || status == null) {
      return null;
    }
    Long handshake = status.lastHandshakeEpochNanos();
    Long age = status.sessionAgeNanos();
    return new PeerSession(
        handshake == null
            ? null
            : Instant.ofEpochSecond(
                Math.floorDiv(handshake, NANOS), Math.floorMod(handshake, NANOS)),
        age == null ? null : age / NANOS,
        snapshot.roams());
  }

  private static void putAge(
      Map<String, Object> observed, String name, TunnelSnapshot.Traffic traffic) {
    Long since = traffic.sinceLastNanos();
    if (since != null) {
      observed.put(name, since / 1_000_000);
    }
  }

  private void requireTunnel(LinkName tunnel) {
    if (wishes.<TunnelSpec>get(tunnelType, tunnel.value()).isEmpty()) {
      throw new AbsentException("there is no " + TunnelType.id(tunnel));
    }
  }

  @Override
  public ResponseEntity<Peer> put(
      LinkName tunnel, ResourceName peer, @Nullable String ifMatch, PeerSpec body) {
    return endpoint(tunnel).put(PeerType.qualified(tunnel, peer), body);
  }

  @Override
  public ResponseEntity<Peer> get(LinkName tunnel, ResourceName peer) {
    return endpoint(tunnel).get(PeerType.qualified(tunnel, peer));
  }

  @Override
  public ItemList<Peer> list(LinkName tunnel) {
    requireTunnel(tunnel);
    return endpoint(tunnel).list(tunnel + "/");
  }

  @Override
  public ResponseEntity<Void> delete(LinkName tunnel, ResourceName peer, @Nullable String ifMatch) {
    return endpoint(tunnel).delete(PeerType.qualified(tunnel, peer));
  }
}
