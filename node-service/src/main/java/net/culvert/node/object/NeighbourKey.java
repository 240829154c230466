package net.culvert.node.object;

import net.culvert.api.value.IpAddress;
import net.culvert.node.reconcile.Kind;
import net.culvert.node.reconcile.ObjectKey;

/**
 * A neighbour entry of a link.
 *
 * @param proxy whether the link answers for the address itself; proxies and neighbours are separate
 *     tables
 */
public record NeighbourKey(LinkKey link, IpAddress address, boolean proxy) implements ObjectKey {

  @Override
  public Kind kind() {
    return Kinds.NEIGHBOUR;
  }

  @Override
  public ObjectKey container() {
    return link;
  }

  @Override
  public String toString() {
    return (proxy ? "proxy neighbour " : "neighbour ") + address + " of " + link;
  }
}
