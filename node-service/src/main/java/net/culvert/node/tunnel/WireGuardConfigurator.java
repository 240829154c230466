package net.culvert.node.tunnel;

import java.io.IOException;
import java.net.DatagramSocket;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import net.culvert.api.tunnel.PeerSpec;
import net.culvert.api.tunnel.TransportKind;
import net.culvert.api.tunnel.TunnelSpec;
import net.culvert.api.value.LinkName;
import net.culvert.api.value.ListenAddress;
import net.culvert.api.value.Prefix;
import net.culvert.api.value.PublicKey;
import net.culvert.api.value.ResourceName;
import net.culvert.api.value.SecretKey;
import net.culvert.node.dataplane.TunnelSnapshot;
import net.culvert.node.dataplane.TunnelSnapshot.PeerSnapshot;
import net.culvert.node.reconcile.OperationException;
import net.culvert.node.reconcile.Precondition;
import net.culvert.node.reconcile.Wish;
import net.culvert.node.reconcile.WishRefusedException;
import net.culvert.node.reconcile.Wishes;
import net.culvert.node.transport.TransportPeer;
import net.culvert.node.tunnel.DeviceChange.PeerChange;
import net.culvert.node.tunnel.DeviceChange.PrefixChange;
import org.jspecify.annotations.Nullable;

/**
 * Carries out what {@code wg(8)} asks, as changes of wishes, and tells it what there is. The rules
 * are WireGuard's own: a prefix moves to who took it last. A peer that nobody has named is {@code
 * wg-} and the first 12 hex digits of its public key, and installs no routes. Any thread.
 */
final class WireGuardConfigurator {

  private static final int NAME_DIGITS = 12;
  private static final long NANOS = 1_000_000_000L;
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
    changePeers(before, wished(name, change, before, null));
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

