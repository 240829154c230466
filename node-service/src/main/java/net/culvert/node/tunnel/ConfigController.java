package net.culvert.node.tunnel;

import static net.culvert.node.reconcile.WishRefusedException.conflict;
import static net.culvert.node.reconcile.WishRefusedException.invalid;

import java.security.SecureRandom;
import java.util.List;
import java.util.Objects;
import net.culvert.api.tunnel.PeerConfigurationRequest;
import net.culvert.api.tunnel.PeerSpec;
import net.culvert.api.tunnel.TransportKind;
import net.culvert.api.tunnel.TunnelConfigurationApi;
import net.culvert.api.tunnel.TunnelSpec;
import net.culvert.api.value.Endpoint;
import net.culvert.api.value.IpAddress;
import net.culvert.api.value.LinkName;
import net.culvert.api.value.ListenAddress;
import net.culvert.api.value.Prefix;
import net.culvert.api.value.PublicKey;
import net.culvert.api.value.ResourceName;
import net.culvert.node.reconcile.OperationException;
import net.culvert.node.reconcile.Wish;
import net.culvert.node.reconcile.Wishes;
import net.culvert.node.transport.wireguard.PrivateKey;
import net.culvert.node.web.problem.AbsentException;
import net.culvert.node.web.problem.Refusals;
import net.culvert.node.web.problem.UnavailableException;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RestController;

@RestController
class ConfigController implements TunnelConfigurationApi {

  private static final int KEEPALIVE_SECONDS = 25;
  private static final List<Prefix> EVERYTHING =
      List.of(Prefix.parse("0.0.0.0/0"), Prefix.parse("::/0"));

  private final SecureRandom random = new SecureRandom();
  private final Wishes wishes;
  private final TunnelType tunnelType;
  private final PeerType peerType;

  ConfigController(Wishes wishes, TunnelType tunnelType, PeerType peerType) {
    this.wishes = wishes;
    this.tunnelType = tunnelType;
    this.peerType = peerType;
  }

  private TunnelSpec tunnel(LinkName name) {
    TunnelSpec body =
        wishes
            .<TunnelSpec>get(tunnelType, name.value())
            .map(Wish::body)
            .orElseThrow(() -> new AbsentException("there is no " + TunnelType.id(name)));
    if (body.transport() != TransportKind.WIREGUARD) {
      throw conflict("transport", TunnelType.id(name) + " is no WireGuard tunnel");
    }
    return body;
  }

  @Override
  public ResponseEntity<String> configuration(LinkName name) {
    TunnelSpec body = tunnel(name);
    List<PeerSpec> peers =
        wishes.<PeerSpec>list(peerType).stream()
            .filter(wish -> wish.id().name().startsWith(name + "/"))
            .map(Wish::body)
            .toList();
    return ResponseEntity.ok()
        .contentType(MediaType.TEXT_PLAIN)
        .body(WgQuickFile.write(body, peers));
  }

  @Override
  public ResponseEntity<String> issueText(
      LinkName tunnel, ResourceName peer, PeerConfigurationRequest request) {
    return ResponseEntity.ok()
        .contentType(MediaType.TEXT_PLAIN)
        .header("Cache-Control", "no-store")
        .body(issue(tunnel, peer, request));
  }

  @Override
  public ResponseEntity<byte[]> issueQrCode(
      LinkName tunnel, ResourceName peer, PeerConfigurationRequest request) {
    return ResponseEntity.ok()
        .contentType(MediaType.IMAGE_PNG)
        .header("Cache-Control", "no-store")
        .body(QrCode.png(issue(tunnel, peer, request)));
  }

  /** A new key pair for the peer, whose private half is in the answer and nowhere else. */
  private String issue(LinkName tunnel, ResourceName peer, PeerConfigurationRequest request) {
    TunnelSpec body = tunnel(tunnel);
    String name = PeerType.qualified(tunnel, peer);
    PeerSpec stored =
        wishes
            .<PeerSpec>get(peerType, name)
            .map(Wish::body)
            .orElseThrow(() -> new AbsentException("there is no peers/" + name));
    List<Prefix> addresses =
        stored.allowedPrefixes().stream()
            .filter(prefix -> prefix.length() == prefix.family().bits())
            .toList();
    if (addresses.isEmpty()) {
      throw conflict(
          "allowedPrefixes",
          "none of the peer's is a single address, so it is not known which is its own");
    }
    Endpoint endpoint = endpoint(body, request);
    PrivateKey key = PrivateKey.generate(random);
    PeerSpec changed =
        new PeerSpec(
            stored.endpoint(),
            stored.allowedPrefixes(),
            stored.installRoutes(),
            new PublicKey(key.publicKey().toString()),
            stored.presharedKey(),
            stored.persistentKeepalive());
    try {
      var _ = wishes.put(peerType, name, changed, revision -> true);
    } catch (OperationException e) {
      throw Refusals.of(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("The node is stopping.");
    }
    StringBuilder text = new StringBuilder("[Interface]\n");
    WgQuickFile.line(text, "PrivateKey", key.toBase64());
    WgQuickFile.line(text, "Address", WgQuickFile.join(addresses));
    text.append("\n[Peer]\n");
    WgQuickFile.line(text, "PublicKey", TunnelKeys.publicKey(body));
    if (stored.presharedKey() != null) {
      WgQuickFile.line(text, "PresharedKey", stored.presharedKey().value());
    }
    WgQuickFile.line(text, "Endpoint", endpoint);
    WgQuickFile.line(
        text,
        "AllowedIPs",
        WgQuickFile.join(Objects.requireNonNullElse(request.allowedPrefixes(), EVERYTHING)));
    int keepalive = Objects.requireNonNullElse(request.persistentKeepalive(), KEEPALIVE_SECONDS);
    WgQuickFile.line(text, "PersistentKeepalive", keepalive);
    return text.toString();
  }

  /** Where the peer finds this tunnel. */
  private static Endpoint endpoint(TunnelSpec body, PeerConfigurationRequest request) {
    if (request.endpoint() != null) {
      return request.endpoint();
    }
    for (ListenAddress listen : TunnelDefaults.listen(body)) {
      IpAddress address = listen.address();
      if (!address.isUnspecified() && !address.isLoopback()) {
        return Endpoint.of(address, listen.port());
      }
    }
    throw invalid(
        "endpoint",
        "is needed: the tunnel listens on every address, and which one the peer can reach is not"
            + " known here");
  }
}
