package net.culvert.node.dataplane;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import net.culvert.api.value.Prefix;
import net.culvert.node.forwarding.AllowedPrefixTable;
import net.culvert.node.transport.PeerIdentity;
import net.culvert.node.transport.TransportPeer;
import org.jspecify.annotations.Nullable;

/** All peers of a tunnel at one moment: an immutable snapshot that agents read without locks. */
final class Peers {

  static final Peers NONE = new Peers(Map.of(), AllowedPrefixTable.empty(), Map.of());

  private final Map<String, Peer> byName;
  private final AllowedPrefixTable<Peer> byPrefix;

  private final Map<TransportPeer, Peer> byTransportPeer;

  private Peers(
      Map<String, Peer> byName,
      AllowedPrefixTable<Peer> byPrefix,
      Map<TransportPeer, Peer> byTransportPeer) {
    this.byName = byName;
    this.byPrefix = byPrefix;
    this.byTransportPeer = byTransportPeer;
  }

  /**
   * These peers and no others; one that was there under the same name keeps its counters and what
   * was learned. A prefix that two peers claim belongs to the later.
   *
   * @param admit what the transport keeps of a peer
   */
  Peers replacedBy(
      List<PeerConfig> configs, int queues, Function<PeerIdentity, TransportPeer> admit) {
    Map<String, Peer> next = new LinkedHashMap<>();
    Map<TransportPeer, Peer> identities = new HashMap<>();
    AllowedPrefixTable.Builder<Peer> table = new AllowedPrefixTable.Builder<>();
    for (PeerConfig config : configs) {
      Peer known = byName.get(config.name());
      PeerIdentity identity = config.identity();
      TransportPeer transportPeer = identity == null ? null : admit.apply(identity);
      Peer peer =
          known == null
              ? Peer.create(config, transportPeer, queues)
              : known.reconfigured(config, transportPeer);
      if (transportPeer != null && identities.put(transportPeer, peer) != null) {
        throw new IllegalArgumentException("two peers are " + identity);
      }
      if (next.put(config.name(), peer) != null) {
        throw new IllegalArgumentException("two peers are named " + config.name());
      }
      for (Prefix prefix : config.allowedPrefixes()) {
        table.add(prefix, peer);
      }
    }
    return new Peers(Collections.unmodifiableMap(next), table.build(), identities);
  }

  /** In the order they were given. */
  Map<String, Peer> byName() {
    return byName;
  }

  /** Who owns an address. */
  AllowedPrefixTable<Peer> byPrefix() {
    return byPrefix;
  }

  /** The peer that the transport knows as that one; null if it is gone. */
  @Nullable Peer of(TransportPeer transportPeer) {
    return byTransportPeer.get(transportPeer);
  }

  /** All that the transport is to know. */
  Set<TransportPeer> transportPeers() {
    return byTransportPeer.keySet();
  }

  Collection<Peer> all() {
    return byName.values();
  }
}
