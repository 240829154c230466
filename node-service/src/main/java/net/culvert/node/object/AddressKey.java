package net.culvert.node.object;

import net.culvert.api.value.InterfaceAddress;
import net.culvert.node.reconcile.Kind;
import net.culvert.node.reconcile.ObjectKey;

/** An address of a link. */
public record AddressKey(LinkKey link, InterfaceAddress address) implements ObjectKey {

  @Override
  public Kind kind() {
    return Kinds.ADDRESS;
  }

  @Override
  public ObjectKey container() {
    return link;
  }

  @Override
  public String toString() {
    return "address " + address + " of " + link;
  }
}