  private static TunnelSpec withKey(TunnelSpec body, SecretKey key) {
    return new TunnelSpec(
        body.transport(),
        body.framing(),
        body.listen(),
        body.addresses(),
        body.mtu(),
        body.queues(),
        body.up(),
        body.clampMss(),
        body.disabledOffloads(),
        body.cipher(),
        key);
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
      changed = TunnelDefaults.of(withKey(changed, key), body);
    }
    wishes.put(tunnelType, name.value(), changed, ALWAYS);
  }

  private static int freePort() throws IOException {
    try (DatagramSocket socket = new DatagramSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static Map<PublicKey, Named> wished(
      LinkName tunnel,
      DeviceChange change,
      Map<PublicKey, Named> before,
      @Nullable Boolean routes) {
    Map<PublicKey, Named> after =
        change.replacePeers() ? new LinkedHashMap<>() : new LinkedHashMap<>(before);
    Map<Prefix, PublicKey> owners = new HashMap<>();
    after.forEach(
        (key, named) -> named.body().allowedPrefixes().forEach(prefix -> owners.put(prefix, key)));
    for (PeerChange each : change.peers()) {
      PublicKey key = each.publicKey();
      Named known = after.get(key);
      if (each.remove() || known == null && each.updateOnly()) {
        if (known != null) {
          after.remove(key);
          known.body().allowedPrefixes().forEach(owners::remove);
        }
        continue;
      }
      Named old = before.get(key);
      PeerSpec from = known == null ? null : known.body();
      Set<Prefix> prefixes = new LinkedHashSet<>();
      if (from != null) {
        if (each.replacePrefixes()) {
          from.allowedPrefixes().forEach(owners::remove);
        } else {
          prefixes.addAll(from.allowedPrefixes());
        }
      }
      for (PrefixChange prefixChange : each.prefixes()) {
        Prefix prefix = prefixChange.prefix();
        if (prefixChange.remove()) {
          if (prefixes.remove(prefix)) {
            owners.remove(prefix);
          }
        } else {
          PublicKey owner = owners.put(prefix, key);
          if (owner != null && !owner.equals(key)) {
            after.computeIfPresent(owner, (any, loser) -> without(loser, prefix));
          }
          prefixes.add(prefix);
        }
      }
      String name = old == null ? nameOf(tunnel, key) : old.name();
      after.put(key, new Named(name, peer(each, from, List.copyOf(prefixes), routes)));
    }
    return after;
  }

  private static Named without(Named named, Prefix prefix) {
    List<Prefix> rest =
        named.body().allowedPrefixes().stream().filter(each -> !each.equals(prefix)).toList();
    return new Named(named.name(), with(named.body(), rest));
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

  /**
   * @param routes whether it installs routes; null to leave that as it is
   */
  private static PeerSpec peer(
      PeerChange change, @Nullable PeerSpec from, List<Prefix> prefixes, @Nullable Boolean routes) {
    SecretKey preshared = change.presharedKey();
    if (preshared == null) {
      preshared = from == null ? null : from.presharedKey();
    }
    Integer keepalive = change.keepaliveSeconds();
    return new PeerSpec(
        change.endpoint() != null ? change.endpoint() : from == null ? null : from.endpoint(),
        prefixes,
        installRoutes(from, routes),
        change.publicKey(),
        preshared == null || preshared.value() == null ? null : preshared,
        keepalive != null
            ? keepalive
            : from == null ? Integer.valueOf(0) : from.persistentKeepalive());
  }

  private static Boolean installRoutes(@Nullable PeerSpec from, @Nullable Boolean routes) {
    if (routes != null) {
      return routes;
    }
    return from != null && TunnelDefaults.installRoutes(from);
  }

  // ------------------------------------------------------------------------------ what there is

  /** The device as {@code get=1} answers it, without the line that ends it. */
  String describe(LinkName name) {
    TunnelSpec body = tunnel(name);
    TunnelSnapshot snapshot = tunnels.find(name).map(each -> each.plane().snapshot()).orElse(null);
    Map<String, PeerSnapshot> running =
        snapshot == null
            ? Map.of()
            : snapshot.peers().stream()
                .collect(Collectors.toMap(PeerSnapshot::name, Function.identity(), (a, b) -> a));
    StringBuilder text = new StringBuilder();
    SecretKey key = body.privateKey();
    if (key != null && key.value() != null) {
      line(text, "private_key", hex(key.value()));
    }
    line(text, "listen_port", TunnelDefaults.listen(body).getFirst().port());
    peers(name)
        .forEach((publicKey, named) -> {
          PeerSpec peer = named.body();
          line(text, "public_key", hex(publicKey.value()));
          SecretKey preshared = peer.presharedKey();
          line(
              text,
              "preshared_key",
              preshared == null || preshared.value() == null
                  ? "0".repeat(2 * 32)
                  : hex(preshared.value()));
          line(text, "protocol_version", 1);
          describe(text, peer, running.get(PeerType.key(named.name()).name().value()));
          line(
              text,
              "persistent_keepalive_interval",
              peer.persistentKeepalive() == null ? 0 : peer.persistentKeepalive());
          peer.allowedPrefixes().forEach(prefix -> line(text, "allowed_ip", prefix));
        });
    return text.toString();
  }

  private static void describe(StringBuilder text, PeerSpec peer, @Nullable PeerSnapshot snapshot) {
    if (snapshot == null) {
      if (peer.endpoint() != null && peer.endpoint().address().isPresent()) {
        line(text, "endpoint", peer.endpoint());
      }
      return;
    }
    if (snapshot.endpoint() != null) {
      line(text, "endpoint", snapshot.endpoint());
    }
    TransportPeer.Status status = snapshot.session();
    Long handshake = status == null ? null : status.lastHandshakeEpochNanos();
    line(text, "last_handshake_time_sec", handshake == null ? 0 : Math.floorDiv(handshake, NANOS));
    line(text, "last_handshake_time_nsec", handshake == null ? 0 : Math.floorMod(handshake, NANOS));
    line(text, "tx_bytes", snapshot.outbound().bytes());
    line(text, "rx_bytes", snapshot.inbound().bytes());
  }

  private static void line(StringBuilder text, String key, Object value) {
    text.append(key).append('=').append(value).append('\n');
  }
}
