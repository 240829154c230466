package net.culvert.node.tunnel;

import net.culvert.api.value.LinkName;
import net.culvert.node.object.Kinds;
import net.culvert.node.reconcile.Kind;
import net.culvert.node.reconcile.ObjectKey;

/** A tunnel: a TUN device in the node's own namespace with a data plane behind it. */
record TunnelKey(LinkName name) implements ObjectKey {

  @Override
  public Kind kind() {
    return Kinds.TUNNEL;
  }

  @Override
  public String toString() {
    return "tunnel " + name;
  }
}
