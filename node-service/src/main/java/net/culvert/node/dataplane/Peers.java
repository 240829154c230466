package net.culvert.node.dataplane;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.culvert.api.value.Prefix;
import net.culvert.node.forwarding.AllowedPrefixTable;

/** All peers of a tunnel at one moment: an immutable snapshot that agents read without locks. */
final class Peers {

  static final Peers NONE = new Peers(Map.of(), AllowedPrefixTable.empty());

  private final Map<String, Peer> byName;
  private final AllowedPrefixTable<Peer> byPrefix;

  private Peers(Map<String, Peer> byName, AllowedPrefixTable<Peer> byPrefix) {
    this.byName = byName;
    this.byPrefix = byPrefix;
  }

  /**
   * These peers and no others; one that was there under the same name keeps its counters and what
   * was learned. A prefix that two peers claim belongs to the later.
   */
  Peers replacedBy(List<PeerConfig> configs, int queues) {
    Map<String, Peer> next = new LinkedHashMap<>();
    AllowedPrefixTable.Builder<Peer> table = new AllowedPrefixTable.Builder<>();
    for (PeerConfig config : configs) {
      Peer known = byName.get(config.name());
      Peer peer = known == null ? Peer.create(config, queues) : known.reconfigured(config);
      if (next.put(config.name(), peer) != null) {
        throw new IllegalArgumentException("two peers are named " + config.name());
      }
      for (Prefix prefix : config.allowedPrefixes()) {
        table.add(prefix, peer);
      }
    }
    return new Peers(Collections.unmodifiableMap(next), table.build());
  }

  /** In the order they were given. */
  Map<String, Peer> byName() {
    return byName;
  }

  /** Who owns an address. */
  AllowedPrefixTable<Peer> byPrefix() {
    return byPrefix;
  }

  Collection<Peer> all() {
    return byName.values();
  }
}
