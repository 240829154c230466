package net.culvert.node.control;

import java.net.http.HttpResponse;
import java.util.SortedSet;
import java.util.TreeSet;
import net.culvert.node.lab.LabNode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A node in a process of its own and the real kernel under it. The node must have a {@code
 * /run/netns} of its own.
 */
final class ProcessNode implements RestNode {

  /** One line of JSON for each listing, after the name of the namespace that it is of. */
  private static final String LISTING =
      """
      one() { for each in "addr" "-4 route" "neigh show nud permanent" "neigh show proxy" "-d link show type macvlan"; do
        ip -j "$@" $each; echo; done; }
      echo @; one
      for name in $(ls /run/netns); do echo "@$name"; one -n "$name"; done
      grep -l 1 /proc/sys/net/ipv4/conf/c*/proxy_arp 2>/dev/null || true\
      """;

  private static final JsonMapper JSON = new JsonMapper();

  private final LabNode node;

  ProcessNode(LabNode node) {
    this.node = node;
  }

  @Override
  public Answer call(String method, String path, String body, String... headers) {
    HttpResponse<String> answer = node.http(method, "/api/v1/" + path, body, headers);
    return new Answer(
        answer.statusCode(), answer.body(), answer.headers().firstValue("ETag").orElse("null"));
  }

  @Override
  public SortedSet<String> inventory() {
    SortedSet<String> all = new TreeSet<>();
    String in = "";
    for (String line : node.host().run("sh", "-c", LISTING).lines().toList()) {
      if (line.equals("@")) {
        in = "";
      } else if (line.startsWith("@")) {
        all.add("namespace " + line.substring(1));
        in = " in namespace " + line.substring(1);
      } else if (line.startsWith("/proc")) {
        all.add("proxy ARP of link " + line.split("/")[6]);
      } else if (!line.isBlank()) {
        for (JsonNode each : JSON.readTree(line)) {
          add(each, in, all);
        }
      }
    }
    return all;
  }

  private static void add(JsonNode each, String in, SortedSet<String> all) {
    String name = each.path("ifname").asString("");
    String to = each.path("dst").asString("");
    String device = each.path("dev").asString("");
    if (each.has("linkinfo")) {
      all.add("link " + name + in + " on " + each.path("link").asString());
    } else if (each.has("ifname")) {
      if (name.equals("lo")) {
        return;
      }
      all.add("link " + name + in);
      for (JsonNode address : each.path("addr_info")) {
        if (address.path("family").asString().equals("inet")) {
          all.add(
              "address %s/%d of link %s%s"
                  .formatted(
                      address.path("local").asString(),
                      address.path("prefixlen").asInt(),
                      name,
                      in));
        }
      }
    } else if (each.has("proxy")) {
      all.add("proxy neighbour " + to + " of link " + device + in);
    } else if (each.has("state")) { // A neighbour; it can have a protocol, as a route has.
      // What the kernel knows of multicast by itself is there, too, as NOARP.
      if (each.path("state").toString().contains("PERMANENT")) {
        all.add("neighbour " + to + " of link " + device + in);
      }
    } else if (each.has("protocol")) {
      // What the kernel makes of an address by itself is its own.
      if (!each.path("protocol").asString().equals("kernel")) {
        all.add("route " + (to.equals("default") ? "0.0.0.0/0" : to) + in);
      }
    }
  }
}
