package net.culvert.node.tunnel;

import java.io.IOException;
import java.net.DatagramSocket;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import net.culvert.api.tunnel.PeerSpec;
import net.culvert.api.tunnel.TransportKind;
import net.culvert.api.tunnel.TunnelSpec;
import net.culvert.api.value.Endpoint;
import net.culvert.api.value.LinkName;
import net.culvert.api.value.ListenAddress;
import net.culvert.api.value.Prefix;
import net.culvert.api.value.PublicKey;
import net.culvert.api.value.ResourceName;
import net.culvert.api.value.SecretKey;
import net.culvert.node.dataplane.TunnelSnapshot;
import net.culvert.node.dataplane.TunnelSnapshot.PeerSnapshot;
import net.culvert.node.kernel.udp.UdpEndpoint;
import net.culvert.node.reconcile.OperationException;
import net.culvert.node.reconcile.Precondition;
import net.culvert.node.reconcile.Wish;
import net.culvert.node.reconcile.WishRefusedException;
import net.culvert.node.reconcile.Wishes;
import net.culvert.node.transport.TransportPeer;
import net.culvert.node.uapi.DeviceChange;
import net.culvert.node.uapi.DevicePeer;
import net.culvert.node.uapi.DevicePeers;
import net.culvert.node.uapi.DeviceText;
import org.jspecify.annotations.Nullable;

/**
 * Carries out what {@code wg(8)} asks, as changes of wishes, and tells it what there is. The rules
 * are WireGuard's own: a prefix moves to who took it last. A peer that nobody has named is {@code
 * wg-} and the first 12 hex digits of its public key, and installs no routes. Any thread.
 */
final class WireGuardConfigurator {

  private static final int NAME_DIGITS = 12;
  private static final Precondition ALWAYS = revision -> true;

  private final Wishes wishes;
  private final TunnelType tunnelType;
  private final PeerType peerType;
  private final Tunnels tunnels;

  WireGuardConfigurator(Wishes wishes, TunnelType tunnelType, PeerType peerType, Tunnels tunnels) {
    this.wishes = wishes;
    this.tunnelType = tunnelType;
    this.peerType = peerType;
    this.tunnels = tunnels;
  }

  private record Named(String name, PeerSpec body) {}

  private TunnelSpec tunnel(LinkName name) {
    return wishes
        .<TunnelSpec>get(tunnelType, name.value())
        .map(Wish::body)
        .orElseThrow(() -> WishRefusedException.absent("there is no tunnel " + name));
  }

  private Map<PublicKey, Named> peers(LinkName tunnel) {
    Map<PublicKey, Named> found = new LinkedHashMap<>();
    for (Wish<PeerSpec> wish : wishes.<PeerSpec>list(peerType)) {
      PublicKey key = wish.body().publicKey();
      if (key != null && wish.id().name().startsWith(tunnel + "/")) {
        found.put(key, new Named(wish.id().name(), wish.body()));
      }
    }
    return found;
  }

  private static String hex(String base64) {
    return HexFormat.of().formatHex(Base64.getDecoder().decode(base64));
  }

  private static String nameOf(LinkName tunnel, PublicKey key) {
    String digits = hex(key.value()).substring(0, NAME_DIGITS);
    return PeerType.qualified(tunnel, new ResourceName("wg-" + digits));
  }

  // ------------------------------------------------------------------------------ changes

  /**
   * Makes it so, and returns when the kernel is.
   *
   * @throws WishRefusedException if it contradicts something
   * @throws OperationException if the kernel refused
   */
  synchronized void change(LinkName name, DeviceChange change)
      throws OperationException, InterruptedException, IOException {
    if (change.firewallMark() != null && change.firewallMark() != 0) {
      throw WishRefusedException.invalid("fwmark", "tunnels have no firewall mark");
    }
    changeTunnel(name, change);
    Map<PublicKey, Named> before = peers(name);
    Map<PublicKey, Named> after = wished(name, change, before, null);
    changePeers(before, after);
    locate(name, change, after);
  }

  /** A peer that has moved is where the command says, even if that was wished all the while. */
  private void locate(LinkName tunnel, DeviceChange change, Map<PublicKey, Named> after)
      throws OperationException {
    for (DeviceChange.PeerChange each : change.peers()) {
      Endpoint endpoint = each.endpoint();
      Named peer = after.get(each.publicKey());
      if (endpoint == null || endpoint.address().isEmpty() || peer == null) {
        continue;
      }
      ResourceName name = new ResourceName(peer.name().substring(peer.name().indexOf('/') + 1));
      tunnels.locate(
          new PeerKey(new TunnelKey(tunnel), name),
          new UdpEndpoint(endpoint.address().get(), endpoint.port()));
    }
  }

