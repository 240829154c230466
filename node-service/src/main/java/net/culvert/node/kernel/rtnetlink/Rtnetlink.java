package net.culvert.node.kernel.rtnetlink;

import static net.culvert.node.kernel.abi.Rtnetlink.RTM_GETNSID;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import net.culvert.api.value.Family;
import net.culvert.api.value.IpAddress;
import net.culvert.node.kernel.abi.Errno;
import net.culvert.node.kernel.abi.NetNamespace;
import net.culvert.node.kernel.abi.Netlink;
import net.culvert.node.kernel.abi.Rtnetlink.Rtgenmsg;
import net.culvert.node.kernel.abi.Rtnetlink.Rtmsg;
import net.culvert.node.kernel.netlink.NetlinkException;
import net.culvert.node.kernel.netlink.NetlinkRequest;
import net.culvert.node.kernel.netlink.NetlinkSocket;
import net.culvert.node.kernel.netlink.Outcome;
import net.culvert.node.kernel.netns.NamespaceRunner;
import net.culvert.node.kernel.netns.NetworkNamespace;
import net.culvert.node.kernel.sys.Syscalls;

/**
 * The links, addresses, routes and neighbours of one network namespace. Any platform thread may
 * call; calls wait for each other. Each method that reads or changes throws {@link
 * NetlinkException} where the kernel refuses.
 */
public final class Rtnetlink implements AutoCloseable {

  private final NetlinkSocket socket;

  private Rtnetlink(NetlinkSocket socket) {
    this.socket = socket;
  }

  /** For the calling thread's namespace. */
  public static Rtnetlink open(Syscalls syscalls) {
    return new Rtnetlink(NetlinkSocket.open(syscalls, Netlink.NETLINK_ROUTE));
  }

  /**
   * For a namespace, which lives on for as long as this is open, even without a name.
   *
   * @throws net.culvert.node.kernel.sys.SystemCallException where it cannot be entered
   */
  public static Rtnetlink open(Syscalls syscalls, NetworkNamespace namespace) {
    return new NamespaceRunner(syscalls).call(namespace, () -> open(syscalls));
  }

  /** Does one request. */
  public void execute(NetlinkRequest request) {
    socket.execute(request);
  }

  /**
   * Does requests in their order and in as few system calls as they fit into, and goes on after one
   * that is refused.
   *
   * @return one outcome a request; nothing is thrown for a refused one
   */
  public List<Outcome> executeAll(List<NetlinkRequest> requests) {
    return socket.exchange(requests, (index, message) -> {});
  }

  /** Makes a link and reads it, in one exchange. For one that stays in this namespace. */
  public Link create(LinkRequest creation) {
    List<Link> found = new ArrayList<>(1);
    NetlinkRequest request = creation.build();
    List<Outcome> outcomes =
        socket.exchange(
            List.of(request, Link.get(creation.name())),
            (index, message) -> {
              Link link = index == 1 ? Link.parse(message) : null;
              if (link != null) {
                found.add(link);
              }
            });
    outcomes.forEach(Outcome::orThrow);
    return found.getFirst();
  }

  /** The link of that name, or of that alternative name. */
  public Optional<Link> link(String name) {
    return link(Link.get(name));
  }

  public Optional<Link> link(int index) {
    return link(Link.get(index));
  }

  private Optional<Link> link(NetlinkRequest request) {
    return Optional.ofNullable(links(List.of(request)).get(0));
  }

  /** Those of the named links that exist, by the names that they were asked for. */
  public Map<String, Link> links(Collection<String> names) {
    List<String> order = List.copyOf(names);
    Map<Integer, Link> found = links(order.stream().map(Link::get).toList());
    Map<String, Link> byName = new HashMap<>();
    found.forEach((index, link) -> byName.put(order.get(index), link));
    return byName;
  }

  private Map<Integer, Link> links(List<NetlinkRequest> requests) {
    Map<Integer, Link> found = new HashMap<>();
    List<Outcome> outcomes =
        socket.exchange(
            requests,
            (index, message) -> {
              Link link = Link.parse(message);
              if (link != null) {
                found.put(index, link);
              }
            });
    for (Outcome outcome : outcomes) {
      NetlinkException failure = outcome.failure();
      if (failure != null && failure.errno() != Errno.ENODEV) {
        throw failure;
      }
    }
    return found;
  }

