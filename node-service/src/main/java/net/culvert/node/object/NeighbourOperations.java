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
  private final LinkTable links;

  NeighbourOperations(Namespaces namespaces, LinkTable links) {
    this.namespaces = namespaces;
    this.links = links;
  }

  @Override
  public Kind kind() {
    return Kinds.NEIGHBOUR;
  }

  @Override
  public void beginLook() {
    links.forgetAll();
  }

  @Override
  public Map<NeighbourKey, NeighbourState> observe() throws OperationException {
    Map<NeighbourKey, NeighbourState> observed = new HashMap<>();
    try {
      for (Namespaces.Entered entered : namespaces.all()) {
        Map<Integer, Optional<String>> names = new HashMap<>();
        for (Neighbour neighbour : read(entered.rtnetlink(), 0)) {
          Optional<String> name =
              names.computeIfAbsent(neighbour.link(), index -> links.nameOf(entered, index));
          if (name.isEmpty()) {
            // The link went while we looked, and took its neighbours along.
            continue;
          }
          LinkKey link = new LinkKey(entered.name(), new LinkName(name.get()));
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
        Optional<Namespaces.Entered> entered = namespaces.find(link.namespace());
        Optional<Link> found = entered.flatMap(in -> links.seen(in, link.name().value()));
        if (entered.isEmpty() || found.isEmpty()) {
          continue;
        }
        for (Neighbour neighbour : read(entered.get().rtnetlink(), found.get().index())) {
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
    put(key, desired, true);
  }

  @Override
  public void restore(NeighbourKey key, NeighbourState last, NeighbourState desired)
      throws OperationException {
    put(key, desired, false);
  }

  private void put(NeighbourKey key, NeighbourState desired, boolean mustBeFree)
      throws OperationException {
    Namespaces.Entered entered = namespaces.require(key.link().namespace());
    Rtnetlink rtnetlink = entered.rtnetlink();
    String name = key.link().name().value();
    try {
      Optional<Link> there = links.current(entered, name);
      if (there.isEmpty()) {
        throw Refused.missing(key, key.link());
      }
      if (mustBeFree) {
        requireFree(key, rtnetlink, there.get().index());
      }
      links.write(
          entered,
          name,
          link ->
              rtnetlink.execute(
                  desired.linkAddress() == null
                      ? Neighbour.putProxy(link.index(), key.address())
                      : Neighbour.put(
                          link.index(), key.address(), MacAddress.parse(desired.linkAddress()))));
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
    put(key, desired, false);
  }

  @Override
  public boolean satisfies(NeighbourState observed, NeighbourState desired) {
    return Objects.equals(observed.linkAddress(), desired.linkAddress());
  }

  @Override
  public void delete(NeighbourKey key, NeighbourState observed) throws OperationException {
    Optional<Namespaces.Entered> entered = namespaces.find(key.link().namespace());
    if (entered.isEmpty()) {
      return;
    }
    Rtnetlink rtnetlink = entered.get().rtnetlink();
    try {
      links.write(
          entered.get(),
          key.link().name().value(),
          link -> rtnetlink.execute(Neighbour.delete(link.index(), key.address(), key.proxy())));
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
