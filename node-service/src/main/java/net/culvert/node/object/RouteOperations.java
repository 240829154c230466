package net.culvert.node.object;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import net.culvert.api.value.Family;
import net.culvert.api.value.LinkName;
import net.culvert.api.value.ResourceName;
import net.culvert.node.kernel.abi.Errno;
import net.culvert.node.kernel.netlink.NetlinkRequest;
import net.culvert.node.kernel.rtnetlink.Route;
import net.culvert.node.kernel.rtnetlink.RouteFilter;
import net.culvert.node.kernel.rtnetlink.Rtnetlink;
import net.culvert.node.kernel.sys.KernelException;
import net.culvert.node.reconcile.Description;
import net.culvert.node.reconcile.Kind;
import net.culvert.node.reconcile.ObjectKey;
import net.culvert.node.reconcile.OperationException;
import net.culvert.node.reconcile.Operations;
import org.jspecify.annotations.Nullable;

/**
 * Routes of the main table; ours carry the mark as their protocol, and are this node's by their
 * namespace.
 */
final class RouteOperations implements Operations<RouteKey, RouteState> {

  private final Namespaces namespaces;
  private final LinkTable links;

  RouteOperations(Namespaces namespaces, LinkTable links) {
    this.namespaces = namespaces;
    this.links = links;
  }

  @Override
  public Kind kind() {
    return Kinds.ROUTE;
  }

  @Override
  public void beginLook() {
    links.forgetAll();
  }

  @Override
  public Map<RouteKey, RouteState> observe() throws OperationException {
    Map<RouteKey, RouteState> observed = new HashMap<>();
    for (Namespaces.Entered entered : namespaces.all()) {
      for (Family family : Family.values()) {
        observed.putAll(read(entered, family));
      }
    }
    return observed;
  }

  @Override
  public Map<RouteKey, RouteState> observe(Collection<RouteKey> keys) throws OperationException {
    Map<RouteKey, RouteState> observed = new HashMap<>();
    Map<Optional<ResourceName>, Set<Family>> groups =
        keys.stream()
            .collect(
                Collectors.groupingBy(
                    key -> Optional.ofNullable(key.namespace()),
                    Collectors.mapping(key -> key.destination().family(), Collectors.toSet())));
    for (Map.Entry<Optional<ResourceName>, Set<Family>> group : groups.entrySet()) {
      Optional<Namespaces.Entered> entered = namespaces.find(group.getKey().orElse(null));
      if (entered.isPresent()) {
        for (Family family : group.getValue()) {
          observed.putAll(read(entered.get(), family));
        }
      }
    }
    observed.keySet().retainAll(new HashSet<>(keys));
    return observed;
  }

  private Map<RouteKey, RouteState> read(Namespaces.Entered entered, Family family)
      throws OperationException {
    Map<RouteKey, RouteState> routes = new HashMap<>();
    Rtnetlink rtnetlink = entered.rtnetlink();
    Map<Integer, Optional<LinkName>> names = new HashMap<>();
    try {
      for (Route route : rtnetlink.routes(family, RouteFilter.OURS)) {
        Optional<LinkName> link =
            names.computeIfAbsent(
                route.link(), index -> links.nameOf(entered, index).map(LinkName::new));
        routes.put(
            new RouteKey(
                entered.name(), route.destination(), Integer.toUnsignedLong(route.metric())),
            new RouteState(
                route.gateway(), link.orElse(null), route.mtu() == 0 ? null : route.mtu()));
      }
    } catch (KernelException e) {
      throw new OperationException(
          OperationException.Reason.REFUSED,
          "routes cannot be listed: " + e.getMessage(),
          e.errnoName(),
          e.call(),
          e.kernelSentence(),
          e);
    }
    return routes;
  }

  @Override
  public boolean satisfies(RouteState observed, RouteState desired) {
    return Objects.equals(observed.via(), desired.via())
        && (desired.link() == null || desired.link().equals(observed.link()))
        && Objects.equals(observed.mtu(), desired.mtu());
  }

  @Override
  public void create(RouteKey key, RouteState desired) throws OperationException {
    try {
      put(key, desired, Route::create);
    } catch (KernelException e) {
      if (e.errno() != Errno.EEXIST) {
        throw Refused.by(key, e);
      }
      RouteState existing = observe(List.of(key)).get(key);
      if (existing == null) {
        throw Refused.notOurs(key);
      }
      replace(key, existing, desired);
    }
  }

  /** A route that was changed has lost its mark with that, and is ours all the same. */
  @Override
  public void restore(RouteKey key, RouteState last, RouteState desired) throws OperationException {
    replace(key, last, desired);
  }

  @Override
  public void replace(RouteKey key, RouteState observed, RouteState desired)
      throws OperationException {
    try {
      put(key, desired, Route::replace);
    } catch (KernelException e) {
      throw Refused.by(key, e);
    }
  }

  private void put(RouteKey key, RouteState state, Function<Route, NetlinkRequest> request)
      throws OperationException {
    Namespaces.Entered entered = namespaces.require(key.namespace());
    Rtnetlink rtnetlink = entered.rtnetlink();
    LinkName name = state.link();
    if (name == null) {
      rtnetlink.execute(request.apply(route(key, state, 0)));
    } else if (!links.write(
        entered,
        name.value(),
        link -> rtnetlink.execute(request.apply(route(key, state, link.index()))))) {
      throw Refused.missing(key, new LinkKey(key.namespace(), name));
    }
  }

  private static Route route(RouteKey key, RouteState state, int link) {
    return Route.of(
        key.destination(),
        state.via(),
        link,
        (int) key.metric(),
        state.mtu() == null ? 0 : state.mtu());
  }

  @Override
  public void delete(RouteKey key, RouteState observed) throws OperationException {
    Optional<Rtnetlink> rtnetlink =
        namespaces.find(key.namespace()).map(Namespaces.Entered::rtnetlink);
    if (rtnetlink.isEmpty()) {
      return;
    }
    try {
      rtnetlink.get().execute(Route.of(key.destination(), null, 0, (int) key.metric(), 0).delete());
    } catch (KernelException e) {
      if (e.errno() != Errno.ESRCH && e.errno() != Errno.ENODEV) {
        throw Refused.by(key, e);
      }
    }
  }

  /** The kernel takes routes away with the device that they lead to. */
  @Override
  public Collection<LinkKey> standsOn(RouteKey key, RouteState value) {
    return value.link() == null ? List.of() : List.of(new LinkKey(key.namespace(), value.link()));
  }

  @Override
  public Description describe(
      RouteKey key,
      @Nullable RouteState observed,
      @Nullable RouteState desired,
      Predicate<ObjectKey> made) {
    return IpCommands.route(key, observed, desired);
  }
}
