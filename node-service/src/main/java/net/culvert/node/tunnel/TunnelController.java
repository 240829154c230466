package net.culvert.node.tunnel;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import net.culvert.api.resource.ItemList;
import net.culvert.api.resource.ResourceStatus;
import net.culvert.api.tunnel.TrafficCounters;
import net.culvert.api.tunnel.Tunnel;
import net.culvert.api.tunnel.TunnelApi;
import net.culvert.api.tunnel.TunnelSpec;
import net.culvert.api.value.LinkName;
import net.culvert.node.crypto.PacketCiphers;
import net.culvert.node.dataplane.TunnelSnapshot;
import net.culvert.node.reconcile.OperationException;
import net.culvert.node.reconcile.Wish;
import net.culvert.node.reconcile.Wishes;
import net.culvert.node.web.problem.Refusals;
import net.culvert.node.web.problem.UnavailableException;
import net.culvert.node.web.resource.ResourceEndpoint;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RestController;

@RestController
class TunnelController implements TunnelApi {

  private final ResourceEndpoint<TunnelSpec, Tunnel> endpoint;
  private final Tunnels tunnels;
  private final PacketCiphers ciphers;
  private final WireGuardSockets sockets;
  private final WireGuardConfigurator configurator;

  TunnelController(
      Wishes wishes,
      TunnelType type,
      Tunnels tunnels,
      PacketCiphers ciphers,
      WireGuardSockets sockets,
      WireGuardConfigurator configurator) {
    this.sockets = sockets;
    this.configurator = configurator;
    this.ciphers = ciphers;
    this.endpoint = new ResourceEndpoint<>(wishes, type, this::view);
    this.tunnels = tunnels;
  }

  private Tunnel view(Wish<TunnelSpec> wish, ResourceStatus status) {
    TunnelSpec body = wish.body();
    LinkName name = new LinkName(wish.id().name());
    TunnelSnapshot snapshot = tunnels.find(name).map(t -> t.plane().snapshot()).orElse(null);
    return new Tunnel(
        name,
        body.transport(),
        body.framing(),
        TunnelDefaults.listen(body),
        Objects.requireNonNullElse(body.addresses(), List.of()),
        body.mtu(),
        TunnelDefaults.queues(body),
        TunnelDefaults.up(body),
        TunnelDefaults.clampMss(body),
        TunnelDefaults.disabledOffloads(body),
        Counters.of(snapshot),
        offloads(snapshot, body),
        body.cipher(),
        TunnelKeys.publicKey(body),
        wish.revision(),
        withSocket(name, status));
  }

  /** Where wg(8) finds the tunnel, beside what the kernel holds. */
  private ResourceStatus withSocket(LinkName name, ResourceStatus status) {
    String socket = sockets.inWords(name);
    if (socket == null) {
      return status;
    }
    return status.alsoObserving(Map.of("wireguardSocket", socket));
  }

  private Map<String, String> offloads(@Nullable TunnelSnapshot snapshot, TunnelSpec body) {
    Map<String, String> words = new TreeMap<>();
    Encryption encryption = TunnelKeys.encryption(body);
    if (snapshot != null && encryption != null) {
      words.put("cipher", ciphers.inWords(encryption.suite()));
    }
    if (snapshot != null) {
      snapshot.offloads().forEach(status -> words.put(status.offload().label(), status.inWords()));
      for (TunnelSnapshot.SocketSnapshot socket : snapshot.sockets()) {
        words.put(
            "buffers " + socket.local() + " queue " + socket.queue(),
            "receive "
                + socket.bufferSizes().receiveGot()
                + " bytes, "
                + socket.bufferSizes().receiveAsked()
                + " asked for; send "
                + socket.bufferSizes().sendGot()
                + " bytes, "
                + socket.bufferSizes().sendAsked()
                + " asked for");
      }
    }
    return words;
  }

  @Override
  public ResponseEntity<Tunnel> put(LinkName name, @Nullable String ifMatch, TunnelSpec body) {
    return endpoint.put(name.value(), body);
  }

  @Override
  public ResponseEntity<Tunnel> put(LinkName name, String configuration) {
    WgQuickFile file = WgQuickFile.parse(configuration);
    boolean created;
    try {
      created = configurator.replace(name, file);
    } catch (OperationException e) {
      throw Refusals.of(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("The node is stopping.");
    }
    ResponseEntity<Tunnel> now = endpoint.get(name.value());
    return created
        ? ResponseEntity.status(HttpStatus.CREATED).headers(now.getHeaders()).body(now.getBody())
        : now;
  }

  @Override
  public ResponseEntity<Tunnel> get(LinkName name) {
    return endpoint.get(name.value());
  }

  @Override
  public ItemList<Tunnel> list() {
    return endpoint.list();
  }

  @Override
  public ResponseEntity<Void> delete(LinkName name, @Nullable String ifMatch) {
    return endpoint.delete(name.value());
  }

  /** Counters as the answers show them. */
  static final class Counters {

    private Counters() {}

    static TrafficCounters of(@Nullable TunnelSnapshot snapshot) {
      if (snapshot == null) {
        return new TrafficCounters(0, 0, 0, 0, Map.of());
      }
      return new TrafficCounters(
          snapshot.outbound().packets(),
          snapshot.outbound().bytes(),
          snapshot.inbound().packets(),
          snapshot.inbound().bytes(),
          TrafficDrops.merge(snapshot.outboundDrops(), snapshot.inboundDrops()));
    }

    static TrafficCounters of(TunnelSnapshot.@Nullable PeerSnapshot peer) {
      if (peer == null) {
        return new TrafficCounters(0, 0, 0, 0, Map.of());
      }
      return new TrafficCounters(
          peer.outbound().packets(),
          peer.outbound().bytes(),
          peer.inbound().packets(),
          peer.inbound().bytes(),
          TrafficDrops.merge(peer.outboundDrops(), peer.inboundDrops()));
    }
  }
}
