package net.culvert.node.lab;

import static net.culvert.node.lab.Bodies.attached;
import static net.culvert.node.lab.Bodies.bridge;
import static net.culvert.node.lab.Bodies.bridged;
import static net.culvert.node.lab.Bodies.echo;
import static net.culvert.node.lab.Bodies.link;
import static net.culvert.node.lab.Bodies.name;
import static net.culvert.node.lab.Bodies.peer;
import static net.culvert.node.lab.Bodies.route;
import static net.culvert.node.lab.Bodies.tunnel;
import static net.culvert.node.lab.Lab.UNDERLAY_A;
import static net.culvert.node.lab.Lab.UNDERLAY_B;
import static net.culvert.node.lab.Picture.NET1_ADDRESS;
import static net.culvert.node.lab.Picture.NET2_ADDRESS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import net.culvert.api.client.ProblemException;
import net.culvert.api.namespace.Namespace;
import net.culvert.api.ping.PingReport;
import net.culvert.api.resource.ResourceState;
import net.culvert.node.testing.RequiresCommand;
import net.culvert.node.testing.RequiresRoot;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.springframework.http.ResponseEntity;

/**
 * The whole mission: two nodes, one ping, every step a REST call.
 *
 * <pre>
 *  ┌─ host a ─────────────────────┐                 ┌─ host b ─────────────────────┐
 *  │ ┌─ net1 ───────────────────┐ │                 │ ┌─ net2 ───────────────────┐ │
 *  │ │ veth0 10.1.1.2/24        │ │                 │ │ veth0 10.1.2.2/24        │ │
 *  │ │   │ default via 10.1.1.1 │ │                 │ │   │ default via 10.1.2.1 │ │
 *  │ └───┼──────────────────────┘ │                 │ └───┼──────────────────────┘ │
 *  │   veth-… 10.1.1.1/24         │                 │   veth-… 10.1.2.1/24         │
 *  │     │ forwarding, proxy ARP  │                 │     │ forwarding, proxy ARP  │
 *  │     │ 10.1.2.0/24 dev tun0   │                 │     │ 10.1.1.0/24 dev tun0   │
 *  │   tun0                       │                 │   tun0                       │
 *  │     ‖ node a, UDP port 7000  │                 │     ‖ node b, UDP port 7000  │
 *  │   eth0 198.51.100.1 ─────────┼─────────────────┼── eth0 198.51.100.2          │
 *  └──────────────────────────────┘                 └──────────────────────────────┘
 * </pre>
 *
 * TTL 64 leaves the sender, each host forwards once: 62 arrives.
 */
