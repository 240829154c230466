package net.culvert.node.object;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import net.culvert.api.value.Family;
import net.culvert.api.value.IpAddress;
import net.culvert.node.kernel.rtnetlink.Link;
import net.culvert.node.kernel.rtnetlink.Route;
import net.culvert.node.kernel.rtnetlink.RouteLookup;
import net.culvert.node.kernel.rtnetlink.Rtnetlink;
import net.culvert.node.kernel.sys.KernelException;
import org.jspecify.annotations.Nullable;

/**
 * Facts as the kernel tells them, remembered until {@link #refresh} finds others: an expansion of
 * ten thousand peers must not ask ten thousand times.
 */
final class KernelFacts implements HostFacts {

  /** Beyond this the memory begins anew; no more endpoints are kept than a device has peers. */
  private static final int MAX_REMEMBERED = 65_536;

  private final Namespaces namespaces;
  private final Map<Optional<IpAddress>, OptionalInt> egress = new HashMap<>();

  KernelFacts(Namespaces namespaces) {
    this.namespaces = namespaces;
  }

  @Override
  public OptionalInt egressMtu(@Nullable IpAddress destination) {
    Optional<IpAddress> key = Optional.ofNullable(destination);
    synchronized (egress) {
      OptionalInt known = egress.get(key);
      if (known != null) {
        return known;
      }
    }
    OptionalInt asked = ask(key);
    synchronized (egress) {
      if (egress.size() >= MAX_REMEMBERED) {
        egress.clear();
      }
      egress.put(key, asked);
    }
    return asked;
  }

  private OptionalInt ask(Optional<IpAddress> destination) {
    Rtnetlink rtnetlink = namespaces.host().rtnetlink();
    try {
      if (destination.isEmpty()) {
        return viaDefaultRoute(rtnetlink, Family.IPV4)
            .or(() -> viaDefaultRoute(rtnetlink, Family.IPV6))
            .map(OptionalInt::of)
            .orElse(OptionalInt.empty());
      }
      Optional<RouteLookup> way = rtnetlink.route(destination.get());
      if (way.isEmpty()) {
        return OptionalInt.empty();
      }
      return mtu(rtnetlink, way.get().mtu(), way.get().link());
    } catch (KernelException e) {
      return OptionalInt.empty();
    }
  }

  private static Optional<Integer> viaDefaultRoute(Rtnetlink rtnetlink, Family family) {
    Optional<Route> route = rtnetlink.defaultRoute(family);
    if (route.isEmpty()) {
      return Optional.empty();
    }
    OptionalInt mtu = mtu(rtnetlink, route.get().mtu(), route.get().link());
    return mtu.isPresent() ? Optional.of(mtu.getAsInt()) : Optional.empty();
  }

  private static OptionalInt mtu(Rtnetlink rtnetlink, int ofRoute, int link) {
    if (ofRoute != 0) {
      return OptionalInt.of(ofRoute);
    }
    Optional<Link> found = rtnetlink.link(link);
    return found.isPresent() ? OptionalInt.of(found.get().mtu()) : OptionalInt.empty();
  }

  /**
   * Asks again for everything that is remembered.
   *
   * @return whether any answer is another than before
   */
  boolean refresh() {
    Map<Optional<IpAddress>, OptionalInt> before;
    synchronized (egress) {
      before = Map.copyOf(egress);
    }
    boolean changed = false;
    for (Map.Entry<Optional<IpAddress>, OptionalInt> fact : before.entrySet()) {
      OptionalInt now = ask(fact.getKey());
      if (!now.equals(fact.getValue())) {
        changed = true;
        synchronized (egress) {
          egress.put(fact.getKey(), now);
        }
      }
    }
    return changed;
  }

  @Override
  public boolean linkExists(LinkKey link) {
    try {
      return namespaces
          .find(link.namespace())
          .flatMap(entered -> entered.rtnetlink().link(link.name().value()))
          .isPresent();
    } catch (KernelException e) {
      return false;
    }
  }
}
