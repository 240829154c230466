package net.culvert.node.tunnel;

import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import net.culvert.api.tunnel.Cipher;
import net.culvert.api.tunnel.Framing;
import net.culvert.api.tunnel.PeerSpec;
import net.culvert.api.tunnel.TransportKind;
import net.culvert.api.tunnel.TunnelOffload;
import net.culvert.api.tunnel.TunnelSpec;
import net.culvert.api.value.ListenAddress;
import net.culvert.node.dataplane.Offload;
import net.culvert.node.dataplane.TunnelOptions;
import org.jspecify.annotations.Nullable;

/** Fills in what a tunnel or peer leaves open and what does not follow anything else. */
final class TunnelDefaults {

  private static final List<ListenAddress> LISTEN = List.of(ListenAddress.parse("0.0.0.0:7000"));
  private static final List<ListenAddress> LISTEN_WIREGUARD =
      List.of(ListenAddress.parse("0.0.0.0:51820"), ListenAddress.parse("[::]:51820"));

  private TunnelDefaults() {}

  /**
   * @param stored the wish so far, or null: what it keeps secret stays where the body says nothing
   */
  static TunnelSpec of(TunnelSpec body, @Nullable TunnelSpec stored) {
    boolean plain = body.transport() == TransportKind.PLAIN;
    return new TunnelSpec(
        body.transport(),
        body.framing() == null && plain ? Framing.IP : body.framing(),
        listen(body),
        Objects.requireNonNullElse(body.addresses(), List.of()),
        body.mtu(),
        queues(body),
        up(body),
        clampMss(body),
        disabledOffloads(body),
        body.cipher() == null && !plain ? Cipher.CHACHA20_POLY1305 : body.cipher(),
        TunnelKeys.privateKey(body, stored));
  }

  /**
   * @param stored the wish so far, or null: what it keeps secret stays where the body says nothing
   */
  static PeerSpec of(PeerSpec body, @Nullable PeerSpec stored) {
    return new PeerSpec(
        body.endpoint(),
        body.allowedPrefixes(),
        installRoutes(body),
        body.publicKey(),
        TunnelKeys.presharedKey(body, stored),
        body.persistentKeepalive() == null && body.publicKey() != null
            ? Integer.valueOf(0)
            : body.persistentKeepalive());
  }

  static List<ListenAddress> listen(TunnelSpec body) {
    return Objects.requireNonNullElse(
        body.listen(), body.transport() == TransportKind.PLAIN ? LISTEN : LISTEN_WIREGUARD);
  }

  static int queues(TunnelSpec body) {
    return Objects.requireNonNullElse(body.queues(), 1);
  }

  static boolean up(TunnelSpec body) {
    return !Boolean.FALSE.equals(body.up());
  }

  /** In the order of their declaration, so that equal wishes are told alike. */
  static Set<TunnelOffload> disabledOffloads(TunnelSpec body) {
    Set<TunnelOffload> wished = body.disabledOffloads();
    return wished == null || wished.isEmpty() ? Set.of() : EnumSet.copyOf(wished);
  }

  static boolean clampMss(TunnelSpec body) {
    return Boolean.TRUE.equals(body.clampMss());
  }

  /** Both in the data plane's words. */
  static TunnelOptions options(TunnelSpec body) {
    Set<Offload> disabled =
        disabledOffloads(body).stream()
            .map(offload -> Offload.valueOf(offload.name()))
            .collect(Collectors.toSet());
    return new TunnelOptions(disabled, clampMss(body));
  }

  static boolean installRoutes(PeerSpec body) {
    return !Boolean.FALSE.equals(body.installRoutes());
  }
}
