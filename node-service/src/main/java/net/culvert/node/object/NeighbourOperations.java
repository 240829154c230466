package net.culvert.node.object;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import net.culvert.api.value.LinkName;
import net.culvert.node.kernel.abi.Errno;
import net.culvert.node.kernel.rtnetlink.Link;
import net.culvert.node.kernel.rtnetlink.MacAddress;
import net.culvert.node.kernel.rtnetlink.Neighbour;
import net.culvert.node.kernel.rtnetlink.RouteProtocol;
import net.culvert.node.kernel.rtnetlink.Rtnetlink;
import net.culvert.node.kernel.sys.KernelException;
import net.culvert.node.reconcile.Description;
import net.culvert.node.reconcile.Kind;
import net.culvert.node.reconcile.ObjectKey;
import net.culvert.node.reconcile.OperationException;
import net.culvert.node.reconcile.Operations;
import org.jspecify.annotations.Nullable;

/** Permanent neighbours and proxies; ours carry the mark as their protocol. */
final class NeighbourOperations implements Operations<NeighbourKey, NeighbourState> {

  private final Namespaces namespaces;

  NeighbourOperations(Namespaces namespaces) {
    this.namespaces = namespaces;
  }

  @Override
  public Kind kind() {
    return Kinds.NEIGHBOUR;
  }

  @Override
  public Map<NeighbourKey, NeighbourState> observe() throws OperationException {
    Map<NeighbourKey, NeighbourState> observed = new HashMap<>();
    try {
      for (Namespaces.Entered entered : namespaces.all()) {
        Map<Integer, LinkKey> links = new HashMap<>();
        for (Neighbour neighbour : read(entered.rtnetlink(), 0)) {
          LinkKey link =
              links.computeIfAbsent(
                  neighbour.link(),
                  index ->
                      new LinkKey(
                          entered.name(),
                          new LinkName(
                              entered.rtnetlink().link(index).map(Link::name).orElse("?"))));
          observed.put(
              new NeighbourKey(link, neighbour.address(), neighbour.proxy()), state(neighbour));
        }
      }
    } catch (KernelException e) {
      throw new OperationException(
          OperationException.Reason.REFUSED,
          "neighbours cannot be listed: " + e.getMessage(),
          e.errnoName(),
          e.call(),
          e.kernelSentence(),
          e);
    }
    return observed;
  }

  /** Those with our mark, of one link, or of all for 0. */
  private static List<Neighbour> read(Rtnetlink rtnetlink, int link) {
    List<Neighbour> ours = new ArrayList<>(rtnetlink.neighbours(link));
    ours.addAll(rtnetlink.proxies(link));
    ours.removeIf(neighbour -> neighbour.protocol() != RouteProtocol.CULVERT);
    return ours;
  }

  private static NeighbourState state(Neighbour neighbour) {
    return new NeighbourState(
        neighbour.linkAddress() == null ? null : neighbour.linkAddress().toString());
  }

  @Override
  public Map<NeighbourKey, NeighbourState> observe(Collection<NeighbourKey> keys)
      throws OperationException {
    Map<NeighbourKey, NeighbourState> observed = new HashMap<>();
    Map<LinkKey, List<NeighbourKey>> groups =
        keys.stream().collect(Collectors.groupingBy(NeighbourKey::link));
    for (Map.Entry<LinkKey, List<NeighbourKey>> group : groups.entrySet()) {
      LinkKey link = group.getKey();
      try {
        Optional<Rtnetlink> rtnetlink =
            namespaces.find(link.namespace()).map(Namespaces.Entered::rtnetlink);
        Optional<Link> found = rtnetlink.flatMap(open -> open.link(link.name().value()));
        if (rtnetlink.isEmpty() || found.isEmpty()) {
          continue;
        }
        for (Neighbour neighbour : read(rtnetlink.get(), found.get().index())) {
          NeighbourKey key = new NeighbourKey(link, neighbour.address(), neighbour.proxy());
          if (group.getValue().contains(key)) {
            observed.put(key, state(neighbour));
          }
        }
      } catch (KernelException e) {
        throw Refused.by(link, e);
      }
    }
    return observed;
  }

  @Override
  public void create(NeighbourKey key, NeighbourState desired) throws OperationException {
    Rtnetlink rtnetlink = namespaces.require(key.link().namespace()).rtnetlink();
    try {
      int link =
          rtnetlink
              .link(key.link().name().value())
              .map(Link::index)
              .orElseThrow(() -> Refused.missing(key, key.link()));
      requireFree(key, rtnetlink, link);
      rtnetlink.execute(
          desired.linkAddress() == null
              ? Neighbour.putProxy(link, key.address())
              : Neighbour.put(link, key.address(), MacAddress.parse(desired.linkAddress())));
    } catch (KernelException e) {
      throw Refused.by(key, e);
    }
  }

  /** What the kernel learned by itself gives way; what somebody made stays. */
  private static void requireFree(NeighbourKey key, Rtnetlink rtnetlink, int link)
      throws OperationException {
    List<Neighbour> there = key.proxy() ? rtnetlink.proxies(link) : rtnetlink.neighbours(link);
    for (Neighbour neighbour : there) {
      if (neighbour.address().equals(key.address())
          && neighbour.protocol() != RouteProtocol.CULVERT
          && (key.proxy() || neighbour.isPermanent())) {
        throw Refused.notOurs(key);
      }
    }
  }

  @Override
  public void replace(NeighbourKey key, NeighbourState observed, NeighbourState desired)
      throws OperationException {
    create(key, desired);
  }

  @Override
  public boolean satisfies(NeighbourState observed, NeighbourState desired) {
    return Objects.equals(observed.linkAddress(), desired.linkAddress());
  }

  @Override
  public void delete(NeighbourKey key, NeighbourState observed) throws OperationException {
    Optional<Rtnetlink> rtnetlink =
        namespaces.find(key.link().namespace()).map(Namespaces.Entered::rtnetlink);
    if (rtnetlink.isEmpty()) {
      return;
    }
    try {
      Optional<Link> link = rtnetlink.get().link(key.link().name().value());
      if (link.isPresent()) {
        rtnetlink.get().execute(Neighbour.delete(link.get().index(), key.address(), key.proxy()));
      }
    } catch (KernelException e) {
      if (e.errno() != Errno.ENOENT && e.errno() != Errno.ENODEV) {
        throw Refused.by(key, e);
      }
    }
  }

  @Override
  public Description describe(
      NeighbourKey key,
      @Nullable NeighbourState observed,
      @Nullable NeighbourState desired,
      Predicate<ObjectKey> made) {
    return IpCommands.neighbour(key, desired);
  }
}
