package net.culvert.node.tunnel;

import static net.culvert.node.reconcile.WishRefusedException.absent;
import static net.culvert.node.reconcile.WishRefusedException.conflict;
import static net.culvert.node.reconcile.WishRefusedException.invalid;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.culvert.api.tunnel.PeerSpec;
import net.culvert.api.tunnel.TransportKind;
import net.culvert.api.tunnel.TunnelSpec;
import net.culvert.api.value.Endpoint;
import net.culvert.api.value.LinkName;
import net.culvert.api.value.ListenAddress;
import net.culvert.api.value.Prefix;
import net.culvert.api.value.PublicKey;
import net.culvert.api.value.ResourceName;
import net.culvert.node.object.Claims;
import net.culvert.node.object.HostFacts;
import net.culvert.node.object.Observation;
import net.culvert.node.object.RouteKey;
import net.culvert.node.object.RouteState;
import net.culvert.node.reconcile.Expansion;
import net.culvert.node.reconcile.ObjectKey;
import net.culvert.node.reconcile.ResourceType;
import net.culvert.node.reconcile.Surroundings;
import net.culvert.node.reconcile.Wish;
import net.culvert.node.transport.wireguard.WireGuardIdentity;
import org.jspecify.annotations.Nullable;

/**
 * What a peer is made of: an entry of the data plane, and a kernel route for each of its prefixes.
 */
final class PeerType implements ResourceType<PeerSpec> {

  static final String NAME = "peers";

  private final TunnelType tunnels;
  private final TunnelMtu mtus;

  PeerType(TunnelType tunnels, HostFacts facts) {
    this.tunnels = tunnels;
    this.mtus = new TunnelMtu(facts);
  }

  /** A peer's name in the table: unique over all tunnels. */
  static String qualified(LinkName tunnel, ResourceName peer) {
    return tunnel + "/" + peer;
  }

