package net.culvert.node.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import net.culvert.node.testing.RequiresRoot;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The document that is planned, kept in YAML and changed in parts. What a plan says, typed by a
 * shell, makes what the node makes.
 */
@RequiresRoot
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TopologyPlanIT {

  private static final String PATH = "/api/v1/topology";
  private static final String PLAN = PATH + "/plan";
  private static final String[] AS_YAML = {"Content-Type", "application/yaml"};
  private static final String[] AS_PATCH = {"Content-Type", "application/merge-patch+json"};
  private static final JsonMapper JSON = new JsonMapper();

  private final Lab lab = new Lab();
  private final String net1 = lab.namespaceName();
  private final String net2 = lab.namespaceName();
  private final LabNode node = lab.start(lab.a());
  private SortedSet<String> empty = new TreeSet<>();

  @BeforeAll
  void start() {
    node.awaitReady();
    empty = node.kernel().inventory();
  }

  @AfterEach
  void nothingIsLeft() {
    assertThat(node.http("DELETE", PATH, "").statusCode()).isEqualTo(204);
    assertThat(node.kernel().inventory()).isEqualTo(empty);
    assertThat(lab.a().inside().run("ip", "netns")).doesNotContain(net1, net2);
  }

  @AfterAll
  void close() {
    lab.close();
  }

  private String picture() {
    return """
    namespaces:
      %1$s:
        attachment:
          address: 10.1.1.2/24
          gateway: 10.1.1.1
          address6: "fd00:1::2/64"
          gateway6: "fd00:1::1"
          hostLink: to-net1
      %2$s:
        attachment: {address: 10.1.3.2/24, gateway: 10.1.3.1, bridge: br1, hostLink: to-net2}
    links:
      br1: {kind: bridge, addresses: [10.1.3.1/24], mtu: 1400}
      pair: {kind: veth, addresses: [10.1.4.1/24], peer: {namespace: %1$s, name: pair1, addresses: [10.1.4.2/24]}}
      here: {kind: veth, up: false, peer: {name: there}}
      mac1: {kind: macvlan, parent: eth0, mode: bridge, addresses: ["fd00:7::1/64"]}
    neighbours:
      fixed: {link: br1, address: 10.1.3.9, linkAddress: "02:00:00:00:00:09"}
      proxied: {link: br1, address: 10.1.3.10}
    routes:
      wide: {destination: 10.7.0.0/16, via: 10.1.3.9, metric: 50, mtu: 1300}
      six: {destination: "2001:db8:77::/48", link: br1}
      inner: {namespace: %1$s, destination: 10.8.0.0/16, via: 10.1.4.1}
    tunnels:
      tun0: {transport: plain, listen: ["0.0.0.0:7000"], addresses: [10.200.0.1/32]}
    peers:
      tun0:
        b: {endpoint: "198.51.100.2:7000", allowedPrefixes: [10.1.2.0/24, "fd00:2::/64"]}
    """
        .formatted(net1, net2);
  }

  private JsonNode answer(String method, String path, String body, int status, String... headers) {
    HttpResponse<String> answer = node.http(method, path, body, headers);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    return answer.body().isEmpty() ? JSON.missingNode() : JSON.readTree(answer.body());
  }

  private JsonNode plan(String yaml) {
    return answer("POST", PLAN, yaml, 200, AS_YAML).path("steps");
  }

  private static List<String> commands(JsonNode steps) {
    List<String> commands = new ArrayList<>();
    steps.forEach(step -> step.path("commands").forEach(each -> commands.add(each.asString())));
    return commands;
  }

  /** Everything that the document is about, of the host and of both namespaces. */
  private SortedSet<String> seen() {
    SortedSet<String> all = new TreeSet<>(node.kernel().inventory());
    for (String name : List.of(net1, net2)) {
      node.kernel(name).inventory().forEach(line -> all.add(name + ": " + line));
    }
    for (String setting :
        List.of(
            "ipv4/conf/to-net1/forwarding",
            "ipv4/conf/to-net1/proxy_arp",
            "ipv6/conf/to-net1/proxy_ndp",
            "ipv6/conf/to-net1/force_forwarding",
            "ipv4/conf/br1/forwarding",
            "ipv4/conf/tun0/forwarding")) {
      all.add(setting + " = " + node.kernel().sysctl(setting));
    }
    return all;
  }

  @Test
  void whatAPlanSaysTypedByAShellIsWhatTheNodeMakes() {
    JsonNode steps = plan(picture());
    assertThat(node.kernel().inventory()).isEqualTo(empty);
    assertThat(node.http("GET", PATH, "").body()).contains("\"namespaces\":{}");
    assertThat(steps.findValuesAsString("action")).containsOnly("create");
    assertThat(steps.findValuesAsString("words")).doesNotContain("").hasSizeGreaterThan(25);

    answer("PUT", PATH, picture(), 200, AS_YAML);
    SortedSet<String> made = seen();
    assertThat(plan(picture())).isEmpty();
    answer("DELETE", PATH, "", 204);
    assertThat(node.kernel().inventory()).isEqualTo(empty);

    List<String> commands = commands(steps);
    node.host().run("sh", "-ec", String.join("\n", commands));
    assertThat(seen()).as("typed: " + String.join("\n", commands)).isEqualTo(made);

    // What was typed so is the node's own, and only what nobody can type is left to do.
    assertThat(plan(picture()).findValuesAsString("object"))
        .containsExactlyInAnyOrder("tunnel tun0", "peer b of tunnel tun0");
    String inode = node.host().run("stat", "-c", "%d:%i", "/run/netns/" + net1);
    answer("PUT", PATH, picture(), 200, AS_YAML);
    assertThat(seen()).isEqualTo(made);
    assertThat(node.host().run("stat", "-c", "%d:%i", "/run/netns/" + net1)).isEqualTo(inode);

    // The way back is not typed, since the node would put back what is taken from it.
    JsonNode back = plan("{}");
    assertThat(back.findValuesAsString("action")).containsOnly("delete");
    assertThat(commands(back))
        .contains("ip netns del " + net1, "ip link del dev br1", "ip link del dev tun0")
        .filteredOn(line -> line.endsWith(" here") || line.endsWith(" there"))
        .as("the ends of a pair go together")
        .hasSize(1);
  }

  @Test
  void aPlanOfAChangeIsTheChangeAlone() {
    answer("PUT", PATH, picture(), 200, AS_YAML);
    JsonNode steps = plan(picture().replace("mtu: 1400", "mtu: 1380").replace("metric: 50, ", ""));
    assertThat(steps.findValuesAsString("resource")).containsOnly("links/br1", "routes/wide");
    assertThat(commands(steps))
        .containsExactly(
            "ip route del 10.7.0.0/16 metric 50 proto 199",
            "ip link set dev br1 mtu 1380",
            "ip route add 10.7.0.0/16 via 10.1.3.9 mtu 1300 proto 199");
  }

  @Test
  void aPlanIsRefusedAsThePutWouldBe() {
    for (String body :
        List.of(
            "{\"links\": {\"b\": {\"kind\": 7}}, \"x\": 1}",
            "{\"peers\": {\"tun7\": {\"p\": {\"allowedPrefixes\": []}}}}",
            "{\"links\": {\"x\": {\"kind\": \"bridge\", \"addresses\": [\"10.3.0.1/24\"]},"
                + " \"y\": {\"kind\": \"bridge\", \"addresses\": [\"10.3.0.1/24\"]}}}",
            "{\"namespaces\": {\"..\": {}}}")) {
      HttpResponse<String> put = node.http("PUT", PATH, body);
      HttpResponse<String> plan = node.http("POST", PLAN, body);
      assertThat(plan.statusCode()).as(plan.body()).isEqualTo(put.statusCode()).isBetween(400, 409);
      assertThat(JSON.readTree(plan.body()).path("errors"))
          .isEqualTo(JSON.readTree(put.body()).path("errors"))
          .isNotEmpty();
    }
  }

  @Test
  void inYamlTheDocumentIsTheSameBytesAndChangesNothing() {
    answer("PUT", PATH, picture(), 200, AS_YAML);
    String links = node.host().run("ip", "-o", "link");
    HttpResponse<String> first = node.http("GET", PATH, "", "Accept", "application/yaml");
    assertThat(first.headers().firstValue("Content-Type")).hasValue("application/yaml");
    assertThat(first.body()).contains("\n      address: 10.1.1.2/24\n").doesNotContain("null");
    HttpResponse<String> put =
        node.http(
            "PUT",
            PATH,
            first.body(),
            "Content-Type",
            "application/yaml",
            "Accept",
            "application/yaml");
    assertThat(put.statusCode()).as(put.body()).isEqualTo(200);
    assertThat(put.body()).isEqualTo(first.body());
    HttpResponse<String> second = node.http("GET", PATH, "", "Accept", "application/yaml");
    assertThat(second.body()).isEqualTo(first.body());
    assertThat(second.headers().firstValue("ETag")).isEqualTo(first.headers().firstValue("ETag"));
    assertThat(node.host().run("ip", "-o", "link")).isEqualTo(links);
    // JSON is what a reader without a wish gets.
    assertThat(node.http("GET", PATH, "").headers().firstValue("Content-Type"))
        .hasValue("application/json");
    assertThat(node.http("PUT", PATH, "{}", "Content-Type", "text/plain").statusCode())
        .isEqualTo(415);
    assertThat(node.http("GET", PATH, "", "Accept", "text/html").statusCode()).isEqualTo(406);
    JsonNode problem =
        answer("PUT", PATH, "links: {b: {kind: 7}, b: {kind: bridge}}\n", 400, AS_YAML);
    assertThat(problem.path("errors").findValuesAsString("field"))
        .containsExactlyInAnyOrder("links.b", "links.b.kind");
  }

  @Test
  void aPatchChangesWhatItNamesAndNoMore() {
    String wireGuard = "{\"tunnels\": {\"wg0\": {\"transport\": \"wireguard\"}}}";
    answer("PUT", PATH, wireGuard, 200);
    String key = key();
    answer(
        "PATCH",
        PATH,
        "{\"links\": {\"br1\": {\"kind\": \"bridge\"}}, \"tunnels\": {\"wg0\": {\"mtu\": 1300}}}",
        200,
        AS_PATCH);
    assertThat(node.kernel().mtu("wg0")).isEqualTo(1300);
    assertThat(node.kernel().link("br1")).isPresent();
    assertThat(key()).as("a secret that the patch does not name stays").isEqualTo(key);
    answer(
        "PATCH", PATH, "{\"links\": null, \"tunnels\": {\"wg0\": {\"mtu\": null}}}", 200, AS_PATCH);
    assertThat(node.kernel().link("br1")).isEmpty();
    assertThat(node.kernel().mtu("wg0")).isNotEqualTo(1300);

    JsonNode problem =
        answer("PATCH", PATH, "{\"tunnels\": {\"wg0\": {\"transport\": null}}}", 400, AS_PATCH);
    assertThat(problem.path("errors").findValuesAsString("field"))
        .containsExactly("tunnels.wg0.transport");
    problem = answer("PATCH", PATH, "{\"tunnels\": {\"wg0\": {\"x\": 1}}}", 400, AS_PATCH);
    assertThat(problem.path("errors").findValuesAsString("field")).containsExactly("tunnels.wg0.x");
    answer("PATCH", PATH, "[]", 400, AS_PATCH);
    answer("PATCH", PATH, "{", 400, AS_PATCH);
    assertThat(node.http("PATCH", PATH, "{}").statusCode()).isEqualTo(415);
    assertThat(key()).isEqualTo(key);
  }

  private String key() {
    return answer("GET", "/api/v1/tunnels/wg0", "", 200).path("publicKey").asString();
  }

  private String etag() {
    return node.http("GET", PATH, "").headers().firstValue("ETag").orElseThrow();
  }

  @Test
  void whoeverReadAnOldDocumentIsTold() {
    answer("PUT", PATH, "{\"links\": {\"br1\": {\"kind\": \"bridge\"}}}", 200);
    String read = etag();
    assertThat(node.http("GET", PATH, "", "If-None-Match", read).statusCode()).isEqualTo(304);
    answer("PUT", "/api/v1/links/br2", "{\"kind\": \"bridge\"}", 201);
    String written = etag();
    assertThat(written).isNotEqualTo(read);
    answer("DELETE", "/api/v1/links/br2", "", 204);
    String deleted = etag();
    assertThat(deleted).isNotEqualTo(written);
    String[] stale = {"If-Match", read};
    answer("PUT", PATH, "{}", 412, stale);
    answer("DELETE", PATH, "", 412, stale);
    answer("PATCH", PATH, "{\"links\": null}", 412, AS_PATCH[0], AS_PATCH[1], "If-Match", read);
    assertThat(node.kernel().link("br1")).isPresent();
    answer("PATCH", PATH, "{\"links\": null}", 200, AS_PATCH[0], AS_PATCH[1], "If-Match", deleted);
    answer("PUT", PATH, "{}", 200, "If-Match", etag());
  }
}