  private void changePeers(Map<PublicKey, Named> before, Map<PublicKey, Named> after)
      throws OperationException, InterruptedException {
    for (Map.Entry<PublicKey, Named> each : before.entrySet()) {
      if (!after.containsKey(each.getKey())) {
        wishes.delete(peerType, each.getValue().name(), ALWAYS);
      }
    }
    // Who loses a prefix loses it before another takes it.
    for (Map.Entry<PublicKey, Named> each : after.entrySet()) {
      Named known = before.get(each.getKey());
      if (known != null) {
        List<Prefix> kept = new ArrayList<>(known.body().allowedPrefixes());
        if (kept.retainAll(Set.copyOf(each.getValue().body().allowedPrefixes()))) {
          put(new Named(known.name(), with(known.body(), kept)));
        }
      }
    }
    for (Map.Entry<PublicKey, Named> each : after.entrySet()) {
      if (!each.getValue().equals(before.get(each.getKey()))) {
        put(each.getValue());
      }
    }
  }

  /**
   * Makes the tunnel as the file says, or leaves it as it was.
   *
   * @return whether there was none
   * @throws WishRefusedException if it contradicts something
   * @throws OperationException if the kernel refused
   */
  synchronized boolean replace(LinkName name, WgQuickFile file)
      throws OperationException, InterruptedException {
    TunnelSpec stored =
        wishes.<TunnelSpec>get(tunnelType, name.value()).map(Wish::body).orElse(null);
    if (stored != null && stored.transport() != TransportKind.WIREGUARD) {
      throw WishRefusedException.conflict("transport", "tunnels/" + name + " is another kind");
    }
    Map<PublicKey, Named> before = peers(name);
    DeviceChange change = new DeviceChange(null, null, null, true, file.peers());
    Map<PublicKey, Named> after = wished(name, change, before, file.installRoutes());
    wishes.put(tunnelType, name.value(), tunnel(file, stored), ALWAYS);
    try {
      changePeers(before, after);
      return stored == null;
    } catch (OperationException | RuntimeException e) {
      undo(name, stored, before, e);
      throw e;
    }
  }

  private static TunnelSpec tunnel(WgQuickFile file, @Nullable TunnelSpec stored) {
    Integer port = file.listenPort();
    TunnelSpec body =
        new TunnelSpec(
            TransportKind.WIREGUARD,
            null,
            stored == null ? null : stored.listen(),
            file.addresses(),
            file.mtu(),
            stored == null ? null : stored.queues(),
            null,
            stored == null ? null : stored.clampMss(),
            stored == null ? null : stored.disabledOffloads(),
            stored == null ? null : stored.cipher(),
            file.privateKey());
    TunnelSpec complete = TunnelDefaults.of(body, stored);
    return port == null ? complete : withPort(complete, port);
  }

  private static TunnelSpec withPort(TunnelSpec body, int port) {
    return new TunnelSpec(
        body.transport(),
        body.framing(),
        TunnelDefaults.listen(body).stream()
            .map(each -> new ListenAddress(each.address(), port))
            .toList(),
        body.addresses(),
        body.mtu(),
        body.queues(),
        body.up(),
        body.clampMss(),
        body.disabledOffloads(),
        body.cipher(),
        body.privateKey());
  }

  private void undo(
      LinkName name, @Nullable TunnelSpec stored, Map<PublicKey, Named> before, Exception refusal)
      throws InterruptedException {
    try {
      if (stored == null) {
        wishes.delete(tunnelType, name.value(), ALWAYS);
      } else {
        wishes.put(tunnelType, name.value(), stored, ALWAYS);
        changePeers(peers(name), before);
      }
    } catch (OperationException | RuntimeException e) {
      refusal.addSuppressed(e);
    }
  }

  private void put(Named peer) throws OperationException, InterruptedException {
    wishes.put(peerType, peer.name(), peer.body(), ALWAYS);
  }

