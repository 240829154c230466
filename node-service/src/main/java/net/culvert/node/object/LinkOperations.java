package net.culvert.node.object;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import net.culvert.api.value.LinkName;
import net.culvert.api.value.ResourceName;
import net.culvert.node.kernel.abi.Errno;
import net.culvert.node.kernel.rtnetlink.Link;
import net.culvert.node.kernel.rtnetlink.LinkKind;
import net.culvert.node.kernel.rtnetlink.LinkRequest;
import net.culvert.node.kernel.rtnetlink.Rtnetlink;
import net.culvert.node.kernel.rtnetlink.VethKind;
import net.culvert.node.kernel.sys.KernelException;
import net.culvert.node.kernel.sys.SystemCallException;
import net.culvert.node.reconcile.Description;
import net.culvert.node.reconcile.Kind;
import net.culvert.node.reconcile.ObjectKey;
import net.culvert.node.reconcile.OperationException;
import net.culvert.node.reconcile.Operations;
import org.jspecify.annotations.Nullable;

/** Links of every kind; ours carry the mark as their alias. */
final class LinkOperations implements Operations<LinkKey, LinkState> {

  private static final int DISCARD_ATTEMPTS = 2;

  private final Namespaces namespaces;
  private final LinkTable links;
  private final Mark mark;
  private final Map<String, LinkMaker> makers;

  LinkOperations(
      Namespaces namespaces, LinkTable links, Mark mark, Collection<? extends LinkMaker> makers) {
    this.namespaces = namespaces;
    this.links = links;
    this.mark = mark;
    this.makers = makers.stream().collect(Collectors.toMap(LinkMaker::name, maker -> maker));
  }

  @Override
  public Kind kind() {
    return Kinds.LINK;
  }

  /** A bridge before its ports, and what stands on another device after it. */
  @Override
  public int rank(LinkState value) {
    if (value.parent() != null) {
      return 2;
    }
    return value.master() == null && value.peer() == null ? 0 : 1;
  }

  @Override
  public void beginLook() {
    links.forgetAll();
  }

  @Override
  public Map<LinkKey, LinkState> observe() throws OperationException {
    Map<LinkKey, LinkState> observed = new HashMap<>();
    try {
      for (Namespaces.Entered entered : namespaces.all()) {
        Collection<Link> all = links.all(entered);
        Map<Integer, String> names =
            all.stream().collect(Collectors.toMap(Link::index, Link::name, (a, b) -> a));
        for (Link link : all) {
          if (mark.isOn(link) && !link.name().equals("lo")) {
            LinkKey key = new LinkKey(entered.name(), new LinkName(link.name()));
            observed.put(key, state(link, names.get(link.master())));
          }
        }
      }
    } catch (KernelException e) {
      throw new OperationException(
          OperationException.Reason.REFUSED,
          "links cannot be listed: " + e.getMessage(),
          e.errnoName(),
          e.call(),
          e.kernelSentence(),
          e);
    }
    return observed;
  }

  @Override
  public Map<LinkKey, LinkState> observe(Collection<LinkKey> keys) throws OperationException {
    Map<LinkKey, LinkState> observed = new HashMap<>();
    Map<Optional<ResourceName>, List<LinkKey>> groups =
        keys.stream().collect(Collectors.groupingBy(key -> Optional.ofNullable(key.namespace())));
    for (Map.Entry<Optional<ResourceName>, List<LinkKey>> group : groups.entrySet()) {
      Optional<Namespaces.Entered> entered = namespaces.find(group.getKey().orElse(null));
      if (entered.isEmpty()) {
        continue;
      }
      try {
        Map<String, Link> found =
            links.seen(
                entered.get(), group.getValue().stream().map(key -> key.name().value()).toList());
        for (LinkKey key : group.getValue()) {
          Link link = found.get(key.name().value());
          if (link != null && mark.isOn(link)) {
            observed.put(key, state(link, masterName(entered.get(), link)));
          }
        }
      } catch (KernelException e) {
        throw Refused.by(group.getValue().getFirst(), e);
      }
    }
    return observed;
  }

  private @Nullable String masterName(Namespaces.Entered entered, Link link) {
    return link.master() == 0 ? null : links.nameOf(entered, link.master()).orElse(null);
  }

