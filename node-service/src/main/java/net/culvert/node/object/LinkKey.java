package net.culvert.node.object;

import net.culvert.api.value.LinkName;
import net.culvert.api.value.ResourceName;
import net.culvert.node.reconcile.Kind;
import net.culvert.node.reconcile.ObjectKey;
import org.jspecify.annotations.Nullable;

/**
 * A network device.
 *
 * @param namespace null for the one that the node runs in
 */
public record LinkKey(@Nullable ResourceName namespace, LinkName name) implements ObjectKey {

  @Override
  public Kind kind() {
    return Kinds.LINK;
  }

  @Override
  public @Nullable ObjectKey container() {
    return namespace == null ? null : new NamespaceKey(namespace);
  }

  @Override
  public String toString() {
    return "link " + name + (namespace == null ? "" : Kinds.in(namespace));
  }
}
