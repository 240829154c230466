package net.culvert.node.lab;

import java.util.Arrays;
import java.util.List;
import net.culvert.api.link.LinkSpec;
import net.culvert.api.namespace.AttachmentSpec;
import net.culvert.api.namespace.NamespaceSpec;
import net.culvert.api.ping.PingRequest;
import net.culvert.api.route.RouteDestination;
import net.culvert.api.route.RouteSpec;
import net.culvert.api.tunnel.Cipher;
import net.culvert.api.tunnel.Framing;
import net.culvert.api.tunnel.PeerSpec;
import net.culvert.api.tunnel.TransportKind;
import net.culvert.api.tunnel.TunnelSpec;
import net.culvert.api.value.Endpoint;
import net.culvert.api.value.InterfaceAddress;
import net.culvert.api.value.IpAddress;
import net.culvert.api.value.LinkName;
import net.culvert.api.value.ListenAddress;
import net.culvert.api.value.Prefix;
import net.culvert.api.value.PublicKey;
import net.culvert.api.value.ResourceName;
import net.culvert.api.value.SecretKey;
import org.jspecify.annotations.Nullable;

/** Request bodies in few words; what is not said is left to the node. */
public final class Bodies {

  private Bodies() {}

  public static ResourceName name(String text) {
    return new ResourceName(text);
  }

  public static LinkName link(String text) {
    return new LinkName(text);
  }

  /** A namespace with an IPv4 attachment, routed. */
  public static NamespaceSpec attached(String address, String gateway) {
    return new NamespaceSpec(attachment(address, gateway, null, null, null, null));
  }

  /** A namespace with both families in one attachment, routed. */
  public static NamespaceSpec attached(
      String address, String gateway, String address6, String gateway6) {
    return new NamespaceSpec(attachment(address, gateway, address6, gateway6, null, null));
  }

  /** The same, of an MTU in bytes. */
  public static NamespaceSpec attached(
      String address, String gateway, String address6, String gateway6, int mtu) {
    return new NamespaceSpec(attachment(address, gateway, address6, gateway6, null, mtu));
  }

  /** A namespace whose host end is a port of a bridge. */
  public static NamespaceSpec bridged(String address, String gateway, String bridge) {
    return new NamespaceSpec(attachment(address, gateway, null, null, bridge, null));
  }

  private static AttachmentSpec attachment(
      String address,
      String gateway,
      @Nullable String address6,
      @Nullable String gateway6,
      @Nullable String bridge,
      @Nullable Integer mtu) {
    return new AttachmentSpec(
        InterfaceAddress.parse(address),
        IpAddress.parse(gateway),
        address6 == null ? null : InterfaceAddress.parse(address6),
        gateway6 == null ? null : IpAddress.parse(gateway6),
        null,
        null,
        bridge == null ? null : new LinkName(bridge),
        mtu,
        null);
  }

  /** The same attachment with that name for the device in the host. */
  public static NamespaceSpec withHostLink(AttachmentSpec spec, String hostLink) {
    return new NamespaceSpec(
        new AttachmentSpec(
            spec.address(),
            spec.gateway(),
            spec.address6(),
            spec.gateway6(),
            spec.link(),
            new LinkName(hostLink),
            spec.bridge(),
            spec.mtu(),
            spec.proxyArp()));
  }

  /** A bridge of the host. */
  public static LinkSpec bridge(String... addresses) {
    return new LinkSpec(
        "bridge", null, addresses(addresses), null, null, null, null, null, null, null);
  }

  private static List<InterfaceAddress> addresses(String... texts) {
    return Arrays.stream(texts).map(InterfaceAddress::parse).toList();
  }

  /** A plain tunnel that listens there. */
  public static TunnelSpec tunnel(String... listen) {
    return tunnel(Framing.IP, null, listen);
  }

  /**
   * A plain tunnel that listens there.
   *
   * @param mtu bytes; null for the node's own choice
   */
  public static TunnelSpec tunnel(Framing framing, @Nullable Integer mtu, String... listen) {
    List<ListenAddress> sockets = Arrays.stream(listen).map(ListenAddress::parse).toList();
    return new TunnelSpec(TransportKind.PLAIN, framing, sockets, null, mtu, null, null);
  }

  /** The same tunnel with addresses of its own. */
  public static TunnelSpec withAddresses(TunnelSpec tunnel, String... addresses) {
    return new TunnelSpec(
        tunnel.transport(),
        tunnel.framing(),
        tunnel.listen(),
        addresses(addresses),
        tunnel.mtu(),
        tunnel.queues(),
        tunnel.up());
  }

  /** A peer at an endpoint, or with null one whose endpoint is learned. */
  public static PeerSpec peer(@Nullable String endpoint, String... prefixes) {
    return new PeerSpec(
        endpoint == null ? null : Endpoint.parse(endpoint),
        Arrays.stream(prefixes).map(Prefix::parse).toList(),
        null);
  }

  /** A WireGuard tunnel with a key of its own, on the usual port of both families. */
  public static TunnelSpec wireGuard(Cipher cipher) {
    return new TunnelSpec(
        TransportKind.WIREGUARD, null, null, null, null, null, null, null, null, cipher, null);
  }

  /** A WireGuard peer. */
  public static PeerSpec wireGuardPeer(
      String publicKey,
      @Nullable String presharedKey,
      @Nullable String endpoint,
      @Nullable Integer keepalive,
      String... prefixes) {
    return new PeerSpec(
        endpoint == null ? null : Endpoint.parse(endpoint),
        Arrays.stream(prefixes).map(Prefix::parse).toList(),
        null,
        PublicKey.parse(publicKey),
        presharedKey == null ? null : SecretKey.parse(presharedKey),
        keepalive);
  }

  /** A route of the host through a link. */
  public static RouteSpec route(String destination, String link) {
    return new RouteSpec(
        null, RouteDestination.parse(destination), null, new LinkName(link), null, null);
  }

  /** Three echo requests. */
  public static PingRequest echo(String destination) {
    return new PingRequest(IpAddress.parse(destination), null, null, null);
  }
}
