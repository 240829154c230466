package net.culvert.node.kernel.rtnetlink;

import net.culvert.node.kernel.abi.Netlink;
import net.culvert.node.kernel.abi.Poll;
import net.culvert.node.kernel.abi.Rtnetlink;
import net.culvert.node.kernel.netlink.NetlinkEvents;
import net.culvert.node.kernel.netlink.NetlinkEvents.Received;
import net.culvert.node.kernel.netns.NamespaceRunner;
import net.culvert.node.kernel.netns.NetworkNamespace;
import net.culvert.node.kernel.poll.EventFd;
import net.culvert.node.kernel.poll.Poller;
import net.culvert.node.kernel.sys.FileDescriptor;
import net.culvert.node.kernel.sys.Syscalls;

/**
 * Hears of every change to the links, addresses, routes, neighbours and settings of one network
 * namespace, from the moment it was opened: open it before the first reading, and nothing is
 * missed. One thread at a time receives.
 */
public final class RtnetlinkMonitor implements AutoCloseable {

  /** Datagrams of one {@link #receive}, so that a storm lets the caller do something else too. */
  private static final int MAX_DATAGRAMS = 256;

  private static final int[] GROUPS = {
    Rtnetlink.RTNLGRP_LINK,
    Rtnetlink.RTNLGRP_IPV4_IFADDR,
    Rtnetlink.RTNLGRP_IPV6_IFADDR,
    Rtnetlink.RTNLGRP_IPV4_ROUTE,
    Rtnetlink.RTNLGRP_IPV6_ROUTE,
    Rtnetlink.RTNLGRP_NEIGH,
    Rtnetlink.RTNLGRP_IPV4_NETCONF,
    Rtnetlink.RTNLGRP_IPV6_NETCONF
  };

  /** Takes events, on the receiving thread. */
  public interface Listener {
    void onEvent(RtnetlinkEvent event);

    /** Events were lost: what is known must be read anew. */
    void onOverflow();
  }

  private final Syscalls syscalls;
  private final NetlinkEvents events;

  private RtnetlinkMonitor(Syscalls syscalls, NetlinkEvents events) {
    this.syscalls = syscalls;
    this.events = events;
  }

  /** Hears of links and routes alone, in the calling thread's namespace. */
  public static RtnetlinkMonitor openForLinksAndRoutes(Syscalls syscalls) {
    return open(
        syscalls,
        Rtnetlink.RTNLGRP_LINK,
        Rtnetlink.RTNLGRP_IPV4_ROUTE,
        Rtnetlink.RTNLGRP_IPV6_ROUTE);
  }

  private static RtnetlinkMonitor open(Syscalls syscalls, int... groups) {
    return new RtnetlinkMonitor(
        syscalls, NetlinkEvents.open(syscalls, Netlink.NETLINK_ROUTE, groups));
  }

  /** For the calling thread's namespace. */
  public static RtnetlinkMonitor open(Syscalls syscalls) {
    return open(syscalls, GROUPS);
  }

  /** For a namespace, which lives on for as long as this is open. */
  public static RtnetlinkMonitor open(Syscalls syscalls, NetworkNamespace namespace) {
    return new NamespaceRunner(syscalls).call(namespace, () -> open(syscalls));
  }

  /** Readable when there are events. */
  public FileDescriptor descriptor() {
    return events.descriptor();
  }

  /**
   * Hands over the events that are there, without waiting.
   *
   * @return whether there may be more
   */
  public boolean receive(Listener listener) {
    Received received =
        events.receive(
            MAX_DATAGRAMS,
            message -> {
              RtnetlinkEvent event = RtnetlinkEvent.parse(message);
              if (event != null) {
                listener.onEvent(event);
              }
            });
    if (received == Received.OVERFLOW) {
      listener.onOverflow();
    }
    return received != Received.EVERYTHING;
  }

  /** Waits for events and hands them over until {@code stop} is signalled. */
  public void run(EventFd stop, Listener listener) {
    Poller poller = new Poller(syscalls, 2);
    int stopped = poller.add(stop.descriptor(), Poll.POLLIN);
    poller.add(events.descriptor(), Poll.POLLIN);
    boolean more = false;
    while (true) {
      int ready = poller.poll(more ? 0 : -1);
      if (poller.isReadable(stopped)) {
        return;
      }
      if (ready > 0 || more) {
        more = receive(listener);
      }
    }
  }

  /** Not while another thread receives. */
  @Override
  public void close() {
    events.close();
  }
}
