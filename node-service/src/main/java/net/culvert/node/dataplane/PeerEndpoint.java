package net.culvert.node.dataplane;

import net.culvert.api.value.IpAddress;
import net.culvert.node.kernel.udp.UdpEndpoint;
import org.jspecify.annotations.Nullable;

/**
 * Where a peer is, as the agents know it at a moment.
 *
 * @param remote the peer's address and port
 * @param learned whether it came from a datagram and not from the configuration
 * @param socket which of the tunnel's listen addresses to send from, or −1 for any of the family
 * @param local the own address that the peer sent to and expects answers from, or null
 */
record PeerEndpoint(UdpEndpoint remote, boolean learned, int socket, @Nullable IpAddress local) {

  static PeerEndpoint given(UdpEndpoint remote) {
    return new PeerEndpoint(remote, false, -1, null);
  }

  /** The same peer, answered from wherever the kernel likes. */
  PeerEndpoint withoutLocal() {
    return new PeerEndpoint(remote, learned, socket, null);
  }
}