  private LinkState state(Link link, @Nullable String master) {
    String kind = Objects.requireNonNullElse(link.kind(), "");
    LinkMaker maker = makers.get(kind);
    return new LinkState(
        kind,
        link.mtu(),
        link.isUp(),
        master == null ? null : new LinkName(master),
        null,
        null,
        maker == null ? null : maker.modeOf(link),
        link.index(),
        !mark.alias().equals(link.alias()));
  }

  @Override
  public boolean satisfies(LinkState observed, LinkState desired) {
    return observed.kind().equals(desired.kind())
        && (desired.mtu() == null || desired.mtu().equals(observed.mtu()))
        && observed.up() == desired.up()
        && !observed.unfinished()
        && Objects.equals(observed.master(), desired.master())
        && Objects.equals(observed.mode(), desired.mode());
  }

  @Override
  public void create(LinkKey key, LinkState desired) throws OperationException {
    create(key, desired, 0);
  }

  @Override
  public void restore(LinkKey key, LinkState last, LinkState desired) throws OperationException {
    create(key, desired, last.index());
  }

  /**
   * @param last the index of the link that was ours: with it, and with no mark at all, it still is
   */
  private void create(LinkKey key, LinkState desired, int last) throws OperationException {
    Namespaces.Entered entered = namespaces.require(key.namespace());
    try {
      // As it is now: what an earlier step of this pass made or removed is not as it was seen.
      Optional<Link> existing = links.fresh(entered, key.name().value());
      if (existing.isEmpty()) {
        make(key, desired, entered);
        return;
      }
      Link link = existing.get();
      boolean unmarked = Mark.isAbsent(link.alias()) && link.index() == last;
      if (!mark.isOn(link) && !unmarked) {
        throw Refused.notOurs(key);
      }
      replace(key, state(link, masterName(entered, link)), desired);
    } catch (KernelException e) {
      throw Refused.by(key, e);
    }
  }

  private void make(LinkKey key, LinkState desired, Namespaces.Entered entered)
      throws OperationException {
    Rtnetlink rtnetlink = entered.rtnetlink();
    LinkMaker maker = makers.get(desired.kind());
    if (maker == null) {
      throw new OperationException(
          OperationException.Reason.REFUSED,
          key + " is gone, and comes back only with the " + desired.kind() + " that made it");
    }
    LinkKey peer = desired.peer();
    if (peer != null) {
      requirePeerFree(peer);
    }
    LinkKind kind = maker.kernelKind(key, desired, namespaces);
    if (kind instanceof VethKind veth) {
      kind = veth.withPeerGroup(mark.birthGroup());
    }
    LinkRequest request = LinkRequest.create(key.name().value(), kind).group(mark.birthGroup());
    if (desired.mtu() != null) {
      request.mtu(desired.mtu());
    }
    Link made = create(rtnetlink, request);
    try {
      if (peer != null) {
        Namespaces.Entered beyond = namespaces.require(peer.namespace());
        links.forget(beyond, peer.name().value());
        beyond
            .rtnetlink()
            .execute(
                LinkRequest.change(made.parent(), peer.name().value())
                    .alias(mark.alias())
                    .group(0)
                    .build());
      }
      LinkRequest change = LinkRequest.change(made).alias(mark.alias()).group(0).up(desired.up());
      if (desired.master() != null) {
        change.master(index(entered, key, desired.master()));
      }
      links.forget(entered, made.name());
      execute(rtnetlink, made, desired.up(), change);
    } catch (KernelException | OperationException e) {
      discard(rtnetlink, made);
      throw e;
    }
  }

  private Link create(Rtnetlink rtnetlink, LinkRequest request) {
    try {
      return rtnetlink.create(request);
    } catch (SystemCallException e) {
      // The request may have been done, and only its answer lost.
      try {
        rtnetlink
            .link(request.name())
            .filter(link -> link.group() == mark.birthGroup())
            .ifPresent(link -> discard(rtnetlink, link));
      } catch (KernelException again) {
        e.addSuppressed(again);
      }
      throw e;
    }
  }

