package net.culvert.node.tunnel;

import net.culvert.api.value.ResourceName;
import net.culvert.node.object.Kinds;
import net.culvert.node.reconcile.Kind;
import net.culvert.node.reconcile.ObjectKey;

/** A peer of a tunnel. */
record PeerKey(TunnelKey tunnel, ResourceName name) implements ObjectKey {

  @Override
  public Kind kind() {
    return Kinds.PEER;
  }

  @Override
  public ObjectKey container() {
    return tunnel;
  }

  @Override
  public String toString() {
    return "peer " + name + " of " + tunnel;
  }
}
