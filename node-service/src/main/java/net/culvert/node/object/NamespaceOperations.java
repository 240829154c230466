package net.culvert.node.object;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import net.culvert.api.value.ResourceName;
import net.culvert.node.kernel.abi.Errno;
import net.culvert.node.kernel.netns.NamedNamespaces;
import net.culvert.node.kernel.rtnetlink.Link;
import net.culvert.node.kernel.rtnetlink.LinkRequest;
import net.culvert.node.kernel.rtnetlink.Rtnetlink;
import net.culvert.node.kernel.sys.KernelException;
import net.culvert.node.kernel.sys.Syscalls;
import net.culvert.node.reconcile.Description;
import net.culvert.node.reconcile.Kind;
import net.culvert.node.reconcile.ObjectKey;
import net.culvert.node.reconcile.OperationException;
import net.culvert.node.reconcile.Operations;
import org.jspecify.annotations.Nullable;

/**
 * Named namespaces, as {@code ip netns} knows them; ours carry the mark on their loopback device.
 */
final class NamespaceOperations implements Operations<NamespaceKey, NamespaceState> {

  private static final String LOOPBACK = "lo";

  private final Syscalls syscalls;
  private final NamedNamespaces named;
  private final Namespaces namespaces;
  private final LinkTable links;
  private final Mark mark;

  /** Namespaces of others, by name and inode: entering one costs two sockets, at every look. */
  private final Map<ResourceName, Long> foreign = new HashMap<>();

  NamespaceOperations(
      Syscalls syscalls, NamedNamespaces named, Namespaces namespaces, LinkTable links, Mark mark) {
    this.links = links;
    this.syscalls = syscalls;
    this.named = named;
    this.namespaces = namespaces;
    this.mark = mark;
  }

  @Override
  public Kind kind() {
    return Kinds.NAMESPACE;
  }

  @Override
  public void beginLook() {
    links.forgetAll();
  }

  @Override
  public Map<NamespaceKey, NamespaceState> observe() throws OperationException {
    try {
      Map<ResourceName, Long> inodes = named.inodes();
      foreign.entrySet().retainAll(inodes.entrySet());
      for (Namespaces.Entered entered : namespaces.all()) {
        // Everything of ours in there is looked at, so that one reading of the links serves it all.
        var _ = links.all(entered);
      }
      Map<NamespaceKey, NamespaceState> observed = new HashMap<>();
      inodes.forEach((name, inode) -> {
        if (!foreign.containsKey(name) && !whatCanBeSeen(new NamespaceKey(name), observed)) {
          foreign.put(name, inode);
        }
      });
      for (ResourceName name : named.leftovers(mark.alias())) {
        observed.put(new NamespaceKey(name), NamespaceState.LEFTOVER);
      }
      return observed;
    } catch (KernelException e) {
      throw new OperationException(
          OperationException.Reason.REFUSED,
          "namespaces cannot be listed: " + e.getMessage(),
          e.errnoName(),
          e.call(),
          e.kernelSentence(),
          e);
    }
  }

  @Override
  public Map<NamespaceKey, NamespaceState> observe(Collection<NamespaceKey> keys)
      throws OperationException {
    Map<NamespaceKey, NamespaceState> observed = new HashMap<>();
    for (NamespaceKey key : keys) {
      try {
        state(key).ifPresent(state -> observed.put(key, state));
      } catch (KernelException e) {
        namespaces.leave(key.name());
        if (e.errno() != Errno.ENOENT && e.errno() != Errno.EINVAL) {
          // One that cannot be looked at is not one that is gone: it may be ours to remove.
          throw Refused.by(key, e);
        }
      }
    }
    return observed;
  }

  /**
   * Notes a namespace of ours.
   *
   * @return false where it is known not to be
   */
  private boolean whatCanBeSeen(NamespaceKey key, Map<NamespaceKey, NamespaceState> observed) {
    try {
      Optional<NamespaceState> state = state(key);
      state.ifPresent(found -> observed.put(key, found));
      return state.isPresent();
    } catch (KernelException e) {
      // Somebody else's namespace may come and go, or forbid us to enter, while we look.
      namespaces.leave(key.name());
      return true;
    }
  }

