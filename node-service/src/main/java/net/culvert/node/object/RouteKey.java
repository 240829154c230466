package net.culvert.node.object;

import net.culvert.api.value.Family;
import net.culvert.api.value.Prefix;
import net.culvert.api.value.ResourceName;
import net.culvert.node.reconcile.Kind;
import net.culvert.node.reconcile.ObjectKey;
import org.jspecify.annotations.Nullable;

/**
 * A route of the main table.
 *
 * @param namespace null for the one that the node runs in
 * @param metric the kernel's priority, with its default written out
 */
public record RouteKey(@Nullable ResourceName namespace, Prefix destination, long metric)
    implements ObjectKey {

  /** What the kernel makes of a route without a metric: 0 for IPv4, IP6_RT_PRIO_USER for IPv6. */
  public static RouteKey of(
      @Nullable ResourceName namespace, Prefix destination, @Nullable Long metric) {
    long byDefault = destination.family() == Family.IPV6 ? 1024 : 0;
    return new RouteKey(namespace, destination, metric == null || metric == 0 ? byDefault : metric);
  }

  @Override
  public Kind kind() {
    return Kinds.ROUTE;
  }

  @Override
  public @Nullable ObjectKey container() {
    return namespace == null ? null : new NamespaceKey(namespace);
  }

  @Override
  public String toString() {
    return "route " + destination + (namespace == null ? "" : Kinds.in(namespace));
  }
}