  /** Every link. */
  public List<Link> links() {
    return socket.dump(Link.dump(), Link::parse);
  }

  /** Every address of every link. */
  public List<Address> addresses() {
    return socket.dump(Address.dump(0), Address::parse);
  }

  /** The addresses of one link; none where there is no such link. */
  public List<Address> addresses(int link) {
    return ofLink(() ->
        socket.dump(
            Address.dump(link),
            message -> {
              Address address = Address.parse(message);
              return address != null && address.link() == link ? address : null;
            }));
  }

  /** Routes of both families. */
  public List<Route> routes(RouteFilter filter) {
    List<Route> routes = new ArrayList<>(routes(Family.IPV4, filter));
    routes.addAll(routes(Family.IPV6, filter));
    return routes;
  }

  /** Routes of one family. */
  public List<Route> routes(Family family, RouteFilter filter) {
    return ofLink(() ->
        socket.dump(
            filter.dump(family),
            message -> {
              Route route = Route.parse(message);
              return route != null && filter.accepts(route) ? route : null;
            }));
  }

  /** The default route of the main table with the smallest metric. */
  public Optional<Route> defaultRoute(Family family) {
    List<Route> found =
        socket.dump(
            RouteFilter.MAIN.dump(family),
            message -> {
              if (message.headerU8(Rtmsg.RTM_DST_LEN) != 0) {
                return null;
              }
              Route route = Route.parse(message);
              return route != null && RouteFilter.MAIN.accepts(route) ? route : null;
            });
    return found.stream().min((a, b) -> Integer.compareUnsigned(a.metric(), b.metric()));
  }

  /** The way that a packet would take now; empty where the kernel knows none. */
  public Optional<RouteLookup> route(IpAddress destination) {
    List<RouteLookup> found = new ArrayList<>(1);
    NetlinkException failure =
        socket
            .exchange(
                List.of(RouteLookup.get(destination)),
                (index, message) -> found.add(RouteLookup.parse(message, destination.family())))
            .getFirst()
            .failure();
    if (failure == null) {
      return Optional.of(found.getFirst());
    }
    return switch (failure.errno()) {
      case Errno.ENETUNREACH, Errno.EHOSTUNREACH, Errno.EINVAL, Errno.EACCES -> Optional.empty();
      default -> throw failure;
    };
  }

  /**
   * The number by which this namespace knows another, as {@link Link#parentNamespace} tells it;
   * empty where no link joins the two.
   */
  public OptionalInt namespaceId(NetworkNamespace other) {
    int[] found = {NetNamespace.NETNSA_NSID_NOT_ASSIGNED};
    NetlinkRequest request =
        new NetlinkRequest(RTM_GETNSID, 0, Rtgenmsg.SIZEOF, "RTM_GETNSID", "number of " + other)
            .u32(NetNamespace.NETNSA_FD, other.descriptor().fd());
    socket
        .exchange(
            List.of(request),
            (index, message) ->
                found[0] =
                    message.attributes(Rtgenmsg.SIZEOF).u32(NetNamespace.NETNSA_NSID, found[0]))
        .getFirst()
        .orThrow();
    return found[0] == NetNamespace.NETNSA_NSID_NOT_ASSIGNED
        ? OptionalInt.empty()
        : OptionalInt.of(found[0]);
  }

  /** What the kernel knows of a link's neighbours; of all links for 0. */
  public List<Neighbour> neighbours(int link) {
    return neighbours(link, false);
  }

  /** The addresses that a link answers for; of all links for 0. */
  public List<Neighbour> proxies(int link) {
    return neighbours(link, true);
  }

  private List<Neighbour> neighbours(int link, boolean proxy) {
    return ofLink(() ->
        socket.dump(
            Neighbour.dump(link, proxy),
            message -> {
              Neighbour neighbour = Neighbour.parse(message);
              return neighbour != null
                      && neighbour.proxy() == proxy
                      && (link == 0 || neighbour.link() == link)
                  ? neighbour
                  : null;
            }));
  }

  /** A dump about a link that is gone is a dump of nothing. */
  private static <T> List<T> ofLink(Supplier<List<T>> dump) {
    try {
      return dump.get();
    } catch (NetlinkException e) {
      if (e.errno() == Errno.ENODEV) {
        return List.of();
      }
      throw e;
    }
  }

  @Override
  public void close() {
    socket.close();
  }
}
