package net.culvert.node.tunnel;

import java.util.Optional;
import net.culvert.api.value.IpAddress;
import net.culvert.node.kernel.rtnetlink.RouteLookup;
import net.culvert.node.kernel.sys.KernelException;
import net.culvert.node.object.Namespaces;
import net.culvert.node.object.Refused;
import net.culvert.node.reconcile.OperationException;

/**
 * Sees to it that no tunnel carries its own datagrams: whatever routes there are, the kernel is
 * asked which way a datagram to the peer would take.
 */
final class LoopGuard {

  private final Namespaces namespaces;

  LoopGuard(Namespaces namespaces) {
    this.namespaces = namespaces;
  }

  /** Refuses an endpoint that is reached through the tunnel itself. */
  void require(PeerKey key, RunningTunnel tunnel, IpAddress endpoint) throws OperationException {
    Optional<RouteLookup> way;
    try {
      way = namespaces.host().rtnetlink().route(endpoint);
    } catch (KernelException e) {
      throw Refused.by(key, e);
    }
    if (way.isPresent() && way.get().link() == tunnel.index()) {
      throw new OperationException(
          OperationException.Reason.CONFLICT,
          "the way to the endpoint "
              + endpoint
              + " of "
              + key
              + " leads into the tunnel itself, which would carry its own datagrams; a route of this"
              + " or another peer covers it");
    }
  }
}
