package net.culvert.node.device;

import java.util.Optional;
import net.culvert.node.kernel.abi.Errno;
import net.culvert.node.kernel.abi.Poll;
import net.culvert.node.kernel.netns.NamespaceRunner;
import net.culvert.node.kernel.netns.NetworkNamespace;
import net.culvert.node.kernel.poll.EventFd;
import net.culvert.node.kernel.poll.Poller;
import net.culvert.node.kernel.rtnetlink.Link;
import net.culvert.node.kernel.rtnetlink.Rtnetlink;
import net.culvert.node.kernel.rtnetlink.RtnetlinkEvent;
import net.culvert.node.kernel.rtnetlink.RtnetlinkMonitor;
import net.culvert.node.kernel.sys.KernelException;
import net.culvert.node.kernel.sys.Syscalls;
import net.culvert.node.kernel.tun.SingleQueueTun;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows a device that others set up and down, move and remove, on a thread of its own.
 *
 * <p>Whether the device is there is asked of its own descriptor, which a move to another namespace
 * leaves as it is and a removal does not; so is the namespace. In the namespace that the program
 * was started in, the kernel tells what changes. In another it is asked, again and again and each
 * time anew: a socket that is kept open there would keep the namespace alive, and the device in it,
 * after its last user has gone.
 */
final class DeviceWatch implements AutoCloseable {

  /** What is heard, on the watch's thread but for the first time. */
  interface Listener {

    /** How the device is now; also told where it is as before. */
    void link(boolean up, int mtuBytes);

    /** Routes of the namespace that the sockets are in have changed. */
    void routesChanged();

    /** The device is gone. The last that is told. */
    void removed();
  }

  private static final int LOOK_MILLIS = 1_000;

  /** In another namespace, while the user probably is about to set the device up. */
  private static final int IMPATIENT_MILLIS = 100;

  private static final long ROUTES_NANOS = 1_000_000_000L;
  private static final Logger LOG = LoggerFactory.getLogger(DeviceWatch.class);

  private final Syscalls syscalls;
  private final SingleQueueTun tun;
  private final Listener listener;
  private final RtnetlinkMonitor monitor;
  private final Rtnetlink rtnetlink;
  private final EventFd stop;
  private final Poller poller;
  private final long home;
  private boolean away;
  private boolean up;
  private boolean blind;
  private boolean changed;
  private boolean routesChanged;
  private long routesToldNanos = System.nanoTime() - ROUTES_NANOS;
  private @Nullable Thread thread;

  private DeviceWatch(Syscalls syscalls, SingleQueueTun tun, Listener listener) {
    this.syscalls = syscalls;
    this.tun = tun;
    this.listener = listener;
    try (NetworkNamespace namespace = NetworkNamespace.current(syscalls)) {
      home = namespace.inode();
    }
    this.monitor = RtnetlinkMonitor.openForLinksAndRoutes(syscalls);
    Rtnetlink opened = null;
    try {
      opened = Rtnetlink.open(syscalls);
      this.stop = new EventFd(syscalls);
    } catch (RuntimeException e) {
      monitor.close();
      if (opened != null) {
        opened.close();
      }
      throw e;
    }
    this.rtnetlink = opened;
    this.poller = new Poller(syscalls, 2);
    poller.add(stop.descriptor(), Poll.POLLIN);
    poller.add(monitor.descriptor(), Poll.POLLIN);
  }

  /**
   * Begins, in the calling thread's namespace; the listener has heard of the device once when this
   * returns.
   *
   * @throws KernelException if the kernel cannot be listened to
   */
  static DeviceWatch start(Syscalls syscalls, SingleQueueTun tun, Listener listener) {
    DeviceWatch watch = new DeviceWatch(syscalls, tun, listener);
    watch.look();
    Thread thread =
        Thread.ofPlatform().name("dev-" + tun.device().name()).daemon().unstarted(watch::run);
    watch.thread = thread;
    thread.start();
    return watch;
  }

  private void run() {
    boolean there = true;
    while (there) {
      try {
        int ready = poller.poll(changed ? 0 : away && !up ? IMPATIENT_MILLIS : LOOK_MILLIS);
        if (poller.isReadable(0)) {
          return;
        }
        if (ready > 0) {
          receive();
        }
        tellRoutes();
        there = look();
      } catch (RuntimeException e) {
        // The next look may succeed; a device that is followed no more could not be removed.
        LOG.error("the device could not be looked at: {}", e.toString());
        changed = false;
        try {
          Thread.sleep(LOOK_MILLIS);
        } catch (InterruptedException interrupted) {
          return;
        }
      }
    }
  }

  private void receive() {
    changed =
        monitor.receive(
            new RtnetlinkMonitor.Listener() {
              @Override
              public void onEvent(RtnetlinkEvent event) {
                routesChanged |= event instanceof RtnetlinkEvent.OfRoute;
              }

              @Override
              public void onOverflow() {
                routesChanged = true;
              }
            });
  }

  private void tellRoutes() {
    long now = System.nanoTime();
    if (routesChanged && now - routesToldNanos >= ROUTES_NANOS) {
      routesChanged = false;
      routesToldNanos = now;
      listener.routesChanged();
    }
  }

  /** Whether the device is still there. */
  private boolean look() {
    Optional<String> name = tun.name();
    if (name.isEmpty()) {
      listener.removed();
      return false;
    }
    try {
      Optional<Link> link = find(name.get());
      if (link.isPresent()) {
        blind = false;
        up = link.get().isUp();
        listener.link(up, link.get().mtu());
      }
    } catch (KernelException e) {
      if (e.errno() == Errno.EBADFD) {
        return look(); // Removed between two questions.
      }
      if (!blind) {
        blind = true;
        up = true;
        LOG.error(
            "the device is where it cannot be looked at, and is taken for up: {}", e.getMessage());
        listener.link(true, 0);
      }
    }
    return true;
  }

  private Optional<Link> find(String name) {
    try (NetworkNamespace namespace = tun.namespace()) {
      away = namespace.inode() != home;
      if (!away) {
        return rtnetlink.link(name);
      }
      return new NamespaceRunner(syscalls)
          .call(
              namespace,
              () -> {
                try (Rtnetlink there = Rtnetlink.open(syscalls)) {
                  return there.link(name);
                }
              });
    }
  }

  /** Ends it, unless the caller is its own thread, which ends by itself. */
  @Override
  public void close() {
    stop.signal();
    Thread running = thread;
    if (running == null || running.equals(Thread.currentThread())) {
      return;
    }
    try {
      running.join(LOOK_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!running.isAlive()) {
      stop.close();
      monitor.close();
      rtnetlink.close();
    }
  }
}
