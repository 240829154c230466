package net.culvert.node.lab;

import static net.culvert.node.lab.Bodies.attached;
import static net.culvert.node.lab.Bodies.echo;
import static net.culvert.node.lab.Bodies.link;
import static net.culvert.node.lab.Bodies.name;
import static net.culvert.node.lab.Bodies.peer;
import static net.culvert.node.lab.Bodies.tunnel;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import net.culvert.api.resource.ResourceState;
import net.culvert.node.testing.RequiresCommand;
import net.culvert.node.testing.RequiresRoot;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * IPv4 and IPv6 inside, IPv4 and IPv6 outside, in one attachment and one tunnel each side.
 *
 * <pre>
 *  net1 10.1.1.2  ─┐                                                     ┌─ net2 10.1.2.2
 *       fd00:1::2 ─┴─ host a ═ 0.0.0.0:7000 and [::]:7000 ═ host b ──────┴─      fd00:2::2
 * </pre>
 */
@RequiresRoot
@RequiresCommand("ping")
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FamiliesIT {

  private static final String PREFIX_1 = "10.1.1.0/24";
  private static final String PREFIX_2 = "10.1.2.0/24";
  private static final String PREFIX6_1 = "fd00:1::/64";
  private static final String PREFIX6_2 = "fd00:2::/64";

  private final Lab lab = new Lab();
  private final String net1 = lab.namespaceName();
  private final String net2 = lab.namespaceName();

  private final LabNode a =
      lab.start(
          lab.a(),
          new LabNode.Options(
              false,
              Map.of(
                  "CULVERT_JAVA_OPTIONS",
                  "-Djdk.net.hosts.file=" + lab.file("hosts", Lab.UNDERLAY_B + " b.example\n")),
              List.of()));
  private final LabNode b = lab.start(lab.b());

  @BeforeAll
  void start() {
    a.awaitReady();
    b.awaitReady();
    for (LabNode node : List.of(a, b)) {
      node.client().tunnels().put(link("tun0"), null, tunnel("0.0.0.0:7000", "[::]:7000"));
    }
    join(Lab.UNDERLAY_A + ":7000", Lab.UNDERLAY_B + ":7000");
    a.client()
        .namespaces()
        .put(name(net1), null, attached("10.1.1.2/24", "10.1.1.1", "fd00:1::2/64", "fd00:1::1"));
    b.client()
        .namespaces()
        .put(name(net2), null, attached("10.1.2.2/24", "10.1.2.1", "fd00:2::2/64", "fd00:2::1"));
  }

  @AfterAll
  void close() {
    lab.close();
  }

  private void join(String endpointA, String endpointB) {
    a.client()
        .peers()
        .put(link("tun0"), name("node-b"), null, peer(endpointB, PREFIX_2, PREFIX6_2));
    b.client()
        .peers()
        .put(link("tun0"), name("node-a"), null, peer(endpointA, PREFIX_1, PREFIX6_1));
  }

  @ParameterizedTest
  @CsvSource({
    Lab.UNDERLAY_A + ":7000, " + Lab.UNDERLAY_B + ":7000, 1472",
    "[" + Lab.UNDERLAY6_A + "]:7000, [" + Lab.UNDERLAY6_B + "]:7000, 1452"
  })
  void bothFamiliesInsideOverOneOutside(String endpointA, String endpointB, int mtu) {
    join(endpointA, endpointB);
    for (String destination : List.of("10.1.2.2", "fd00:2::2")) {
      Pings.ping(a.inside(net1), destination).requireTtl(62);
      var report = a.client().namespaces().ping(name(net1), echo(destination));
      assertThat(report.received()).as(report.toString()).isEqualTo(3);
      assertThat(report.ttl()).isEqualTo(62);
    }
    for (String destination : List.of("10.1.1.2", "fd00:1::2")) {
      Pings.ping(b.inside(net2), destination).requireTtl(62);
    }
    // The tunnel's MTU is what the wire leaves for the outer family, and the namespaces follow it.
    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(() -> {
          assertThat(a.kernel().mtu("tun0")).isEqualTo(mtu);
          assertThat(a.kernel(net1).mtu("veth0")).isEqualTo(mtu);
        });
    for (String destination : List.of("10.1.2.2", "fd00:2::2")) {
      Pings.ping(a.inside(net1), destination, "-s", "10000").requireAll();
      int header = destination.contains(":") ? 48 : 28;
      Pings.ping(a.inside(net1), destination, "-M", "do", "-s", "" + (mtu - header)).requireAll();
    }
  }

  @Test
  void oneTunnelWayOverIpv4AndTheOtherOverIpv6() {
    // Each side sends where it was told; from there the other has to be listening.
    String there = "[" + Lab.UNDERLAY6_B + "]:7000";
    join("[" + Lab.UNDERLAY6_A + "]:7000", there);
    a.client().tunnels().put(link("tun1"), null, tunnel("0.0.0.0:7001"));
    b.client().tunnels().put(link("tun1"), null, tunnel("0.0.0.0:7001"));
    a.client()
        .peers()
        .put(link("tun1"), name("b"), null, peer(Lab.UNDERLAY_B + ":7001", "10.7.2.0/24"));
    b.client()
        .peers()
        .put(link("tun1"), name("a"), null, peer(Lab.UNDERLAY_A + ":7001", "10.7.1.0/24"));
    String more1 = lab.namespaceName();
    String more2 = lab.namespaceName();
    try {
      a.client().namespaces().put(name(more1), null, attached("10.7.1.2/24", "10.7.1.1"));
      b.client().namespaces().put(name(more2), null, attached("10.7.2.2/24", "10.7.2.1"));
      Pings.ping(a.inside(more1), "10.7.2.2").requireTtl(62);
      Pings.ping(a.inside(net1), "10.1.2.2").requireTtl(62);
    } finally {
      a.client().namespaces().delete(name(more1), null);
      b.client().namespaces().delete(name(more2), null);
      a.client().tunnels().delete(link("tun1"), null);
      b.client().tunnels().delete(link("tun1"), null);
    }
  }

  @Test
  void aHostNameAsEndpointIsResolved() {
    join(Lab.UNDERLAY_A + ":7000", "b.example:7000");
    Pings.ping(a.inside(net1), "10.1.2.2").requireTtl(62);
    var read =
        Objects.requireNonNull(a.client().peers().get(link("tun0"), name("node-b")).getBody());
    assertThat(String.valueOf(read.endpoint())).isEqualTo("b.example:7000");
    assertThat(read.status().state()).isEqualTo(ResourceState.APPLIED);
    assertThat(read.status().observed().toString()).contains(Lab.UNDERLAY_B);
  }
}
