package net.culvert.node.object;

import net.culvert.api.value.ResourceName;
import net.culvert.node.reconcile.Kind;
import net.culvert.node.reconcile.ObjectKey;

/** A named network namespace. */
public record NamespaceKey(ResourceName name) implements ObjectKey {

  @Override
  public Kind kind() {
    return Kinds.NAMESPACE;
  }

  @Override
  public String toString() {
    return "namespace " + name;
  }
}
