package net.culvert.node.dataplane;

import net.culvert.api.value.IpAddress;
import net.culvert.node.kernel.udp.UdpEndpoint;
import org.jspecify.annotations.Nullable;

/**
 * Where a peer is, as the agents know it at a moment. Immutable, and compared by identity: a
 * datagram joins a train only if it goes to the very same one.
 */
final class PeerEndpoint {

  private final UdpEndpoint remote;
  private final boolean learned;
  private final int socket;
  private final @Nullable IpAddress local;
  private final int localLink;

  PeerEndpoint(
      UdpEndpoint remote, boolean learned, int socket, @Nullable IpAddress local, int localLink) {
    this.remote = remote;
    this.learned = learned;
    this.socket = socket;
    this.local = local;
    this.localLink = localLink;
  }

  static PeerEndpoint given(UdpEndpoint remote) {
    return new PeerEndpoint(remote, false, -1, null, 0);
  }

  /** The peer's address and port. */
  UdpEndpoint remote() {
    return remote;
  }

  /** Whether it came from a datagram and not from the configuration. */
  boolean learned() {
    return learned;
  }

  /** Which of the tunnel's listen addresses to send from, or −1 for any of the family. */
  int socket() {
    return socket;
  }

  /** The own address that the peer sent to and expects answers from, or null. */
  @Nullable IpAddress local() {
    return local;
  }

  /** Index of the link that the peer's datagrams come in by and answers leave by; 0 for any. */
  int localLink() {
    return localLink;
  }

  /** The same peer, answered from wherever the kernel likes. */
  PeerEndpoint withoutLocal() {
    return new PeerEndpoint(remote, learned, socket, null, 0);
  }
}
