package net.culvert.node.dataplane;

import java.util.List;
import net.culvert.api.value.Family;
import net.culvert.api.value.Prefix;
import net.culvert.node.kernel.udp.UdpEndpoint;
import net.culvert.node.transport.PeerIdentity;
import org.jspecify.annotations.Nullable;

/**
 * What a peer is told to be.
 *
 * @param name unique in the tunnel
 * @param endpoint where its datagrams go and must come from; null if it is to be learned, or is not
 *     known yet
 * @param learnsEndpoint whether, without {@code endpoint}, the source of a datagram that carries a
 *     packet of this peer becomes its endpoint; each later one may move it
 * @param allowedPrefixes destinations that go to it, and sources it may send from
 * @param mtuBytes the largest inner packet that fits the path to it without fragments
 * @param identity who it is to a transport that must know, else null. Such a peer is where its last
 *     authentic datagram came from, whatever {@code endpoint} says
 */
public record PeerConfig(
    String name,
    @Nullable UdpEndpoint endpoint,
    boolean learnsEndpoint,
    List<Prefix> allowedPrefixes,
    int mtuBytes,
    @Nullable PeerIdentity identity) {

  public PeerConfig {
    allowedPrefixes = List.copyOf(allowedPrefixes);
    if (mtuBytes < 68 || mtuBytes > 65_535) {
      throw new IllegalArgumentException("an MTU is 68 to 65535 bytes, not " + mtuBytes);
    }
  }

  /** A peer of a transport that knows peers by their endpoints. */
  public PeerConfig(
      String name,
      @Nullable UdpEndpoint endpoint,
      boolean learnsEndpoint,
      List<Prefix> allowedPrefixes,
      int mtuBytes) {
    this(name, endpoint, learnsEndpoint, allowedPrefixes, mtuBytes, null);
  }

  /** The least MTU that what belongs to the peer can live with, in bytes. */
  int smallestMtuBytes() {
    return allowedPrefixes.stream().anyMatch(prefix -> prefix.family() == Family.IPV6) ? 1280 : 68;
  }

  /** A peer at a known endpoint. */
  public static PeerConfig at(
      String name, UdpEndpoint endpoint, int mtuBytes, List<Prefix> allowedPrefixes) {
    return new PeerConfig(name, endpoint, false, allowedPrefixes, mtuBytes);
  }

  /** A peer whose endpoint is learned from what it sends. */
  public static PeerConfig learned(String name, int mtuBytes, List<Prefix> allowedPrefixes) {
    return new PeerConfig(name, null, true, allowedPrefixes, mtuBytes);
  }
}
