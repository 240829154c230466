package net.culvert.node.object;

import net.culvert.node.kernel.rtnetlink.Link;
import net.culvert.node.kernel.rtnetlink.LinkKind;
import net.culvert.node.reconcile.OperationException;
import org.jspecify.annotations.Nullable;

/** How the kernel is asked for a link of one kind, and what of it is that kind's own. */
public interface LinkMaker {

  /** As {@code ip link add type} names it. */
  String name();

  /**
   * What the kernel is told of the kind.
   *
   * @throws OperationException if a link or namespace that it needs is not there
   */
  LinkKind kernelKind(LinkKey self, LinkState desired, Namespaces namespaces)
      throws OperationException;

  /** The mode of an existing link; null where the kind has none. */
  default @Nullable String modeOf(Link link) {
    return null;
  }
}
