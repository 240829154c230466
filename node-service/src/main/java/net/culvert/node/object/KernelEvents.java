package net.culvert.node.object;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.culvert.api.value.InterfaceAddress;
import net.culvert.api.value.LinkName;
import net.culvert.api.value.ResourceName;
import net.culvert.node.kernel.abi.Poll;
import net.culvert.node.kernel.netns.NamedNamespaceWatch;
import net.culvert.node.kernel.poll.EventFd;
import net.culvert.node.kernel.poll.Poller;
import net.culvert.node.kernel.rtnetlink.Link;
import net.culvert.node.kernel.rtnetlink.RouteProtocol;
import net.culvert.node.kernel.rtnetlink.RtnetlinkEvent;
import net.culvert.node.kernel.rtnetlink.RtnetlinkMonitor;
import net.culvert.node.kernel.sys.KernelException;
import net.culvert.node.kernel.sys.Syscalls;
import net.culvert.node.reconcile.ObjectKey;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens to what the kernel says of every namespace that the node works in, and of their names,
 * and tells which objects it may concern.
 */
public final class KernelEvents implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(KernelEvents.class);

  /** The host's routes and links change in bursts; what follows from them is computed once. */
  private static final long FACTS_MILLIS = 500;

  private static final long STOP_MILLIS = 1_000;

  /** What is to be done about events; called on the listening thread. */
  public interface Listener {
    /** Something of these objects has changed, whoever did it. */
    void changed(Collection<ObjectKey> keys);

    /** Events were lost, or a namespace went away: everything may have changed. */
    void lost();

    /** Links or routes of the host, not of ours, are not what they were. */
    void factsChanged();
  }

  private final Syscalls syscalls;
  private final Namespaces namespaces;
  private final KernelFacts facts;
  private final Listener listener;
  private final EventFd wake;
  private final @Nullable NamedNamespaceWatch names;

  /** Names of links by index, as the events tell them; on the listening thread alone. */
  private final IdentityHashMap<Namespaces.Entered, Map<Integer, String>> linkNames =
      new IdentityHashMap<>();

  private volatile boolean stopped;
  private boolean factsDue;
  private @Nullable Thread thread;

  KernelEvents(Syscalls syscalls, Namespaces namespaces, KernelFacts facts, Listener listener) {
    this.syscalls = syscalls;
    this.namespaces = namespaces;
    this.facts = facts;
    this.listener = listener;
    this.wake = new EventFd(syscalls);
    this.names = openNames(listener);
    namespaces.listener(wake::signal);
  }

  /** Without it a name that was taken away is noticed when everything is looked at. */
  private static @Nullable NamedNamespaceWatch openNames(Listener listener) {
    try {
      return new NamedNamespaceWatch(
          new NamedNamespaceWatch.Listener() {
            @Override
            public void changed(ResourceName name) {
              listener.changed(List.of(new NamespaceKey(name)));
            }

            @Override
            public void lost() {
              listener.lost();
            }
          });
    } catch (UncheckedIOException e) {
      LOG.warn("the names of namespaces are not watched: {}: {}", e.getMessage(), e.getCause());
      return null;
    }
  }

  private void watchNames() {
    if (names == null) {
      return;
    }
    try {
      names.watch();
    } catch (UncheckedIOException e) {
      LOG.warn("the names of namespaces are not watched: {}: {}", e.getMessage(), e.getCause());
    }
  }

  /** Begins to listen; before the first look at the kernel, so that nothing is missed. */
  public synchronized void start() {
    thread = Thread.ofPlatform().name("kernel-events").daemon(true).start(this::listen);
  }

  private void listen() {
    while (!stopped) {
      try {
        listenToPresentNamespaces();
      } catch (RuntimeException e) {
        LOG.error("listening to the kernel failed; everything is looked at instead", e);
        listener.lost();
        pause();
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(1_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns when a namespace was entered or left. */
  private void listenToPresentNamespaces() {
    wake.clear();
    watchNames();
    namespaces.takeRetired().forEach(RtnetlinkMonitor::close);
    List<Namespaces.Entered> present = namespaces.all();
    Set<Namespaces.Entered> still = Collections.newSetFromMap(new IdentityHashMap<>());
    still.addAll(present);
    linkNames.keySet().removeIf(entered -> !still.contains(entered));
    Poller poller = new Poller(syscalls, present.size() + 1);
    int woken = poller.add(wake.descriptor(), Poll.POLLIN);
    List<Integer> slots = new ArrayList<>();
    for (Namespaces.Entered entered : present) {
      slots.add(poller.add(entered.monitor().descriptor(), Poll.POLLIN));
    }
    boolean more = false;
    while (!stopped) {
      int ready = poller.poll(more ? 0 : factsDue ? (int) FACTS_MILLIS : -1);
      if (poller.isReadable(woken)) {
        return;
      }
      if (ready == 0 && !more) {
        refreshFacts();
        continue;
      }
      more = false;
      for (int i = 0; i < slots.size(); i++) {
        if (poller.isReadable(slots.get(i))) {
          more |= receive(present.get(i));
        }
      }
    }
  }

  private void refreshFacts() {
    factsDue = false;
    if (facts.refresh()) {
      listener.factsChanged();
    }
  }

  private boolean receive(Namespaces.Entered entered) {
    Set<ObjectKey> touched = new LinkedHashSet<>();
    boolean more =
        entered
            .monitor()
            .receive(
                new RtnetlinkMonitor.Listener() {
                  @Override
                  public void onEvent(RtnetlinkEvent event) {
                    note(entered, event, touched);
                  }

                  @Override
                  public void onOverflow() {
                    linkNames.remove(entered);
                    factsDue = true;
                    listener.lost();
                  }
                });
    if (!touched.isEmpty()) {
      listener.changed(touched);
    }
    return more;
  }

  private void note(Namespaces.Entered entered, RtnetlinkEvent event, Set<ObjectKey> touched) {
    boolean host = entered.name() == null;
    switch (event) {
      case RtnetlinkEvent.OfLink(Link link, boolean removed) -> {
        factsDue |= host;
        Map<Integer, String> names = names(entered);
        if (removed) {
          names.remove(link.index());
        } else {
          names.put(link.index(), link.name());
        }
        link(entered, link.name()).ifPresent(touched::add);
        if (entered.name() != null && link.name().equals("lo")) {
          // A namespace has its mark there.
          touched.add(new NamespaceKey(entered.name()));
        }
      }
      case RtnetlinkEvent.OfAddress(var address, boolean removed) -> {
        factsDue |= host;
        name(entered, address.link())
            .ifPresent(link -> {
              touched.add(link);
              try {
                touched.add(
                    new AddressKey(
                        link, new InterfaceAddress(address.address(), address.length())));
              } catch (IllegalArgumentException e) {
                // An address that no wish can hold concerns none.
              }
            });
      }
      case RtnetlinkEvent.OfRoute(var route, boolean removed) -> {
        factsDue |= host && route.protocol() != RouteProtocol.CULVERT;
        touched.add(
            new RouteKey(
                entered.name(), route.destination(), Integer.toUnsignedLong(route.metric())));
      }
      case RtnetlinkEvent.OfConfiguration(int link, boolean removed) ->
          name(entered, link)
              .ifPresent(key -> {
                for (Setting setting : Setting.values()) {
                  touched.add(new SettingKey(key, setting));
                }
              });
      case RtnetlinkEvent.OfNeighbour(var neighbour, boolean removed) -> {
        // The kernel tells of every neighbour that it learns or forgets; only fixed ones are ours.
        if (removed || neighbour.isPermanent()) {
          name(entered, neighbour.link())
              .ifPresent(link ->
                  touched.add(new NeighbourKey(link, neighbour.address(), neighbour.proxy())));
        }
      }
    }
  }

  private Map<Integer, String> names(Namespaces.Entered entered) {
    return linkNames.computeIfAbsent(entered, any -> new HashMap<>());
  }

  /** A link that is renamed or goes is told of, so that one question each is enough. */
  private Optional<LinkKey> name(Namespaces.Entered entered, int index) {
    try {
      String known = names(entered).get(index);
      if (known == null) {
        known = entered.rtnetlink().link(index).map(Link::name).orElse(null);
        if (known == null) {
          return Optional.empty();
        }
        names(entered).put(index, known);
      }
      return link(entered, known);
    } catch (KernelException e) {
      return Optional.empty();
    }
  }

  /** A name that no wish can hold concerns none. */
  private static Optional<LinkKey> link(Namespaces.Entered entered, String name) {
    try {
      return Optional.of(new LinkKey(entered.name(), new LinkName(name)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  @Override
  public synchronized void close() throws InterruptedException {
    stopped = true;
    if (names != null) {
      names.close();
    }
    wake.signal();
    if (thread != null) {
      thread.join(STOP_MILLIS);
    }
    wake.close();
  }
}