  static PeerKey key(String qualified) {
    int slash = qualified.indexOf('/');
    return new PeerKey(
        new TunnelKey(new LinkName(qualified.substring(0, slash))),
        new ResourceName(qualified.substring(slash + 1)));
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Class<PeerSpec> bodyType() {
    return PeerSpec.class;
  }

  @Override
  public boolean comesFirst() {
    return true;
  }

  @Override
  public PeerSpec complete(String name, PeerSpec body, @Nullable PeerSpec stored) {
    return TunnelDefaults.of(body, stored);
  }

  @Override
  public PeerSpec withoutSecrets(PeerSpec body) {
    return new PeerSpec(
        body.endpoint(),
        body.allowedPrefixes(),
        body.installRoutes(),
        body.publicKey(),
        null,
        body.persistentKeepalive());
  }

  @Override
  public boolean followsFacts() {
    return true;
  }

  @Override
  public Expansion expand(String name, PeerSpec body, Surroundings surroundings) {
    PeerKey key = key(name);
    LinkName tunnelName = key.tunnel().name();
    TunnelSpec tunnel =
        surroundings
            .wish(tunnels, tunnelName.value())
            .map(Wish::body)
            .orElseThrow(() -> absent("there is no " + key.tunnel()));
    Collection<Wish<PeerSpec>> siblings = surroundings.children(TunnelType.id(tunnelName));
    requireBounds(name, body, siblings);
    requireKeys(name, body, tunnel, siblings);
    requireFamily(body, tunnel);
    requireNoLoop(body);

    Expansion.Builder expansion = Expansion.builder().parent(TunnelType.id(tunnelName));
    Set<Prefix> seen = new HashSet<>();
    boolean routes = TunnelDefaults.installRoutes(body);
    List<Prefix> prefixes = body.allowedPrefixes();
    for (int i = 0; i < prefixes.size(); i++) {
      Prefix prefix = prefixes.get(i);
      if (!seen.add(prefix)) {
        throw invalid("allowedPrefixes[" + i + "]", prefix + " stands twice");
      }
      if (prefix.address().isMulticast()) {
        throw invalid("allowedPrefixes[" + i + "]", prefix + " is multicast");
      }
      Claims.allowedPrefix(expansion, tunnelName, prefix);
      if (routes) {
        Claims.destination(expansion, null, prefix);
        if (TunnelDefaults.up(tunnel)) {
          expansion.object(RouteKey.of(null, prefix, null), new RouteState(null, tunnelName, null));
        }
      }
    }
    int tunnelMtu = mtus.ofTunnel(tunnel, siblings.stream().map(Wish::body).toList());
    expansion.object(
        key,
        new PeerState(
            body.endpoint(),
            prefixes,
            mtus.ofPeer(tunnel, body, tunnelMtu),
            TunnelKeys.identity(body)));
    return expansion.build();
  }

  /** A WireGuard peer is its public key, so it has one, and nobody else in the tunnel has it. */
  private static void requireKeys(
      String name, PeerSpec body, TunnelSpec tunnel, Collection<Wish<PeerSpec>> siblings) {
    PublicKey publicKey = body.publicKey();
    if (tunnel.transport() != TransportKind.WIREGUARD) {
      if (publicKey != null) {
        throw invalid("publicKey", "belongs to the transport wireguard");
      }
      if (body.presharedKey() != null) {
        throw invalid("presharedKey", "belongs to the transport wireguard");
      }
      if (body.persistentKeepalive() != null) {
        throw invalid("persistentKeepalive", "belongs to the transport wireguard");
      }
      return;
    }
    if (publicKey == null) {
      throw invalid("publicKey", "is missing; a WireGuard peer is known by it");
    }
    WireGuardIdentity identity = TunnelKeys.identity(body);
    if (identity != null && identity.publicKey().isLowOrder()) {
      throw invalid("publicKey", "is a point of low order, which is nobody's key");
    }
    if (publicKey.equals(TunnelKeys.publicKey(tunnel))) {
      throw conflict("publicKey", "is the tunnel's own");
    }
    for (Wish<PeerSpec> sibling : siblings) {
      if (!sibling.id().name().equals(name) && publicKey.equals(sibling.body().publicKey())) {
        throw conflict("publicKey", "is that of " + sibling.id() + " already");
      }
    }
  }

  private static void requireBounds(
      String name, PeerSpec body, Collection<Wish<PeerSpec>> siblings) {
    long prefixes = body.allowedPrefixes().size();
    int peers = 1;
    for (Wish<PeerSpec> sibling : siblings) {
      if (!sibling.id().name().equals(name)) {
        peers++;
        prefixes += sibling.body().allowedPrefixes().size();
      }
    }
    if (peers > PeerSpec.MAX_PEERS) {
      throw invalid("peer", "a tunnel has at most " + PeerSpec.MAX_PEERS + " peers");
    }
    if (prefixes > PeerSpec.MAX_PREFIXES) {
      throw invalid(
          "allowedPrefixes",
          "the peers of a tunnel have at most " + PeerSpec.MAX_PREFIXES + " prefixes together");
    }
  }

  /** A datagram leaves by a socket of its endpoint's family, so there must be one. */
  private static void requireFamily(PeerSpec body, TunnelSpec tunnel) {
    Endpoint endpoint = body.endpoint();
    if (endpoint == null || endpoint.address().isEmpty()) {
      return;
    }
    List<ListenAddress> listen = TunnelDefaults.listen(tunnel);
    if (listen.stream().noneMatch(at -> at.family() == endpoint.address().get().family())) {
      throw conflict(
          "endpoint", "the tunnel listens on " + listen + " and has no socket for " + endpoint);
    }
  }

  /** With such a route the tunnel's own datagrams would be sent into the tunnel. */
  private static void requireNoLoop(PeerSpec body) {
    Endpoint endpoint = body.endpoint();
    if (endpoint == null || endpoint.address().isEmpty() || !TunnelDefaults.installRoutes(body)) {
      return;
    }
    for (int i = 0; i < body.allowedPrefixes().size(); i++) {
      Prefix prefix = body.allowedPrefixes().get(i);
      if (prefix.contains(endpoint.address().get())) {
        throw conflict(
            "allowedPrefixes[" + i + "]",
            prefix
                + " contains the peer's own endpoint "
                + endpoint
                + ": with a route for it the tunnel would carry its own datagrams; set installRoutes"
                + " to false or leave the endpoint out of the prefix");
      }
    }
  }

  @Override
  public Map<String, Object> describe(Map<ObjectKey, Object> observed) {
    return Observation.describe(observed);
  }
}
