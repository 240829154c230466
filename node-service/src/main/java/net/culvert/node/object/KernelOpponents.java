package net.culvert.node.object;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import net.culvert.api.value.ResourceName;
import net.culvert.node.kernel.rtnetlink.Route;
import net.culvert.node.kernel.rtnetlink.RouteFilter;
import net.culvert.node.kernel.rtnetlink.RouteProtocol;
import net.culvert.node.kernel.sys.KernelException;
import net.culvert.node.reconcile.ObjectKey;
import net.culvert.node.reconcile.Opponents;

/**
 * Who seems to change what this node puts back. The kernel does not tell who made a change: what it
 * tells is the protocol of a route that is in the way, and which programs run that are known to
 * manage networks.
 */
final class KernelOpponents implements Opponents {

  private static final Path PROCESSES = Path.of("/proc");

  /** Most processes that are looked at. */
  private static final int MAX_PROCESSES = 20_000;

  /** As {@code /proc/PID/comm} has them, which is cut after 15 characters. */
  private static final List<String> PROGRAMS =
      List.of(
          "NetworkManager",
          "systemd-network",
          "dhclient",
          "dhcpcd",
          "udhcpc",
          "connmand",
          "wickedd",
          "firewalld",
          "dockerd",
          "containerd",
          "podman",
          "flanneld",
          "calico-node",
          "cilium-agent",
          "kube-proxy",
          "kube-router",
          "ovs-vswitchd",
          "tailscaled",
          "nebula",
          "zebra",
          "bird",
          "keepalived",
          "openvpn");

  /** {@code rtm_protocol} as iproute2's {@code rt_protos} names it. */
  private static final Map<Integer, String> PROTOCOLS =
      Map.ofEntries(
          Map.entry(1, "redirect"),
          Map.entry(2, "kernel"),
          Map.entry(3, "boot, which ip route uses where it is told nothing"),
          Map.entry(4, "static"),
          Map.entry(8, "gated"),
          Map.entry(9, "ra"),
          Map.entry(11, "zebra"),
          Map.entry(12, "bird"),
          Map.entry(16, "dhcp"),
          Map.entry(18, "keepalived"),
          Map.entry(42, "babel"),
          Map.entry(186, "bgp"),
          Map.entry(187, "isis"),
          Map.entry(188, "ospf"),
          Map.entry(189, "rip"),
          Map.entry(192, "eigrp"));

  private final Namespaces namespaces;

  KernelOpponents(Namespaces namespaces) {
    this.namespaces = namespaces;
  }

  @Override
  public String of(ObjectKey key) {
    StringBuilder words = new StringBuilder("This happens in ").append(place(key)).append('.');
    if (key instanceof RouteKey route) {
      inTheWay(route)
          .ifPresent(protocol ->
              words.append(" A route of protocol ").append(protocol).append(" takes its place."));
    }
    List<String> running = running();
    if (running.isEmpty()) {
      words.append(" No program known to manage networks runs here.");
    } else {
      words
          .append(" It seems to be one of the programs that manage networks here: ")
          .append(String.join(", ", running))
          .append('.');
    }
    return words.toString();
  }

  private static String place(ObjectKey key) {
    for (ObjectKey at = key; at != null; at = at.container()) {
      if (at instanceof NamespaceKey(ResourceName name)) {
        return "namespace " + name;
      }
    }
    return "the namespace that the node runs in";
  }

  private Optional<String> inTheWay(RouteKey key) {
    try {
      Optional<Namespaces.Entered> entered = namespaces.find(key.namespace());
      if (entered.isEmpty()) {
        return Optional.empty();
      }
      for (Route route :
          entered.get().rtnetlink().routes(key.destination().family(), RouteFilter.MAIN)) {
        if (route.destination().equals(key.destination())
            && Integer.toUnsignedLong(route.metric()) == key.metric()
            && route.protocol() != RouteProtocol.CULVERT) {
          return Optional.of(
              PROTOCOLS.getOrDefault(route.protocol(), Integer.toString(route.protocol())));
        }
      }
    } catch (KernelException e) {
      // What cannot be told is left out: the quarrel is what matters.
    }
    return Optional.empty();
  }

  /** Those of the known programs that run, each once. */
  private static List<String> running() {
    TreeSet<String> found = new TreeSet<>();
    int looked = 0;
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROCESSES, "[1-9]*")) {
      for (Path process : processes) {
        if (++looked > MAX_PROCESSES) {
          break;
        }
        command(process)
            .filter(PROGRAMS::contains)
            .ifPresent(name -> found.add(name.equals("systemd-network") ? name + "d" : name));
      }
    } catch (IOException | DirectoryIteratorException e) {
      // Without /proc nothing is known of others.
    }
    return new ArrayList<>(found);
  }

  private static Optional<String> command(Path process) {
    try {
      return Optional.of(Files.readString(process.resolve("comm")).strip());
    } catch (IOException e) {
      return Optional.empty(); // It has ended.
    }
  }
}
