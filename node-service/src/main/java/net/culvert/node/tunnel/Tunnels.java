package net.culvert.node.tunnel;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import net.culvert.api.value.IpAddress;
import net.culvert.api.value.LinkName;
import net.culvert.api.value.ResourceName;
import net.culvert.node.dataplane.PeerConfig;
import net.culvert.node.kernel.udp.UdpEndpoint;
import net.culvert.node.reconcile.OperationException;
import org.jspecify.annotations.Nullable;

/**
 * The running tunnels and what they were told of their peers. Peers outlive a restart of their data
 * plane. Any thread.
 */
final class Tunnels implements AutoCloseable {

  private static final long PUBLISH_SECONDS = 5;

  /** Who wants to know which tunnels there are. On the reconciler's thread. */
  interface Listener {

    /** A data plane runs, anew or again. */
    void started(RunningTunnel tunnel);

    /** The tunnel is gone, not only its data plane. */
    void removed(LinkName name);
  }

  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private final Map<LinkName, RunningTunnel> running = new TreeMap<>();
  private final Map<LinkName, Map<ResourceName, PeerState>> peers = new TreeMap<>();
  private final Map<PeerKey, IpAddress> resolved = new LinkedHashMap<>();

  void listenBy(Listener listener) {
    listeners.add(listener);
  }

  /** The device is gone, and so is all that is known by its name. */
  void removed(LinkName name) {
    listeners.forEach(listener -> listener.removed(name));
  }

  synchronized Optional<RunningTunnel> find(LinkName name) {
    return Optional.ofNullable(running.get(name));
  }

  /** Whether that very data plane still runs; a restarted one is another. */
  synchronized boolean isRunning(RunningTunnel tunnel) {
    RunningTunnel now = running.get(tunnel.key().name());
    return now != null && now.plane().equals(tunnel.plane());
  }

  synchronized List<RunningTunnel> all() {
    return List.copyOf(running.values());
  }

  /** Takes a started data plane and tells it the peers that are known already. */
  void add(RunningTunnel tunnel) throws OperationException {
    synchronized (this) {
      running.put(tunnel.key().name(), tunnel);
    }
    publish(tunnel.key());
    listeners.forEach(listener -> listener.started(tunnel));
  }

  /** Stops a data plane, if there is one; its device stays. */
  void stop(LinkName name) {
    RunningTunnel tunnel;
    synchronized (this) {
      tunnel = running.remove(name);
    }
    if (tunnel != null) {
      tunnel.plane().close();
    }
  }

  synchronized void putPeer(PeerKey key, PeerState state) {
    PeerState before =
        peers.computeIfAbsent(key.tunnel().name(), any -> new TreeMap<>()).put(key.name(), state);
    if (before == null || !java.util.Objects.equals(before.endpoint(), state.endpoint())) {
      resolved.remove(key);
    }
  }

  synchronized void removePeer(PeerKey key) {
    resolved.remove(key);
    peers.computeIfPresent(
        key.tunnel().name(),
        (any, map) -> {
          map.remove(key.name());
          return map.isEmpty() ? null : map;
        });
  }

  synchronized Map<ResourceName, PeerState> peers(LinkName tunnel) {
    return Map.copyOf(peers.getOrDefault(tunnel, Map.of()));
  }

  synchronized Map<PeerKey, PeerState> peers() {
    Map<PeerKey, PeerState> all = new LinkedHashMap<>();
    peers.forEach((tunnel, map) ->
        map.forEach((peer, state) -> all.put(new PeerKey(new TunnelKey(tunnel), peer), state)));
    return all;
  }

  synchronized Optional<PeerState> peer(PeerKey key) {
    return Optional.ofNullable(peers.getOrDefault(key.tunnel().name(), Map.of()).get(key.name()));
  }

  /** A peer's host name has an address now. */
  void resolved(PeerKey key, IpAddress address) throws OperationException {
    synchronized (this) {
      if (peer(key).isEmpty() || address.equals(resolved.put(key, address))) {
        return;
      }
    }
    publish(key.tunnel());
  }

  synchronized @Nullable IpAddress resolvedAddress(PeerKey key) {
    return resolved.get(key);
  }

  /** Tells a data plane its peers, and waits until its agents see them. */
  void publish(TunnelKey key) throws OperationException {
    RunningTunnel tunnel;
    List<PeerConfig> configs;
    synchronized (this) {
      tunnel = running.get(key.name());
      if (tunnel == null) {
        return;
      }
      configs = configs(key);
    }
    await(key, tunnel.plane().replacePeers(configs));
  }

  /** Takes a peer for where it is said to be, wherever it has moved to. */
  void locate(PeerKey key, UdpEndpoint remote) throws OperationException {
    Optional<RunningTunnel> tunnel = find(key.tunnel().name());
    if (tunnel.isPresent()) {
      await(key.tunnel(), tunnel.get().plane().locate(key.name().value(), remote));
    }
  }

  private static void await(TunnelKey key, CompletableFuture<Void> done) throws OperationException {
    try {
      done.get(PUBLISH_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      throw new OperationException(
          OperationException.Reason.REFUSED,
          "the data plane of " + key + " does not take its peers: " + e.getMessage(),
          null,
          null,
          null,
          e);
    }
  }

  private List<PeerConfig> configs(TunnelKey key) {
    List<PeerConfig> configs = new ArrayList<>();
    peers
        .getOrDefault(key.name(), Map.of())
        .forEach((name, state) -> configs.add(config(new PeerKey(key, name), state)));
    return configs;
  }

  private PeerConfig config(PeerKey key, PeerState state) {
    String name = key.name().value();
    if (state.endpoint() == null) {
      return new PeerConfig(
          name, null, true, state.allowedPrefixes(), state.mtu(), state.identity());
    }
    IpAddress address = state.endpoint().address().orElse(resolved.get(key));
    UdpEndpoint endpoint =
        address == null ? null : new UdpEndpoint(address, state.endpoint().port());
    return new PeerConfig(
        name, endpoint, false, state.allowedPrefixes(), state.mtu(), state.identity());
  }

  /** Stops every data plane, all at a time; devices stay. */
  @Override
  public void close() {
    Collection<RunningTunnel> tunnels;
    synchronized (this) {
      tunnels = List.copyOf(running.values());
      running.clear();
    }
    List<Thread> stops =
        tunnels.stream()
            .map(tunnel -> Thread.ofPlatform().name("stop-tunnel").start(tunnel.plane()::close))
            .toList();
    for (Thread stop : stops) {
      try {
        stop.join(1_500);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
