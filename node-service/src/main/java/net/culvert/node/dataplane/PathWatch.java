package net.culvert.node.dataplane;

import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import net.culvert.node.kernel.sys.SystemCallException;
import net.culvert.node.kernel.udp.UdpEndpoint;
import net.culvert.node.transport.Transport;

/**
 * Keeps what each peer's path takes: asked of the kernel at once where it refused a train for its
 * size, and every few seconds for every peer that packets go to, since a path can also widen. The
 * kernel learns it from routers; single datagrams meanwhile go in fragments.
 *
 * <p>For the conductor's thread.
 */
final class PathWatch {

  static final long PERIOD_NANOS = 5_000_000_000L;

  /** Peers that one turn looks at; each costs four system calls. */
  private static final int PEERS_A_TURN = 64;

  /** Asks the kernel. */
  @FunctionalInterface
  interface Paths {
    /** The largest outer packet that goes there whole, in bytes. */
    int mtuTo(UdpEndpoint remote);
  }

  private final Supplier<Peers> peers;
  private final Transport transport;
  private final Paths paths;
  private Iterator<Peer> round = List.<Peer>of().iterator();
  private long roundStart;
  private boolean begun;

  PathWatch(Supplier<Peers> peers, Transport transport, Paths paths) {
    this.peers = peers;
    this.transport = transport;
    this.paths = paths;
  }

  /** Looks at some peers; to be called about once a second. */
  void turn(long now) {
    Collection<Peer> all = peers.get().all();
    int asked = 0;
    for (Peer peer : all) {
      if (peer.takePathSuspicion() && asked++ < PEERS_A_TURN) {
        ask(peer);
      }
    }
    if (!round.hasNext() && (!begun || now - roundStart >= PERIOD_NANOS)) {
      begun = true;
      roundStart = now;
      round = all.iterator();
    }
    while (round.hasNext() && asked < PEERS_A_TURN) {
      Peer peer = round.next();
      if (peer.hasSentSince(now - 2 * PERIOD_NANOS)) {
        asked++;
        ask(peer);
      }
    }
  }

  private void ask(Peer peer) {
    PeerEndpoint endpoint = peer.endpoint();
    if (endpoint == null) {
      return;
    }
    UdpEndpoint remote = endpoint.remote();
    int outer;
    try {
      outer = paths.mtuTo(remote);
    } catch (SystemCallException e) {
      return; // Nothing leads there now; what was known is as good as anything.
    }
    peer.learnedPath(outer, transport.innerMtuBytes(remote.family(), outer));
  }
}
