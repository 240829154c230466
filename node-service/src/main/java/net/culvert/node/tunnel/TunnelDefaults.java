package net.culvert.node.tunnel;

import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import net.culvert.api.tunnel.Framing;
import net.culvert.api.tunnel.PeerSpec;
import net.culvert.api.tunnel.TunnelOffload;
import net.culvert.api.tunnel.TunnelSpec;
import net.culvert.api.value.ListenAddress;
import net.culvert.node.dataplane.Offload;
import net.culvert.node.dataplane.TunnelOptions;

/** Fills in what a tunnel or peer leaves open and what does not follow anything else. */
final class TunnelDefaults {

  private static final List<ListenAddress> LISTEN = List.of(ListenAddress.parse("0.0.0.0:7000"));

  private TunnelDefaults() {}

  static TunnelSpec of(TunnelSpec body) {
    return new TunnelSpec(
        body.transport(),
        Objects.requireNonNullElse(body.framing(), Framing.IP),
        listen(body),
        Objects.requireNonNullElse(body.addresses(), List.of()),
        body.mtu(),
        queues(body),
        up(body),
        clampMss(body),
        disabledOffloads(body));
  }

  static PeerSpec of(PeerSpec body) {
    return new PeerSpec(body.endpoint(), body.allowedPrefixes(), installRoutes(body));
  }

  static List<ListenAddress> listen(TunnelSpec body) {
    return Objects.requireNonNullElse(body.listen(), LISTEN);
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