@RequiresRoot
@RequiresCommand({"ping", "stdbuf"})
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TwoNodesIT {

  private final Lab lab = new Lab();
  private final String net1 = lab.namespaceName();
  private final String net2 = lab.namespaceName();
  private final LabNode a = lab.start(lab.a());
  private final LabNode b = lab.start(lab.b());
  private final Picture picture = new Picture(a, net1, b, net2);
  private Set<String> emptyA = Set.of();
  private Set<String> emptyB = Set.of();

  @BeforeAll
  void makeThePicture() {
    a.awaitReady();
    b.awaitReady();
    emptyA = a.kernel().inventory();
    emptyB = b.kernel().inventory();
    picture.make();
  }

  @AfterAll
  void close() {
    lab.close();
  }

  @Test
  void pingsByRestBothWays() {
    for (PingReport report :
        List.of(
            a.client().namespaces().ping(name(net1), echo(NET2_ADDRESS)),
            b.client().namespaces().ping(name(net2), echo(NET1_ADDRESS)))) {
      assertThat(report.received()).as(report.toString()).isEqualTo(3);
      assertThat(report.sent()).isEqualTo(3);
      assertThat(report.ttl()).isEqualTo(62);
      assertThat(report.replies()).hasSize(3).allMatch(reply -> reply.ttl() == 62);
      assertThat(report.errors()).isEmpty();
      assertThat(report.roundTrip()).isNotNull();
    }
  }

  @Test
  void pingsByThePingProgramBothWays() {
    picture.pingFromNet1().requireTtl(62);
    picture.pingFromNet2().requireTtl(62);
  }

  @Test
  void pingsFromTheHostItself() {
    PingReport report = a.client().ping().ping(echo(NET1_ADDRESS));
    assertThat(report.received()).as(report.toString()).isEqualTo(3);
    assertThat(report.ttl()).isEqualTo(64);
  }

  @Test
  void theKernelHasWhatTheArticleMakesByHand() {
    assertThat(a.host().run("ip", "netns", "list")).contains(net1);
    KernelState inside = a.kernel(net1);
    assertThat(inside.addresses("veth0")).containsExactly("10.1.1.2/24");
    assertThat(inside.routes("veth0"))
        .anyMatch(line -> line.startsWith("default via 10.1.1.1 dev veth0"));
    assertThat(inside.hasFlag("lo", "UP")).isTrue();

    KernelState host = a.kernel();
    String hostLink = hostLink(a, net1);
    assertThat(host.addresses(hostLink)).containsExactly("10.1.1.1/24");
    assertThat(host.sysctl("ipv4.conf." + hostLink + ".proxy_arp")).isEqualTo("1");
    assertThat(host.hasFlag("tun0", "UP")).isTrue();
    assertThat(host.requireLink("tun0").path("linkinfo").path("info_kind").asString())
        .isEqualTo("tun");
    assertThat(host.routes("tun0")).singleElement().asString().startsWith("10.1.2.0/24 dev tun0");
  }

  @Test
  void onlyTheDevicesThatNeedItForward() {
    KernelState host = a.kernel();
    assertThat(host.sysctl("ipv4.ip_forward")).isEqualTo("0");
    assertThat(host.sysctl("ipv4.conf." + hostLink(a, net1) + ".forwarding")).isEqualTo("1");
    assertThat(host.sysctl("ipv4.conf.tun0.forwarding")).isEqualTo("1");
    assertThat(host.sysctl("ipv4.conf.eth0.forwarding")).isEqualTo("0");
    assertThat(host.sysctl("ipv4.conf.mgmt0.forwarding")).isEqualTo("0");
  }

  @Test
  void theWholeChainHasTheTunnelsMtu() {
    assertThat(a.kernel().mtu("tun0")).isEqualTo(1472);
    assertThat(a.kernel().mtu(hostLink(a, net1))).isEqualTo(1472);
    assertThat(a.kernel(net1).mtu("veth0")).isEqualTo(1472);
    Pings.ping(a.inside(net1), NET2_ADDRESS, "-M", "do", "-s", "1444").requireAll();
    Pings.ping(a.inside(net1), NET2_ADDRESS, "-M", "dont", "-s", "10000").requireAll();
  }

  @Test
  void desiredStandsBesideObserved() {
    Namespace namespace = body(a.client().namespaces().get(name(net1)));
    assertThat(namespace.status().state()).isEqualTo(ResourceState.APPLIED);
    assertThat(namespace.status().observed().toString()).contains("10.1.1.2/24", "veth0");
    assertThat(Objects.requireNonNull(namespace.attachment()).link()).isEqualTo(link("veth0"));
    assertThat(a.client().namespaces().list().items())
        .extracting(Namespace::name)
        .contains(name(net1));
    assertThat(a.client().tunnels().list().items()).hasSize(1);
    assertThat(a.client().peers().list(link("tun0")).items()).hasSize(1);
  }

  @Test
  void theSameBodyAgainTouchesNothing() throws Exception {
    String before = identities();
    long revision = body(a.client().namespaces().get(name(net1))).revision();
    try (KernelEvents host = new KernelEvents(a.host());
        KernelEvents inside = new KernelEvents(a.inside(net1))) {
      host.begin();
      inside.begin();
      var namespace =
          a.client().namespaces().put(name(net1), null, attached("10.1.1.2/24", "10.1.1.1"));
      var tunnel = a.client().tunnels().put(link("tun0"), null, Picture.TUNNEL);
      var peer = a.client().peers().put(link("tun0"), name("node-b"), null, Picture.PEER_B);
      assertThat(List.of(namespace, tunnel, peer))
          .allMatch(answer -> answer.getStatusCode().value() == 200);
      assertThat(body(namespace).revision()).isEqualTo(revision);
      assertThat(host.heard()).isEmpty();
      assertThat(inside.heard()).isEmpty();
    }
    assertThat(identities()).isEqualTo(before);
  }

  /** What would be new if something had been made anew. */
  private String identities() throws Exception {
    return "net1 %s, %s %d, tun0 %d, veth0 %d"
        .formatted(
            Files.getAttribute(Path.of("/run/netns", net1), "unix:ino"),
            hostLink(a, net1),
            a.kernel().requireLink(hostLink(a, net1)).path("ifindex").asInt(),
            a.kernel().requireLink("tun0").path("ifindex").asInt(),
            a.kernel(net1).requireLink("veth0").path("ifindex").asInt());
  }

  @Test
  void aStaleRevisionIsRefusedAndTheRightOneIsNot() {
    ResponseEntity<Namespace> read = a.client().namespaces().get(name(net1));
    String tag = Objects.requireNonNull(read.getHeaders().getETag());
    var spec = attached("10.1.1.2/24", "10.1.1.1");
    assertThatThrownBy(() -> a.client().namespaces().put(name(net1), "\"0-stale\"", spec))
        .isInstanceOfSatisfying(
            ProblemException.class, problem -> assertThat(problem.status()).isEqualTo(412));
    assertThatThrownBy(() -> a.client().namespaces().delete(name(net1), "\"0-stale\""))
        .isInstanceOfSatisfying(
            ProblemException.class, problem -> assertThat(problem.status()).isEqualTo(412));
    var written = a.client().namespaces().put(name(net1), tag, spec);
    assertThat(written.getStatusCode().value()).isEqualTo(200);
    assertThat(written.getHeaders().getETag()).isEqualTo(tag);
    picture.pingFromNet1().requireTtl(62);
  }

  @Test
  void severalNamespacesShareASubnetByABridge() {
    String first = lab.namespaceName();
    String second = lab.namespaceName();
    Set<String> before = a.kernel().inventory();
    a.client().links().put(link("br0"), null, bridge("10.1.3.1/24"));
    a.client().namespaces().put(name(first), null, bridged("10.1.3.2/24", "10.1.3.1", "br0"));
    a.client().namespaces().put(name(second), null, bridged("10.1.3.3/24", "10.1.3.1", "br0"));
    b.client()
        .peers()
        .put(
            link("tun0"),
            name("node-a"),
            null,
            peer(UNDERLAY_A + ":7000", "10.1.1.0/24", "10.1.3.0/24"));
    try {
      // Next to each other on the bridge, through the host to its other namespace, and far away.
      Pings.ping(a.inside(first), "10.1.3.3").requireTtl(64);
      Pings.ping(a.inside(first), "10.1.3.1").requireTtl(64);
      Pings.ping(a.inside(second), NET1_ADDRESS).requireTtl(63);
      Pings.ping(a.inside(first), NET2_ADDRESS).requireTtl(62);
      Pings.ping(b.inside(net2), "10.1.3.3").requireTtl(62);
      assertThatThrownBy(() -> a.client().links().delete(link("br0"), null))
          .isInstanceOfSatisfying(
              ProblemException.class, problem -> assertThat(problem.status()).isEqualTo(409));
    } finally {
      b.client().peers().put(link("tun0"), name("node-a"), null, Picture.PEER_A);
      a.client().namespaces().delete(name(first), null);
      a.client().namespaces().delete(name(second), null);
      a.client().links().delete(link("br0"), null);
    }
    assertThat(a.kernel().inventory()).isEqualTo(before);
    assertThat(b.kernel().routes("tun0")).hasSize(1);
  }

  @Test
  void whatIsDeletedLeavesNothing() {
    String net9 = lab.namespaceName();
    Set<String> before = a.kernel().inventory();
    a.client().namespaces().put(name(net9), null, attached("10.9.1.2/24", "10.9.1.1"));
    a.client().tunnels().put(link("tun9"), null, tunnel("0.0.0.0:7009"));
    a.client()
        .peers()
        .put(link("tun9"), name("far"), null, peer(UNDERLAY_B + ":7009", "10.9.2.0/24"));
    a.client().routes().put(name("more"), null, route("10.9.3.0/24", "tun9"));
    assertThat(a.kernel().routes("tun9")).hasSize(2);

    assertThat(a.client().routes().delete(name("more"), null).getStatusCode().value())
        .isEqualTo(204);
    assertThat(a.client().tunnels().delete(link("tun9"), null).getStatusCode().value())
        .isEqualTo(204);
    assertThat(a.client().namespaces().delete(name(net9), null).getStatusCode().value())
        .isEqualTo(204);
    assertThat(a.kernel().inventory()).isEqualTo(before);
    assertThat(Path.of("/run/netns", net9)).doesNotExist();
    assertThat(a.host().run("ss", "-lunH")).doesNotContain(":7009");
    assertThatThrownBy(() -> a.client().namespaces().get(name(net9)))
        .isInstanceOfSatisfying(
            ProblemException.class, problem -> assertThat(problem.status()).isEqualTo(404));
    assertThatThrownBy(() -> a.client().peers().get(link("tun9"), name("far")))
        .isInstanceOfSatisfying(
            ProblemException.class, problem -> assertThat(problem.status()).isEqualTo(404));
    picture.pingFromNet1().requireTtl(62);
  }

  @Test
  void healthAndMetersTellOfThePackets() {
    Meters before = Meters.scrape(a);
    picture.pingFromNet1().requireAll();
    Meters after = Meters.scrape(a);
    String[] peer = {"tunnel=\"tun0\"", "peer=\"node-b\""};
    for (String direction : List.of("direction=\"outbound\"", "direction=\"inbound\"")) {
      String[] labels = {peer[0], peer[1], direction};
      assertThat(after.value("culvert_tunnel_packets_total", labels))
          .isGreaterThanOrEqualTo(before.value("culvert_tunnel_packets_total", labels) + 3);
      assertThat(after.value("culvert_tunnel_bytes_total", labels))
          .isGreaterThanOrEqualTo(before.value("culvert_tunnel_bytes_total", labels) + 3 * 84);
    }
    String health = a.http("GET", "/actuator/health", "").body();
    assertThat(health).contains("\"tun0\"", "\"bound\"", "turning", "s ago");
    assertThat(a.http("GET", "/actuator/health/readiness", "").statusCode()).isEqualTo(200);
    assertThat(a.http("GET", "/actuator/health/liveness", "").statusCode()).isEqualTo(200);
  }

  @Test
  @Order(Integer.MAX_VALUE)
  void deletingEverythingLeavesTheHostsAsTheyWere() {
    assertThat(a.client().tunnels().delete(link("tun0"), null).getStatusCode().value())
        .isEqualTo(204);
    assertThat(a.client().namespaces().delete(name(net1), null).getStatusCode().value())
        .isEqualTo(204);
    assertThat(b.client().tunnels().delete(link("tun0"), null).getStatusCode().value())
        .isEqualTo(204);
    assertThat(b.client().namespaces().delete(name(net2), null).getStatusCode().value())
        .isEqualTo(204);
    assertThat(a.kernel().inventory()).isEqualTo(emptyA);
    assertThat(b.kernel().inventory()).isEqualTo(emptyB);
    assertThat(Path.of("/run/netns", net1)).doesNotExist();
    assertThat(a.host().run("ss", "-lunH")).doesNotContain(":7000");
  }

  private static String hostLink(LabNode node, String namespace) {
    Namespace read = body(node.client().namespaces().get(name(namespace)));
    return Objects.requireNonNull(Objects.requireNonNull(read.attachment()).hostLink()).value();
  }

  private static <T> T body(ResponseEntity<T> answer) {
    return Objects.requireNonNull(answer.getBody());
  }
}