  private void changeTunnel(LinkName name, DeviceChange change)
      throws OperationException, InterruptedException, IOException {
    TunnelSpec body = tunnel(name);
    SecretKey key = change.privateKey();
    Integer port = change.listenPort();
    if (key != null && key.value() == null) {
      throw WishRefusedException.invalid("private_key", "a tunnel has a private key");
    }
    if (key == null && port == null) {
      return;
    }
    TunnelSpec changed = port == null ? body : withPort(body, port == 0 ? freePort() : port);
    if (key != null) {
      changed = TunnelDefaults.of(changed.withPrivateKey(key), body);
    }
    wishes.put(tunnelType, name.value(), changed, ALWAYS);
  }

  private static int freePort() throws IOException {
    try (DatagramSocket socket = new DatagramSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /**
   * What the peers are to be.
   *
   * @param routes whether those that are touched install routes; null to leave that as it is
   */
  private static Map<PublicKey, Named> wished(
      LinkName tunnel,
      DeviceChange change,
      Map<PublicKey, Named> before,
      @Nullable Boolean routes) {
    DevicePeers peers = new DevicePeers();
    before.forEach((key, named) -> {
      PeerSpec body = named.body();
      Integer keepalive = body.persistentKeepalive();
      peers.add(
          key,
          body.presharedKey(),
          body.endpoint(),
          keepalive == null ? 0 : keepalive,
          body.allowedPrefixes());
    });
    Set<PublicKey> touched;
    try {
      touched = peers.apply(change);
    } catch (IllegalArgumentException e) {
      throw WishRefusedException.invalid("peers", String.valueOf(e.getMessage()));
    }
    Map<PublicKey, Named> after = new LinkedHashMap<>();
    for (DevicePeer peer : peers.all()) {
      PublicKey key = peer.publicKey();
      Named old = before.get(key);
      if (old == null) {
        after.put(key, new Named(nameOf(tunnel, key), body(peer, null, routes)));
      } else if (touched.contains(key)) {
        after.put(key, new Named(old.name(), body(peer, old.body(), routes)));
      } else {
        after.put(key, old);
      }
    }
    return after;
  }

  private static PeerSpec body(DevicePeer peer, @Nullable PeerSpec old, @Nullable Boolean routes) {
    boolean never = peer.keepaliveSeconds() == 0;
    return new PeerSpec(
        peer.endpoint(),
        List.copyOf(peer.allowedPrefixes()),
        installRoutes(old, routes),
        peer.publicKey(),
        peer.presharedKey(),
        never && old != null && old.persistentKeepalive() == null ? null : peer.keepaliveSeconds());
  }

  private static PeerSpec with(PeerSpec body, List<Prefix> prefixes) {
    return new PeerSpec(
        body.endpoint(),
        prefixes,
        body.installRoutes(),
        body.publicKey(),
        body.presharedKey(),
        body.persistentKeepalive());
  }

  private static Boolean installRoutes(@Nullable PeerSpec from, @Nullable Boolean routes) {
    if (routes != null) {
      return routes;
    }
    return from != null && TunnelDefaults.installRoutes(from);
  }

  // ------------------------------------------------------------------------------ what there is

  /** The device as {@code get=1} answers it. */
  void describe(LinkName name, DeviceText text) {
    TunnelSpec body = tunnel(name);
    TunnelSnapshot snapshot = tunnels.find(name).map(each -> each.plane().snapshot()).orElse(null);
    Map<String, PeerSnapshot> running =
        snapshot == null
            ? Map.of()
            : snapshot.peers().stream()
                .collect(Collectors.toMap(PeerSnapshot::name, Function.identity(), (a, b) -> a));
    text.device(body.privateKey(), TunnelDefaults.listen(body).getFirst().port(), 0);
    peers(name)
        .forEach((publicKey, named) -> {
          PeerSpec peer = named.body();
          text.peer(publicKey, peer.presharedKey());
          describe(text, peer, running.get(PeerType.key(named.name()).name().value()));
          text.settings(
              peer.persistentKeepalive() == null ? 0 : peer.persistentKeepalive(),
              peer.allowedPrefixes());
        });
  }

  private static void describe(DeviceText text, PeerSpec peer, @Nullable PeerSnapshot snapshot) {
    if (snapshot == null) {
      if (peer.endpoint() != null && peer.endpoint().address().isPresent()) {
        text.endpoint(peer.endpoint());
      }
      return;
    }
    if (snapshot.endpoint() != null) {
      text.endpoint(snapshot.endpoint());
    }
    TransportPeer.Status status = snapshot.session();
    text.traffic(
        status == null ? null : status.lastHandshakeEpochNanos(),
        snapshot.outbound().bytes(),
        snapshot.inbound().bytes());
  }
}