  /** The other end's name may be taken: by an end of ours that lost this one, or by a stranger. */
  private void requirePeerFree(LinkKey peer) throws OperationException {
    Namespaces.Entered beyond = namespaces.require(peer.namespace());
    Optional<Link> there = links.fresh(beyond, peer.name().value());
    if (there.isPresent()) {
      if (!mark.isOn(there.get())) {
        throw Refused.notOurs(peer);
      }
      links.forget(beyond, peer.name().value());
      beyond.rtnetlink().execute(Link.delete(there.get().index(), there.get().name()));
    }
  }

  private int index(Namespaces.Entered entered, LinkKey key, LinkName other)
      throws OperationException {
    return links
        .current(entered, other.value())
        .map(Link::index)
        .orElseThrow(() -> Refused.missing(key, new LinkKey(key.namespace(), other)));
  }

  private static void discard(Rtnetlink rtnetlink, Link link) {
    for (int attempt = 0; attempt < DISCARD_ATTEMPTS; attempt++) {
      try {
        rtnetlink.execute(Link.delete(link.index(), link.name()));
        return;
      } catch (KernelException e) {
        if (e.errno() == Errno.ENODEV) {
          return;
        }
        // The refusal that brought us here is the one to tell.
      }
    }
  }

  @Override
  public void replace(LinkKey key, LinkState observed, LinkState desired)
      throws OperationException {
    Namespaces.Entered entered = namespaces.require(key.namespace());
    Rtnetlink rtnetlink = entered.rtnetlink();
    links.forget(entered, key.name().value());
    try {
      if (!observed.kind().equals(desired.kind())
          || !Objects.equals(observed.mode(), desired.mode())) {
        rtnetlink.execute(Link.delete(observed.index(), key.name().value()));
        make(key, desired, entered);
        return;
      }
      LinkRequest change = LinkRequest.change(observed.index(), key.name().value());
      if (observed.unfinished()) {
        // Only its group tells whose it is.
        change.alias(mark.alias()).group(0);
      }
      if (desired.mtu() != null && !desired.mtu().equals(observed.mtu())) {
        change.mtu(desired.mtu());
      }
      if (!Objects.equals(observed.master(), desired.master())) {
        change.master(desired.master() == null ? 0 : index(entered, key, desired.master()));
      }
      if (observed.up() != desired.up()) {
        change.up(desired.up());
      }
      Optional<Link> link = rtnetlink.link(observed.index());
      if (link.isPresent()) {
        execute(rtnetlink, link.get(), desired.up(), change);
      } else {
        rtnetlink.execute(change.build());
      }
    } catch (KernelException e) {
      throw Refused.by(key, e);
    }
  }

  private static void execute(Rtnetlink rtnetlink, Link link, boolean up, LinkRequest change) {
    if (up) {
      LinkLocal.up(rtnetlink, link, change.build());
    } else {
      rtnetlink.execute(change.build());
    }
  }

  /** A tunnel's device goes with its tunnel. */
  @Override
  public void delete(LinkKey key, LinkState observed) throws OperationException {
    if (observed.kind().equals(LinkState.TUN)) {
      return;
    }
    Optional<Namespaces.Entered> entered = namespaces.find(key.namespace());
    if (entered.isEmpty()) {
      return;
    }
    links.forget(entered.get(), key.name().value());
    try {
      entered.get().rtnetlink().execute(Link.delete(observed.index(), key.name().value()));
    } catch (KernelException e) {
      if (e.errno() != Errno.ENODEV) {
        throw Refused.by(key, e);
      }
    }
  }

  @Override
  public boolean remakes(LinkState observed, LinkState desired) {
    return !IpCommands.sameKind(observed, desired);
  }

  /** One end of a pair ends with the other, and what stands on a device with that. */
  @Override
  public Collection<LinkKey> standsOn(LinkKey key, LinkState value) {
    if (value.peer() != null) {
      return List.of(value.peer());
    }
    return value.parent() == null ? List.of() : List.of(new LinkKey(null, value.parent()));
  }

  @Override
  public Description describe(
      LinkKey key,
      @Nullable LinkState observed,
      @Nullable LinkState desired,
      Predicate<ObjectKey> made) {
    return IpCommands.link(key, observed, desired, mark, made);
  }
}
