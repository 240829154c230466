package net.culvert.node.tunnel;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import net.culvert.node.object.Kinds;
import net.culvert.node.reconcile.Description;
import net.culvert.node.reconcile.Kind;
import net.culvert.node.reconcile.ObjectKey;
import net.culvert.node.reconcile.OperationException;
import net.culvert.node.reconcile.Operations;
import org.jspecify.annotations.Nullable;

/** Peers are held by the data plane; it is told all of a tunnel's at once, at the end of a pass. */
final class PeerOperations implements Operations<PeerKey, PeerState> {

  private final Tunnels tunnels;
  private final EndpointResolver resolver;
  private final LoopGuard loops;
  private final Set<TunnelKey> changed = new HashSet<>();

  PeerOperations(Tunnels tunnels, EndpointResolver resolver, LoopGuard loops) {
    this.tunnels = tunnels;
    this.resolver = resolver;
    this.loops = loops;
  }

  @Override
  public Kind kind() {
    return Kinds.PEER;
  }

  @Override
  public Map<PeerKey, PeerState> observe() {
    return tunnels.peers();
  }

  @Override
  public Map<PeerKey, PeerState> observe(Collection<PeerKey> keys) {
    Map<PeerKey, PeerState> observed = new HashMap<>();
    for (PeerKey key : keys) {
      tunnels.peer(key).ifPresent(state -> observed.put(key, state));
    }
    return observed;
  }

  @Override
  public void create(PeerKey key, PeerState desired) throws OperationException {
    RunningTunnel tunnel =
        tunnels
            .find(key.tunnel().name())
            .orElseThrow(() ->
                new OperationException(
                    OperationException.Reason.REFUSED, key.tunnel() + " is not running"));
    if (desired.endpoint() != null && desired.endpoint().address().isPresent()) {
      loops.require(key, tunnel, desired.endpoint().address().get());
    }
    tunnels.putPeer(key, desired);
    changed.add(key.tunnel());
    resolver.resolve(key, desired);
  }

  @Override
  public void replace(PeerKey key, PeerState observed, PeerState desired)
      throws OperationException {
    create(key, desired);
  }

  @Override
  public void delete(PeerKey key, PeerState observed) {
    tunnels.removePeer(key);
    changed.add(key.tunnel());
  }

  @Override
  public void finish() throws OperationException {
    Set<TunnelKey> due = Set.copyOf(changed);
    changed.clear();
    for (TunnelKey tunnel : due) {
      tunnels.publish(tunnel);
    }
  }

  @Override
  public Description describe(
      PeerKey key,
      @Nullable PeerState observed,
      @Nullable PeerState desired,
      Predicate<ObjectKey> made) {
    if (desired == null) {
      return new Description("the node forgets " + key, List.of());
    }
    String where =
        desired.endpoint() == null
            ? "where it is first heard from"
            : String.valueOf(desired.endpoint());
    return new Description(
        "the node " + (observed == null ? "takes" : "changes") + " " + key + ", " + where,
        List.of());
  }
}
