package net.culvert.node.dataplane;

import net.culvert.api.value.Family;
import net.culvert.api.value.IpAddress;
import net.culvert.node.kernel.udp.ReceiveBatch;
import net.culvert.node.kernel.udp.UdpEndpoint;
import org.jspecify.annotations.Nullable;

/**
 * Whether a datagram may carry a packet of a peer, by where it came from.
 *
 * <p>A peer with a given endpoint is heard from exactly that address and port. One whose endpoint
 * is learned is heard from anywhere, and its answers go to where it was last heard. On the plain
 * transport that is as trustworthy as the network between: whoever can send to the tunnel's port
 * with an inner source of such a peer receives that peer's packets until it speaks again. A peer
 * with neither is not heard.
 */
final class EndpointLearner {

  /** Whether the message comes from the peer; notes where the peer is and which address it uses. */
  boolean admits(Peer peer, ReceiveBatch batch, int message, int socket) {
    PeerEndpoint known = peer.endpoint();
    if (known != null
        && known
            .remote()
            .matches(
                batch.family(message),
                batch.sourceHigh(message),
                batch.sourceLow(message),
                batch.sourcePort(message))) {
      if (!isCurrent(known, batch, message, socket)) {
        peer.setEndpoint(answeredFrom(known, batch, message, socket));
      }
      return true;
    }
    if (!peer.learnsEndpoint()) {
      return false;
    }
    UdpEndpoint remote = remote(batch, message);
    if (remote == null) {
      return false;
    }
    peer.setEndpoint(learned(remote, batch, message, socket));
    return true;
  }

  /**
   * A datagram of that peer was opened, so it is the peer's: the peer is where it came from. For
   * transports that know their peers by keys.
   */
  void follow(Peer peer, ReceiveBatch batch, int message, int socket) {
    PeerEndpoint known = peer.endpoint();
    boolean same =
        known != null
            && known
                .remote()
                .matches(
                    batch.family(message),
                    batch.sourceHigh(message),
                    batch.sourceLow(message),
                    batch.sourcePort(message));
    if (known != null && same) {
      if (!isCurrent(known, batch, message, socket)) {
        peer.setEndpoint(answeredFrom(known, batch, message, socket));
      }
      return;
    }
    PeerEndpoint here = endpoint(batch, message, socket);
    if (here != null) {
      peer.roamed(here);
    }
  }

  /** Where the sender can be answered, or null. */
  static @Nullable PeerEndpoint endpoint(ReceiveBatch batch, int message, int socket) {
    UdpEndpoint remote = remote(batch, message);
    return remote == null ? null : learned(remote, batch, message, socket);
  }

  private static PeerEndpoint learned(
      UdpEndpoint remote, ReceiveBatch batch, int message, int socket) {
    return new PeerEndpoint(remote, true, socket, local(batch, message), batch.localLink(message));
  }

  /** The same place, which now uses another of our addresses. */
  private static PeerEndpoint answeredFrom(
      PeerEndpoint known, ReceiveBatch batch, int message, int socket) {
    return new PeerEndpoint(
        known.remote(), known.learned(), socket, local(batch, message), batch.localLink(message));
  }

  private static boolean isCurrent(
      PeerEndpoint known, ReceiveBatch batch, int message, int socket) {
    IpAddress local = known.local();
    long high = batch.localHigh(message);
    long low = batch.localLow(message);
    if (known.socket() != socket || known.localLink() != batch.localLink(message)) {
      return false;
    }
    return local == null ? high == 0 && low == 0 : local.high() == high && local.low() == low;
  }

  /** The sender, or null if nobody could answer there. */
  private static @Nullable UdpEndpoint remote(ReceiveBatch batch, int message) {
    IpAddress address =
        address(batch.family(message), batch.sourceHigh(message), batch.sourceLow(message));
    int port = batch.sourcePort(message);
    if (address == null || address.isMulticast() || address.isUnspecified() || port == 0) {
      return null;
    }
    return new UdpEndpoint(address, port, batch.scopeId(message));
  }

  private static @Nullable IpAddress local(ReceiveBatch batch, int message) {
    IpAddress address =
        address(batch.family(message), batch.localHigh(message), batch.localLow(message));
    return address == null || address.isUnspecified() || address.isMulticast() ? null : address;
  }

  /** Null for an IPv4-mapped IPv6 address, which a V6ONLY socket should not show. */
  private static @Nullable IpAddress address(Family family, long high, long low) {
    boolean mapped = family == Family.IPV6 && high == 0 && low >>> 32 == 0xffff;
    return mapped ? null : new IpAddress(family, high, low);
  }
}
