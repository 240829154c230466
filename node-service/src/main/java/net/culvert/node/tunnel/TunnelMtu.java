package net.culvert.node.tunnel;

import java.util.Collection;
import java.util.OptionalInt;
import net.culvert.api.tunnel.Framing;
import net.culvert.api.tunnel.PeerSpec;
import net.culvert.api.tunnel.TransportKind;
import net.culvert.api.tunnel.TunnelSpec;
import net.culvert.api.value.Endpoint;
import net.culvert.api.value.Family;
import net.culvert.api.value.IpAddress;
import net.culvert.node.object.HostFacts;
import org.jspecify.annotations.Nullable;

/**
 * The arithmetic of MTUs: what the way to a peer takes, less the headers of IP and UDP and the
 * framing.
 *
 * <p>Below 1280 the kernel takes IPv6 off a device, so a tunnel that carries IPv6 stays there, and
 * outer datagrams are fragmented where they must (RFC 8200, section 5).
 */
final class TunnelMtu {

  private static final int ASSUMED_EGRESS = 1500;
  private static final int SMALLEST = 68;
  private static final int SMALLEST_IPV6 = 1280;
  private static final int LARGEST = 65_535;
  private static final int UDP_HEADER = 8;
  private static final int IPV4_HEADER = 20;
  private static final int IPV6_HEADER = 40;
  private static final int PACKET_INFORMATION = 4;

  /** Header and tag of a WireGuard data message. */
  private static final int WIREGUARD = 32;

  private final HostFacts facts;

  TunnelMtu(HostFacts facts) {
    this.facts = facts;
  }

  /** The smallest of its peers' paths; of the default route's while no peer's endpoint is known. */
  int ofTunnel(TunnelSpec tunnel, Collection<PeerSpec> peers) {
    if (tunnel.mtu() != null) {
      return tunnel.mtu();
    }
    int smallest = Integer.MAX_VALUE;
    for (PeerSpec peer : peers) {
      OptionalInt path = path(tunnel, peer.endpoint());
      if (path.isPresent()) {
        smallest = Math.min(smallest, path.getAsInt());
      }
    }
    if (smallest == Integer.MAX_VALUE) {
      smallest =
          facts.egressMtu(null).orElse(ASSUMED_EGRESS) - overhead(tunnel, outerFamily(tunnel));
    }
    return clamp(smallest, carriesIpv6(tunnel, peers));
  }

  /** What the path to one peer takes whole; the tunnel's MTU where the path is not known. */
  int ofPeer(TunnelSpec tunnel, PeerSpec peer, int tunnelMtu) {
    int path = path(tunnel, peer.endpoint()).orElse(tunnelMtu);
    return clamp(Math.min(path, tunnelMtu), prefixesOfIpv6(peer));
  }

  private OptionalInt path(TunnelSpec tunnel, @Nullable Endpoint endpoint) {
    if (endpoint == null || endpoint.address().isEmpty()) {
      return OptionalInt.empty();
    }
    IpAddress address = endpoint.address().get();
    OptionalInt egress = facts.egressMtu(address);
    return egress.isEmpty()
        ? egress
        : OptionalInt.of(egress.getAsInt() - overhead(tunnel, address.family()));
  }

  private static int overhead(TunnelSpec tunnel, Family outer) {
    int framing = tunnel.framing() == Framing.PACKET_INFORMATION ? PACKET_INFORMATION : 0;
    int transport = tunnel.transport() == TransportKind.WIREGUARD ? WIREGUARD : framing;
    return (outer == Family.IPV4 ? IPV4_HEADER : IPV6_HEADER) + UDP_HEADER + transport;
  }

  private static Family outerFamily(TunnelSpec tunnel) {
    boolean ipv4 =
        TunnelDefaults.listen(tunnel).stream().anyMatch(listen -> listen.family() == Family.IPV4);
    return ipv4 ? Family.IPV4 : Family.IPV6;
  }

  /** Whether IPv6 is among what belongs to the tunnel. */
  static boolean carriesIpv6(TunnelSpec tunnel, Collection<PeerSpec> peers) {
    boolean own =
        tunnel.addresses() != null
            && tunnel.addresses().stream().anyMatch(address -> address.family() == Family.IPV6);
    return own || peers.stream().anyMatch(TunnelMtu::prefixesOfIpv6);
  }

  private static boolean prefixesOfIpv6(PeerSpec peer) {
    return peer.allowedPrefixes().stream().anyMatch(prefix -> prefix.family() == Family.IPV6);
  }

  private static int clamp(int mtu, boolean ipv6) {
    return Math.clamp(mtu, ipv6 ? SMALLEST_IPV6 : SMALLEST, LARGEST);
  }
}