  private Optional<NamespaceState> state(NamespaceKey key) {
    Optional<Namespaces.Entered> entered = namespaces.find(key.name());
    if (entered.isEmpty() && named.isLeftover(key.name(), mark.alias())) {
      return Optional.of(NamespaceState.LEFTOVER);
    }
    Optional<Link> loopback = entered.flatMap(found -> links.seen(found, LOOPBACK));
    if (entered.isEmpty() || loopback.isEmpty() || !mark.isOn(loopback.get())) {
      namespaces.leave(key.name());
      return Optional.empty();
    }
    return Optional.of(
        new NamespaceState(loopback.get().isUp(), entered.get().namespace().inode()));
  }

  @Override
  public void create(NamespaceKey key, NamespaceState desired) throws OperationException {
    ResourceName name = key.name();
    if (named.exists(name)) {
      Optional<NamespaceState> state = observed(key);
      if (state.isEmpty()) {
        throw Refused.notOurs(key);
      }
      replace(key, state.get(), desired);
      return;
    }
    make(key);
    try {
      setUp(key, desired);
    } catch (KernelException | OperationException e) {
      remove(key);
      throw e instanceof KernelException refusal
          ? Refused.by(key, refusal)
          : (OperationException) e;
    }
  }

  /** It has our mark before it has its name, so that none is ever found without. */
  private void make(NamespaceKey key) throws OperationException {
    try {
      named.create(
          key.name(),
          mark.alias(),
          () -> {
            try (Rtnetlink inside = Rtnetlink.open(syscalls)) {
              inside.link(LOOPBACK).ifPresent(loopback -> markIn(inside, loopback));
            }
          });
    } catch (KernelException e) {
      throw Refused.by(key, e);
    }
  }

  private void markIn(Rtnetlink inside, Link loopback) {
    inside.execute(LinkRequest.change(loopback).alias(mark.alias()).build());
  }

  private Optional<NamespaceState> observed(NamespaceKey key) throws OperationException {
    return Optional.ofNullable(observe(List.of(key)).get(key));
  }

  private void setUp(NamespaceKey key, NamespaceState desired) throws OperationException {
    Namespaces.Entered entered = namespaces.require(key.name());
    Link loopback =
        links
            .current(entered, LOOPBACK)
            .orElseThrow(() ->
                new OperationException(
                    OperationException.Reason.REFUSED, key + " has no loopback device"));
    entered
        .rtnetlink()
        .execute(LinkRequest.change(loopback).alias(mark.alias()).up(desired.loopbackUp()).build());
    links.forget(entered, LOOPBACK);
  }

  /** Its loopback device has lost the mark, but its inode tells that it is the same. */
  @Override
  public void restore(NamespaceKey key, NamespaceState last, NamespaceState desired)
      throws OperationException {
    try {
      Optional<Namespaces.Entered> entered = namespaces.find(key.name());
      Optional<Link> loopback = entered.flatMap(found -> links.fresh(found, LOOPBACK));
      if (loopback.isPresent()
          && Mark.isAbsent(loopback.get().alias())
          && entered.get().namespace().inode() == last.inode()) {
        foreign.remove(key.name());
        setUp(key, desired);
        return;
      }
    } catch (KernelException e) {
      throw Refused.by(key, e);
    }
    create(key, desired);
  }

  private void remove(NamespaceKey key) {
    namespaces.leave(key.name());
    try {
      named.delete(key.name());
    } catch (KernelException e) {
      // The refusal that brought us here is the one to tell; what is left carries the mark.
    }
  }

  @Override
  public void replace(NamespaceKey key, NamespaceState observed, NamespaceState desired)
      throws OperationException {
    if (observed.equals(NamespaceState.LEFTOVER)) {
      delete(key, observed);
      create(key, desired);
      return;
    }
    try {
      setUp(key, desired);
    } catch (KernelException e) {
      throw Refused.by(key, e);
    }
  }

  @Override
  public void delete(NamespaceKey key, NamespaceState observed) throws OperationException {
    namespaces.leave(key.name());
    try {
      named.delete(key.name());
    } catch (KernelException e) {
      throw Refused.by(key, e);
    }
  }

  @Override
  public boolean satisfies(NamespaceState observed, NamespaceState desired) {
    return !observed.equals(NamespaceState.LEFTOVER)
        && observed.loopbackUp() == desired.loopbackUp();
  }

  @Override
  public boolean remakes(NamespaceState observed, NamespaceState desired) {
    return observed.equals(NamespaceState.LEFTOVER);
  }

  @Override
  public Description describe(
      NamespaceKey key,
      @Nullable NamespaceState observed,
      @Nullable NamespaceState desired,
      Predicate<ObjectKey> made) {
    return IpCommands.namespace(key, observed, desired, mark);
  }
}
