package net.culvert.node.lab;

import static net.culvert.node.lab.Bodies.attached;
import static net.culvert.node.lab.Bodies.link;
import static net.culvert.node.lab.Bodies.name;
import static net.culvert.node.lab.Bodies.peer;
import static net.culvert.node.lab.Bodies.route;
import static net.culvert.node.lab.Bodies.tunnel;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import net.culvert.api.resource.ResourceState;
import net.culvert.api.resource.ResourceStatus;
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
  private Set<String> whole = Set.of();

  @BeforeAll
  void start() {
    node.awaitReady();
    var attachment = Objects.requireNonNull(attached("10.1.1.2/24", "10.1.1.1").attachment());
    node.client().namespaces().put(name(net1), null, Bodies.withHostLink(attachment, HOST_LINK));
    node.client().tunnels().put(link("tun0"), null, tunnel("0.0.0.0:7000"));
    node.client()
        .peers()
        .put(link("tun0"), name("b"), null, peer(Lab.UNDERLAY_B + ":7000", "10.1.2.0/24"));
    whole = node.kernel().inventory();
  }

  @AfterAll
  void close() {
    lab.close();
  }

  @Test
  void aRouteOfTheHost() {
    isPutBack(this::peerStatus, "ip route del 10.1.2.0/24 dev tun0", false);
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
    long corrections = status.get().corrections();
    (inside ? node.inside(net1) : node.host()).run(command.split(" "));
    await(command)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .untilAsserted(() -> {
          ResourceStatus now = status.get();
          assertThat(now.corrections()).as(now.toString()).isGreaterThan(corrections);
          assertThat(now.lastCorrection()).isNotBlank();
          assertThat(now.state()).isEqualTo(ResourceState.APPLIED);
          assertThat(node.kernel().inventory()).isEqualTo(whole);
          assertThat(node.kernel(net1).addresses("veth0")).containsExactly("10.1.1.2/24");
          assertThat(node.kernel(net1).routes("veth0"))
              .anyMatch(line -> line.startsWith("default via 10.1.1.1"));
        });
    Pings.ping(node.inside(net1), 1, "10.1.1.1").requireAll();
  }

  private ResourceStatus namespace() {
    return Objects.requireNonNull(node.client().namespaces().get(name(net1)).getBody()).status();
  }

  private ResourceStatus tunnelStatus() {
    return Objects.requireNonNull(node.client().tunnels().get(link("tun0")).getBody()).status();
  }

  private ResourceStatus peerStatus() {
    return Objects.requireNonNull(node.client().peers().get(link("tun0"), name("b")).getBody())
        .status();
  }
}
