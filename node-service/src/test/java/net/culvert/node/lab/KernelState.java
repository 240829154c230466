package net.culvert.node.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A network namespace as {@code ip} sees it. Every call looks again. */
public final class KernelState {

  private static final JsonMapper JSON = new JsonMapper();

  private final Inside inside;

  public KernelState(Inside inside) {
    this.inside = inside;
  }

  /** The link as {@code ip -d -j link} shows it. */
  public Optional<JsonNode> link(String name) {
    return ip("-d", "link").stream()
        .filter(each -> each.path("ifname").asString().equals(name))
        .findFirst();
  }

  /** The link, which must be there. */
  public JsonNode requireLink(String name) {
    return link(name)
        .orElseThrow(() -> new AssertionError("no link " + name + " in " + inventory()));
  }

  public int mtu(String link) {
    return requireLink(link).path("mtu").asInt();
  }

  /** Whether the link has the flag, such as {@code UP}. */
  public boolean hasFlag(String link, String flag) {
    return stream(requireLink(link).path("flags")).anyMatch(each -> each.asString().equals(flag));
  }

  /** How many packets came out of this link into the kernel so far. */
  public long receivedPackets(String link) {
    return ip("-s", "link").stream()
        .filter(each -> each.path("ifname").asString().equals(link))
        .mapToLong(each -> each.path("stats64").path("rx").path("packets").asLong())
        .sum();
  }

  /** The addresses of a link, as {@code 10.1.1.1/24}; link-local IPv6 ones left out. */
  public List<String> addresses(String link) {
    return ip("addr").stream()
        .filter(each -> each.path("ifname").asString().equals(link))
        .flatMap(each -> stream(each.path("addr_info")))
        .filter(each -> !each.path("scope").asString().equals("link"))
        .map(each -> each.path("local").asString() + "/" + each.path("prefixlen").asInt())
        .toList();
  }

  /** Both families' main routes, as {@code ip route} prints them, without trailing blanks. */
  public List<String> routes() {
    List<String> lines = new ArrayList<>();
    for (String family : List.of("-4", "-6")) {
      inside.run("ip", family, "route").lines().map(String::strip).forEach(lines::add);
    }
    return lines;
  }

  /** The main routes that lead to this link. */
  public List<String> routes(String link) {
    return routes().stream()
        .filter(line -> (line + " ").contains(" dev " + link + " "))
        .filter(line -> !line.startsWith("fe80::") && !line.startsWith("multicast"))
        .toList();
  }

  /** A sysctl below {@code net}, such as {@code ipv4.ip_forward}. */
  public String sysctl(String path) {
    return inside.run("cat", "/proc/sys/net/" + path.replace('.', '/')).strip();
  }

  /**
   * Everything that a test could leave behind, one line each: links, addresses, routes of every
   * table, fixed neighbours and the forwarding of the whole namespace. What the kernel makes for a
   * link by itself, link-local and multicast, is left out: it is another one each time.
   */
  public SortedSet<String> inventory() {
    SortedSet<String> all = new TreeSet<>();
    for (JsonNode link : ip("-d", "link")) {
      all.add(
          "link %s %s mtu %d alias %s up %s"
              .formatted(
                  link.path("ifname").asString(),
                  link.path("linkinfo").path("info_kind").asString(),
                  link.path("mtu").asInt(),
                  link.path("ifalias").asString(),
                  stream(link.path("flags")).anyMatch(flag -> flag.asString().equals("UP"))));
    }
    for (JsonNode link : ip("addr")) {
      stream(link.path("addr_info"))
          .filter(address -> !address.path("scope").asString().equals("link"))
          .forEach(address ->
              all.add(
                  "address %s/%d %s"
                      .formatted(
                          address.path("local").asString(),
                          address.path("prefixlen").asInt(),
                          link.path("ifname").asString())));
    }
    for (String family : List.of("-4", "-6")) {
      for (JsonNode route : ip(family, "route", "show", "table", "all")) {
        String destination = route.path("dst").asString();
        if (destination.startsWith("fe80:") || destination.startsWith("ff00:")) {
          continue;
        }
        all.add(
            "route %s %s dev %s via %s protocol %s"
                .formatted(
                    family,
                    destination,
                    route.path("dev").asString(),
                    route.path("gateway").asString(),
                    route.path("protocol").asString()));
      }
    }
    inside
        .run("ip", "neigh", "show", "nud", "permanent")
        .lines()
        .filter(line -> !line.contains("NOARP"))
        .forEach(line -> all.add("neighbour " + line.strip()));
    inside.run("ip", "neigh", "show", "proxy").lines().forEach(line -> all.add("proxy " + line));
    for (String setting : List.of("ipv4.ip_forward", "ipv6.conf.all.forwarding")) {
      all.add(setting + " = " + sysctl(setting));
    }
    return all;
  }

  private List<JsonNode> ip(String... words) {
    List<String> line = new ArrayList<>(List.of("ip", "-j"));
    line.addAll(List.of(words));
    String output = inside.run(line.toArray(String[]::new));
    // No routes at all are an empty text and not an empty list.
    return output.isBlank() ? List.of() : stream(JSON.readTree(output)).toList();
  }

  private static Stream<JsonNode> stream(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }
}
