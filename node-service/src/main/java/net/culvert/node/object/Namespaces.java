package net.culvert.node.object;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.culvert.api.value.ResourceName;
import net.culvert.node.kernel.netns.NamedNamespaces;
import net.culvert.node.kernel.netns.NetworkNamespace;
import net.culvert.node.kernel.rtnetlink.Rtnetlink;
import net.culvert.node.kernel.rtnetlink.RtnetlinkMonitor;
import net.culvert.node.kernel.sys.KernelException;
import net.culvert.node.kernel.sys.Syscalls;
import net.culvert.node.reconcile.OperationException;
import org.jspecify.annotations.Nullable;

/**
 * The namespaces that the node works in, each entered once: the one it runs in, and those of ours.
 * Whoever replaces a named namespace by another is noticed by its inode. Any thread.
 */
public final class Namespaces implements AutoCloseable {

  /** An entered namespace: its descriptor, and sockets that belong to it. */
  public record Entered(
      @Nullable ResourceName name,
      NetworkNamespace namespace,
      Rtnetlink rtnetlink,
      RtnetlinkMonitor monitor) {}

  /** Told when a namespace is entered or left, so that its events are listened to. */
  public interface Listener {
    void changed();
  }

  private final Syscalls syscalls;
  private final NamedNamespaces named;
  private final Entered host;
  private final Map<ResourceName, Entered> entered = new HashMap<>();
  private final List<RtnetlinkMonitor> retired = new ArrayList<>();
  private Listener listener = () -> {};

  /** Enters the namespace of the calling thread as the host's. */
  public Namespaces(Syscalls syscalls, NamedNamespaces named) {
    this.syscalls = syscalls;
    this.named = named;
    this.host = enter(null, NetworkNamespace.current(syscalls));
  }

  private Entered enter(@Nullable ResourceName name, NetworkNamespace namespace) {
    Rtnetlink rtnetlink = null;
    try {
      rtnetlink = Rtnetlink.open(syscalls, namespace);
      return new Entered(name, namespace, rtnetlink, RtnetlinkMonitor.open(syscalls, namespace));
    } catch (RuntimeException e) {
      if (rtnetlink != null) {
        rtnetlink.close();
      }
      namespace.close();
      throw e;
    }
  }

  public synchronized void listener(Listener newListener) {
    listener = newListener;
  }

  public Entered host() {
    return host;
  }

  /** The host's, and all that were entered. */
  public synchronized List<Entered> all() {
    List<Entered> all = new ArrayList<>(entered.values());
    all.add(host);
    return all;
  }

  /** A named namespace, if there is one; null for the host. */
  public synchronized Optional<Entered> find(@Nullable ResourceName name) {
    if (name == null) {
      return Optional.of(host);
    }
    Entered known = entered.get(name);
    Optional<Long> inode = named.inode(name);
    if (known != null && inode.isPresent() && inode.get() == known.namespace().inode()) {
      return Optional.of(known);
    }
    leave(name);
    if (inode.isEmpty()) {
      return Optional.empty();
    }
    Entered now = enter(name, named.open(name));
    entered.put(name, now);
    listener.changed();
    return Optional.of(now);
  }

  /** As {@link #find}; a namespace that is not there fails the operation. */
  public Entered require(@Nullable ResourceName name) throws OperationException {
    try {
      return find(name)
          .orElseThrow(() ->
              new OperationException(
                  OperationException.Reason.REFUSED, "there is no namespace " + name));
    } catch (KernelException e) {
      throw new OperationException(
          OperationException.Reason.REFUSED,
          "namespace " + name + " cannot be entered: " + e.getMessage(),
          e.errnoName(),
          e.call(),
          e.kernelSentence(),
          e);
    }
  }

  /** Closes what is open of a namespace, which lets it end once its name is gone too. */
  public synchronized void leave(ResourceName name) {
    Entered known = entered.remove(name);
    if (known != null) {
      known.rtnetlink().close();
      known.namespace().close();
      retired.add(known.monitor());
      listener.changed();
    }
  }

  /** Monitors of namespaces that were left, for whoever listens to them to close. */
  synchronized List<RtnetlinkMonitor> takeRetired() {
    List<RtnetlinkMonitor> taken = List.copyOf(retired);
    retired.clear();
    return taken;
  }

  /** Once nobody listens any more. */
  @Override
  public synchronized void close() {
    for (Entered each : all()) {
      each.monitor().close();
      each.rtnetlink().close();
      each.namespace().close();
    }
    entered.clear();
    retired.forEach(RtnetlinkMonitor::close);
    retired.clear();
  }
}
