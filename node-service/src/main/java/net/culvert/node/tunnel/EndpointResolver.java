package net.culvert.node.tunnel;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import net.culvert.api.value.Endpoint;
import net.culvert.api.value.Family;
import net.culvert.api.value.IpAddress;
import net.culvert.node.dataplane.TunnelSnapshot.PeerSnapshot;
import net.culvert.node.reconcile.OperationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the addresses of peers whose endpoint is a host name: at once, and again while a peer is
 * silent, since it may have moved. Names are looked up on one thread of its own; a slow name server
 * delays no packet and no request.
 */
final class EndpointResolver implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(EndpointResolver.class);
  private static final Duration CHECK = Duration.ofSeconds(15);
  private static final Duration SILENCE = Duration.ofSeconds(30);

  private final Tunnels tunnels;
  private final LoopGuard loops;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> Thread.ofPlatform().name("resolver").daemon().unstarted(task));

  EndpointResolver(Tunnels tunnels, LoopGuard loops) {
    this.tunnels = tunnels;
    this.loops = loops;
    var _ =
        thread.scheduleWithFixedDelay(
            this::lookAtSilentPeers, CHECK.toSeconds(), CHECK.toSeconds(), TimeUnit.SECONDS);
  }

  /** Looks a peer's name up soon; nothing to do where its endpoint is an address or is learned. */
  void resolve(PeerKey key, PeerState state) {
    Endpoint endpoint = state.endpoint();
    if (endpoint != null && endpoint.address().isEmpty()) {
      thread.execute(() -> lookUp(key, endpoint));
    }
  }

  private void lookAtSilentPeers() {
    try {
      tunnels
          .peers()
          .forEach((key, state) -> {
            Endpoint endpoint = state.endpoint();
            if (endpoint != null && endpoint.address().isEmpty() && isSilent(key)) {
              lookUp(key, endpoint);
            }
          });
    } catch (RuntimeException e) {
      // A periodic task that throws is not called again.
      LOG.warn("host names of silent peers could not be looked up", e);
    }
  }

  private boolean isSilent(PeerKey key) {
    Optional<PeerSnapshot> peer =
        tunnels.find(key.tunnel().name()).stream()
            .flatMap(tunnel -> tunnel.plane().snapshot().peers().stream())
            .filter(each -> each.name().equals(key.name().value()))
            .findFirst();
    if (peer.isEmpty()) {
      return false;
    }
    Long since = peer.get().inbound().sinceLastNanos();
    return since == null || since > SILENCE.toNanos();
  }

  private void lookUp(PeerKey key, Endpoint endpoint) {
    try {
      List<Family> families = listenFamilies(key);
      for (InetAddress found : InetAddress.getAllByName(endpoint.host())) {
        IpAddress address = IpAddress.of(found.getAddress());
        if (families.contains(address.family())) {
          Optional<RunningTunnel> tunnel = tunnels.find(key.tunnel().name());
          if (tunnel.isPresent()) {
            loops.require(key, tunnel.get(), address);
          }
          tunnels.resolved(key, address);
          return;
        }
      }
      LOG.warn(
          "{}: {} has no address of a family that the tunnel listens on", key, endpoint.host());
    } catch (UnknownHostException e) {
      LOG.warn("{}: the host name {} cannot be resolved", key, endpoint.host());
    } catch (OperationException e) {
      LOG.warn("{}: {}", key, e.getMessage());
    }
  }

  private List<Family> listenFamilies(PeerKey key) {
    return tunnels.find(key.tunnel().name()).stream()
        .flatMap(tunnel -> tunnel.state().listen().stream())
        .map(listen -> listen.family())
        .distinct()
        .toList();
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
