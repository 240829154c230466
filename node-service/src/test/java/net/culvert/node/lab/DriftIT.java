package net.culvert.node.lab;

import static net.culvert.node.lab.Bodies.attached;
import static net.culvert.node.lab.Bodies.bridge;
import static net.culvert.node.lab.Bodies.bridged;
import static net.culvert.node.lab.Bodies.link;
import static net.culvert.node.lab.Bodies.name;
import static net.culvert.node.lab.Bodies.peer;
import static net.culvert.node.lab.Bodies.route;
import static net.culvert.node.lab.Bodies.tunnel;
import static net.culvert.node.lab.Bodies.withHostLink;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import net.culvert.api.namespace.NamespaceSpec;
import net.culvert.api.neighbour.NeighbourSpec;
import net.culvert.api.resource.ResourceState;
import net.culvert.api.resource.ResourceStatus;
import net.culvert.api.value.IpAddress;
import net.culvert.node.testing.RequiresRoot;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What somebody else takes away or changes is put back, within a second as the kernel tells of it,
 * and the status says so.
 *
 * <pre>
 *   net1 veth0 10.1.1.2 ── veth-… 10.1.1.1 [host a] tun0 ── route 10.1.2.0/24
 *      ▲        ▲              ▲      ▲               ▲        ▲     each taken away by hand
 * </pre>
 */
