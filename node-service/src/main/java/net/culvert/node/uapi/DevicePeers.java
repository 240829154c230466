package net.culvert.node.uapi;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import net.culvert.api.tunnel.PeerSpec;
import net.culvert.api.value.Endpoint;
import net.culvert.api.value.Prefix;
import net.culvert.api.value.PublicKey;
import net.culvert.api.value.SecretKey;
import net.culvert.node.uapi.DeviceChange.PeerChange;
import net.culvert.node.uapi.DeviceChange.PrefixChange;
import org.jspecify.annotations.Nullable;

/**
 * The peers of a device under WireGuard's own rules: a prefix moves to who took it last, and a peer
 * is known by its public key alone. A change costs what it touches, not what there is. One thread
 * at a time.
 */
public final class DevicePeers {

  private final Map<PublicKey, DevicePeer> peers = new LinkedHashMap<>();
  private final Map<Prefix, DevicePeer> owners = new HashMap<>();

  /** A peer that is there already; its prefixes are nobody else's. */
  public void add(
      PublicKey publicKey,
      @Nullable SecretKey presharedKey,
      @Nullable Endpoint endpoint,
      int keepaliveSeconds,
      Collection<Prefix> allowedPrefixes) {
    DevicePeer peer = new DevicePeer(publicKey);
    peer.presharedKey = presharedKey;
    peer.endpoint = endpoint;
    peer.keepaliveSeconds = keepaliveSeconds;
    peer.prefixes.addAll(allowedPrefixes);
    allowedPrefixes.forEach(prefix -> owners.put(prefix, peer));
    peers.put(publicKey, peer);
  }

  /** In the order that they came in. */
  public Collection<DevicePeer> all() {
    return Collections.unmodifiableCollection(peers.values());
  }

  public @Nullable DevicePeer get(PublicKey publicKey) {
    return peers.get(publicKey);
  }

  /**
   * Changes the peers, all of it or nothing.
   *
   * @return the keys of those that came, went or are not as they were
   * @throws IllegalArgumentException if there would be more than a device has
   */
  public Set<PublicKey> apply(DeviceChange change) {
    requireRoom(change);
    Set<PublicKey> touched = new LinkedHashSet<>();
    if (change.replacePeers()) {
      touched.addAll(peers.keySet());
      peers.clear();
      owners.clear();
    }
    change.peers().forEach(each -> apply(each, touched));
    return touched;
  }

  /** Takes a peer away; whether it was there. */
  public boolean remove(PublicKey publicKey) {
    DevicePeer peer = peers.remove(publicKey);
    if (peer != null) {
      peer.prefixes.forEach(owners::remove);
    }
    return peer != null;
  }

  private void apply(PeerChange change, Set<PublicKey> touched) {
    PublicKey key = change.publicKey();
    DevicePeer peer = peers.get(key);
    if (change.remove() || peer == null && change.updateOnly()) {
      if (remove(key)) {
        touched.add(key);
      }
      return;
    }
    if (peer == null) {
      peer = new DevicePeer(key);
      peers.put(key, peer);
    }
    touched.add(key);
    if (change.presharedKey() != null) {
      peer.presharedKey = change.presharedKey().value() == null ? null : change.presharedKey();
    }
    if (change.endpoint() != null) {
      peer.endpoint = change.endpoint();
    }
    if (change.keepaliveSeconds() != null) {
      peer.keepaliveSeconds = change.keepaliveSeconds();
    }
    if (change.replacePrefixes()) {
      peer.prefixes.forEach(owners::remove);
      peer.prefixes.clear();
    }
    for (PrefixChange each : change.prefixes()) {
      if (!each.remove()) {
        DevicePeer loser = owners.put(each.prefix(), peer);
        if (loser != null && loser != peer) {
          loser.prefixes.remove(each.prefix());
          touched.add(loser.publicKey());
        }
        peer.prefixes.add(each.prefix());
      } else if (peer.prefixes.remove(each.prefix())) {
        owners.remove(each.prefix());
      }
    }
  }

  /**
   * What a change removes makes room only where it replaces everything. Counting closely is done
   * only where a quick count says too many.
   */
  private void requireRoom(DeviceChange change) {
    long peerCount = change.replacePeers() ? 0 : peers.size();
    long prefixCount = change.replacePeers() ? 0 : owners.size();
    peerCount += change.peers().size();
    for (PeerChange each : change.peers()) {
      prefixCount += each.prefixes().size();
    }
    if (peerCount > PeerSpec.MAX_PEERS && distinctPeers(change) > PeerSpec.MAX_PEERS) {
      throw new IllegalArgumentException("a device has at most " + PeerSpec.MAX_PEERS + " peers");
    }
    if (prefixCount > PeerSpec.MAX_PREFIXES && distinctPrefixes(change) > PeerSpec.MAX_PREFIXES) {
      throw new IllegalArgumentException(
          "a device has at most " + PeerSpec.MAX_PREFIXES + " prefixes");
    }
  }

  private int distinctPeers(DeviceChange change) {
    Set<PublicKey> all = new HashSet<>();
    if (!change.replacePeers()) {
      all.addAll(peers.keySet());
    }
    for (PeerChange each : change.peers()) {
      if (!each.remove() && !each.updateOnly()) {
        all.add(each.publicKey());
      }
    }
    return all.size();
  }

  private int distinctPrefixes(DeviceChange change) {
    Set<Prefix> all = new HashSet<>();
    if (!change.replacePeers()) {
      all.addAll(owners.keySet());
    }
    for (PeerChange each : change.peers()) {
      DevicePeer known = peers.get(each.publicKey());
      if (!change.replacePeers() && known != null && each.replacePrefixes()) {
        all.removeAll(known.prefixes);
      }
    }
    for (PeerChange each : change.peers()) {
      each.prefixes().stream().filter(p -> !p.remove()).forEach(p -> all.add(p.prefix()));
    }
    return all.size();
  }
}