@RequiresRoot
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DriftIT {

  /** A second is promised; the rest is for a busy machine. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final String HOST_LINK = "net1-host";

  private final Lab lab = new Lab();
  private final String net1 = lab.namespaceName();
  private final LabNode node = lab.start(lab.a());
  private final String net2 = lab.namespaceName();
  private Set<String> whole = Set.of();
  private Set<String> wholeInside = Set.of();

  @BeforeAll
  void start() {
    node.awaitReady();
    var attachment = Objects.requireNonNull(attached("10.1.1.2/24", "10.1.1.1").attachment());
    node.client().namespaces().put(name(net1), null, Bodies.withHostLink(attachment, HOST_LINK));
    node.client().tunnels().put(link("tun0"), null, tunnel("0.0.0.0:7000"));
    node.client()
        .peers()
        .put(link("tun0"), name("b"), null, peer(Lab.UNDERLAY_B + ":7000", "10.1.2.0/24"));
    node.client().links().put(link("bridge0"), null, bridge("10.3.0.1/24"));
    node.client().namespaces().put(name(net2), null, onBridge());
    node.client()
        .neighbours()
        .put(
            name("fixed"),
            null,
            new NeighbourSpec(
                null, link("bridge0"), IpAddress.parse("10.3.0.77"), "02:00:00:00:00:4d"));
    whole = node.kernel().inventory();
    wholeInside = node.kernel(net1).inventory();
  }

  private static NamespaceSpec onBridge() {
    var attachment =
        Objects.requireNonNull(bridged("10.3.0.2/24", "10.3.0.1", "bridge0").attachment());
    return withHostLink(attachment, "net2-host");
  }

  @AfterAll
  void close() {
    lab.close();
  }

  @Test
  void aRouteOfTheHost() {
    isPutBack(this::peerStatus, "ip route del 10.1.2.0/24 dev tun0", false);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ip route change 10.1.2.0/24 dev tun0 mtu 1300",
        "ip route replace 10.1.2.0/24 dev lo proto static"
      })
  void aRouteThatWasChanged(String command) {
    // With another protocol it carries no mark any more; that it was ours is known all the same.
    isPutBack(this::peerStatus, command, false);
  }

  @Test
  void allAddressesAtOnce() {
    isPutBack(this::namespace, "ip addr flush dev " + HOST_LINK, false);
    isPutBack(this::namespace, "ip addr flush dev veth0", true);
  }

  /** A change of the alias alone is no event; any other of the link is. */
  @Test
  void theMarkOfALink() {
    isPutBack(this::namespace, clearsMark(HOST_LINK), false);
    isPutBack(this::tunnelStatus, clearsMark("tun0"), false);
  }

  @Test
  void theMarkOfANamespace() {
    isPutBack(this::namespace, clearsMark("lo"), true);
  }

  private static String[] clearsMark(String link) {
    String set = "ip link set " + link;
    return new String[] {"sh", "-c", set + " alias '' && " + set + " txqueuelen 77"};
  }

  @Test
  void aPortThatLeftItsBridge() {
    isPutBack(() -> namespace(net2), "ip link set net2-host nomaster", false);
    Pings.ping(node.inside(net2), 1, "10.3.0.1").requireAll();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ip neigh del 10.3.0.77 dev bridge0",
        "ip neigh replace 10.3.0.77 lladdr 02:00:00:00:00:99 nud permanent dev bridge0",
        "ip neigh flush dev bridge0 nud permanent"
      })
  void aFixedNeighbour(String command) {
    isPutBack(this::neighbour, command, false);
    assertThat(node.host().run("ip", "neigh", "show", "dev", "bridge0"))
        .contains("10.3.0.77 lladdr 02:00:00:00:00:4d PERMANENT");
  }

  /** Rests more and more rather than to fight for ever, says so, and wins in the end. */
  @Test
  void aFightWithAnotherProgram() throws Exception {
    node.client().routes().put(name("fought"), null, route("10.88.0.0/16", "tun0"));
    Process other =
        node.host()
            .start(
                "setpriv",
                "--pdeathsig",
                "KILL",
                "sh",
                "-c",
                "while ip route replace 10.88.0.0/16 dev lo proto static; do sleep 0.05; done");
    try {
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> {
            ResourceStatus now = fought();
            assertThat(now.warnings()).as(now.toString()).hasSize(1);
            assertThat(now.warnings().getFirst())
                .contains("route 10.88.0.0/16 was put back", "A route of protocol static");
          });
      assertThat(node.http("GET", "/actuator/health", "").body())
          .contains("contested", "routes/fought", "DEGRADED");
      long corrections = fought().corrections();
      // A rest of some seconds is over: one more attempt, and not the twenty a second of before.
      await().atMost(Duration.ofSeconds(20)).until(() -> fought().corrections() > corrections);
      assertThat(fought().corrections()).isLessThan(corrections + 3);
    } finally {
      other.destroyForcibly().waitFor();
    }
    await()
        .atMost(Duration.ofSeconds(40))
        .untilAsserted(() -> {
          assertThat(fought().state()).isEqualTo(ResourceState.APPLIED);
          assertThat(node.kernel().routes("tun0")).anyMatch(r -> r.startsWith("10.88."));
        });
    node.client().routes().delete(name("fought"), null);
  }

  private ResourceStatus fought() {
    return Objects.requireNonNull(node.client().routes().get(name("fought")).getBody()).status();
  }

  @Test
  void aDefaultRouteInsideTheNamespace() {
    isPutBack(this::namespace, "ip route del default", true);
  }

  @Test
  void anAddressOfTheHost() {
    isPutBack(this::namespace, "ip addr del 10.1.1.1/24 dev " + HOST_LINK, false);
  }

  @Test
  void anAddressInsideTheNamespace() {
    // The kernel takes the default route along, whose gateway it leads to.
    isPutBack(this::namespace, "ip addr del 10.1.1.2/24 dev veth0", true);
  }

  @Test
  void aLinkThatWasSetDown() {
    isPutBack(this::namespace, "ip link set veth0 down", true);
  }

  @Test
  void theMtuOfALink() {
    isPutBack(this::namespace, "ip link set " + HOST_LINK + " mtu 1300", false);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ipv4/conf/net1-host/forwarding", "ipv4/conf/net1-host/proxy_arp"})
  void aSettingOfALink(String setting) {
    isPutBack(this::namespace, "sysctl -q -w net/" + setting + "=0", false);
    assertThat(node.kernel().sysctl(setting)).isEqualTo("1");
  }

  @Test
  void forwardingTurnedOffForAllLinks() {
    node.host().run("sysctl", "-q", "-w", "net/ipv4/conf/all/forwarding=1");
    isPutBack(this::namespace, "sysctl -q -w net/ipv4/conf/all/forwarding=0", false);
  }

  @Test
  void aRouteThroughALinkOfSomebodyElse() {
    node.host().run("ip", "link", "add", "theirs", "up", "type", "bridge");
    node.client().routes().put(name("through"), null, route("10.77.0.0/16", "theirs"));
    try {
      node.host().run("ip", "link", "del", "theirs");
      node.host().run("ip", "link", "add", "theirs", "up", "type", "bridge");
      await()
          .atMost(PATIENCE)
          .untilAsserted(() ->
              assertThat(node.kernel().routes("theirs")).anyMatch(r -> r.startsWith("10.77.")));
    } finally {
      node.client().routes().delete(name("through"), null);
      node.host().run("ip", "link", "del", "theirs");
    }
  }

  @Test
  void aWholeLink() {
    isPutBack(this::namespace, "ip link del " + HOST_LINK, false);
  }

  @Test
  void aWholeNamespace() {
    isPutBack(this::namespace, "ip netns del " + net1, false);
  }

  @Test
  void theTunnelsDeviceSetDown() {
    isPutBack(this::tunnelStatus, "ip link set tun0 down", false);
  }

  @Test
  void theTunnelsDevice() {
    isPutBack(this::tunnelStatus, "ip link del tun0", false);
    assertThat(node.http("GET", "/actuator/health/readiness", "").statusCode()).isEqualTo(200);
  }

  private void isPutBack(Supplier<ResourceStatus> status, String command, boolean inside) {
    isPutBack(status, command.split(" "), inside);
  }

  private void isPutBack(Supplier<ResourceStatus> status, String[] command, boolean inside) {
    long corrections = status.get().corrections();
    (inside ? node.inside(net1) : node.host()).run(command);
    await(String.join(" ", command))
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .untilAsserted(() -> {
          ResourceStatus now = status.get();
          assertThat(now.corrections()).as(now.toString()).isGreaterThan(corrections);
          assertThat(now.lastCorrection()).isNotBlank();
          assertThat(now.lastCorrectionAt()).isNotNull();
          assertThat(now.state()).isEqualTo(ResourceState.APPLIED);
          assertThat(node.kernel().inventory()).isEqualTo(whole);
          assertThat(node.kernel(net1).inventory()).isEqualTo(wholeInside);
          assertThat(node.kernel(net1).addresses("veth0")).containsExactly("10.1.1.2/24");
          assertThat(node.kernel(net1).routes("veth0"))
              .anyMatch(line -> line.startsWith("default via 10.1.1.1"));
        });
    Pings.ping(node.inside(net1), 1, "10.1.1.1").requireAll();
  }

  private ResourceStatus namespace() {
    return namespace(net1);
  }

  private ResourceStatus namespace(String name) {
    return Objects.requireNonNull(node.client().namespaces().get(name(name)).getBody()).status();
  }

  private ResourceStatus neighbour() {
    return Objects.requireNonNull(node.client().neighbours().get(name("fixed")).getBody()).status();
  }

  private ResourceStatus tunnelStatus() {
    return Objects.requireNonNull(node.client().tunnels().get(link("tun0")).getBody()).status();
  }

  private ResourceStatus peerStatus() {
    return Objects.requireNonNull(node.client().peers().get(link("tun0"), name("b")).getBody())
        .status();
  }
}
