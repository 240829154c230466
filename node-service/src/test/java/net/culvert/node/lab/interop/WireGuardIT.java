package net.culvert.node.lab.interop;

import static java.util.Objects.requireNonNull;
import static net.culvert.node.lab.Bodies.attached;
import static net.culvert.node.lab.Bodies.link;
import static net.culvert.node.lab.Bodies.name;
import static net.culvert.node.lab.Bodies.wireGuard;
import static net.culvert.node.lab.Bodies.wireGuardPeer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.culvert.api.tunnel.Cipher;
import net.culvert.api.tunnel.Peer;
import net.culvert.api.tunnel.PeerSession;
import net.culvert.api.tunnel.Tunnel;
import net.culvert.node.lab.Inside;
import net.culvert.node.lab.Lab;
import net.culvert.node.lab.LabNode;
import net.culvert.node.lab.Pings;
import net.culvert.node.lab.interop.ForeignWireGuard.Program;
import net.culvert.node.testing.RequiresCommand;
import net.culvert.node.testing.RequiresRoot;
import net.culvert.node.testing.Shell;
import net.culvert.node.testing.TestSize;
import net.culvert.node.testing.Transfer;
import net.culvert.node.transport.wireguard.PresharedKey;
import net.culvert.node.transport.wireguard.PrivateKey;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A node on one host and {@code wireguard-go} or {@code boringtun} on the other. The kernel's
 * WireGuard would be one more peer to test with; this kernel has no such module, and a machine
 * without it cannot.
 *
 * <pre>
 *  net1 10.1.1.2  ─┐                                                           ┌─ net2 10.1.2.2
 *       fd00:1::2 ─┴─ host a, node, wg0 ══ WireGuard ══ the other, host b ─────┴─      fd00:2::2
 * </pre>
 */
@RequiresRoot
@RequiresCommand({"ping", "wg", "nft"})
@Tag("interop")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WireGuardIT {

  private static final int BYTES = 200_000_000;
  private static final int PORT = 51820;
  private static final String[] BEHIND_NODE = {"10.1.1.0/24", "fd00:1::/64"};
  private static final String[] BEHIND_FOREIGN = {"10.1.2.0/24", "fd00:2::/64"};

  private final SecureRandom random = new SecureRandom();
  private final Lab lab = new Lab();
  private final String net1 = lab.namespaceName();
  private final String net2 = lab.namespaceName();
  private final LabNode node = lab.start(lab.a());
  private final Inside hostB = lab.b().inside();
  private @Nullable ForeignWireGuard foreign;

  @BeforeAll
  void start() {
    HandMadeHost.setUp(hostB, net2);
    node.awaitReady();
    node.client()
        .namespaces()
        .put(name(net1), null, attached("10.1.1.2/24", "10.1.1.1", "fd00:1::2/64", "fd00:1::1"));
  }

  @AfterEach
  void end() {
    node.client().tunnels().list().items().stream()
        .map(Tunnel::name)
        .forEach(each -> node.client().tunnels().delete(each, null));
    if (foreign != null) {
      foreign.close();
      foreign = null;
    }
  }

  @AfterAll
  void close() {
    lab.close();
  }

  /** Both ends, joined; the node knows where the other is if asked to. */
  private ForeignWireGuard join(
      @Nullable PresharedKey preshared,
      @Nullable String nodesEndpoint,
      @Nullable String foreignEndpoint) {
    return join(Program.WIREGUARD_GO, preshared, nodesEndpoint, foreignEndpoint);
  }

  private ForeignWireGuard join(
      Program program,
      @Nullable PresharedKey preshared,
      @Nullable String nodesEndpoint,
      @Nullable String foreignEndpoint) {
    program.assumePresent();
    ForeignWireGuard other = new ForeignWireGuard(program, lab, hostB, PrivateKey.generate(random));
    foreign = other;
    other.start(PORT);
    Tunnel tunnel =
        requireNonNull(
            node.client()
                .tunnels()
                .put(link("wg0"), null, wireGuard(Cipher.CHACHA20_POLY1305))
                .getBody());
    String key = requireNonNull(tunnel.publicKey()).value();
    // In one call: boringtun changes no peer that it has.
    List<String> settings = new ArrayList<>(List.of("allowed-ips", String.join(",", BEHIND_NODE)));
    if (foreignEndpoint != null) {
      settings.addAll(List.of("endpoint", foreignEndpoint + ":" + PORT));
    }
    if (preshared != null) {
      String file = lab.file("preshared", preshared.toBase64()).toString();
      settings.addAll(List.of("preshared-key", file));
    }
    other.peer(key, settings.toArray(String[]::new));
    putPeer(other, preshared, nodesEndpoint == null ? null : nodesEndpoint + ":" + PORT, null);
    return other;
  }

  private void putPeer(
      ForeignWireGuard other,
      @Nullable PresharedKey preshared,
      @Nullable String endpoint,
      @Nullable Integer keepalive) {
    node.client()
        .peers()
        .put(
            link("wg0"),
            name("foreign"),
            null,
            wireGuardPeer(
                other.publicKey().toString(),
                preshared == null ? null : preshared.toBase64(),
                endpoint,
                keepalive,
                BEHIND_FOREIGN));
  }

  private String nodesKey() {
    Tunnel tunnel = requireNonNull(node.client().tunnels().get(link("wg0")).getBody());
    return requireNonNull(tunnel.publicKey()).value();
  }

  private Peer peer() {
    return requireNonNull(node.client().peers().get(link("wg0"), name("foreign")).getBody());
  }

  private PeerSession session() {
    return requireNonNull(peer().session());
  }

  private void fromNode(String address) {
    Pings.awaitAnswer(node.inside(net1), address);
    Pings.ping(node.inside(net1), address).requireTtl(62);
  }

  private void fromForeign(String address) {
    Pings.awaitAnswer(Inside.namespace(net2), address);
    Pings.ping(Inside.namespace(net2), address).requireTtl(62);
  }

  @ParameterizedTest
  @CsvSource({
    "WIREGUARD_GO, 198.51.100.2, 198.51.100.1, true, false",
    "WIREGUARD_GO, 198.51.100.2, 198.51.100.1, false, true",
    "WIREGUARD_GO, [2001:db8:51::2], [2001:db8:51::1], true, true",
    "WIREGUARD_GO, [2001:db8:51::2], [2001:db8:51::1], false, false",
    "BORINGTUN, 198.51.100.2, 198.51.100.1, true, true",
    "BORINGTUN, 198.51.100.2, 198.51.100.1, false, false",
    "BORINGTUN, [2001:db8:51::2], [2001:db8:51::1], true, false",
    "BORINGTUN, [2001:db8:51::2], [2001:db8:51::1], false, true",
  })
  void eitherBeginsAndFilesCross(
      Program program,
      String atForeign,
      String atNode,
      boolean nodeBegins,
      boolean withPresharedKey) {
    PresharedKey preshared = withPresharedKey ? PresharedKey.generate(random) : null;
    ForeignWireGuard other =
        join(program, preshared, nodeBegins ? atForeign : null, nodeBegins ? null : atNode);
    if (nodeBegins) {
      fromNode("10.1.2.2");
    } else {
      Pings.ping(node.inside(net1), 1, "10.1.2.2").requireNone();
      fromForeign("10.1.1.2");
    }
    fromNode("fd00:2::2");
    fromForeign("fd00:1::2");
    Transfer.run(net1, net2, "10.1.2.2", BYTES);
    Transfer.run(net2, net1, "fd00:1::2", BYTES);
    assertThat(session().latestHandshake()).isNotNull();
    assertThat(session().ageSeconds()).isNotNull();
    assertThat(peer().hasPresharedKey()).isEqualTo(withPresharedKey);
    assertThat(Long.parseLong(other.show("latest-handshakes"))).isPositive();
    String[] transfer = other.show("transfer").split("\\s+");
    assertThat(Long.parseLong(transfer[0])).isGreaterThan(BYTES);
    assertThat(Long.parseLong(transfer[1])).isGreaterThan(BYTES);
  }

  @Test
  void aWrongPresharedKeyLetsNothingThrough() {
    ForeignWireGuard other = join(PresharedKey.generate(random), Lab.UNDERLAY_B, null);
    putPeer(other, PresharedKey.generate(random), Lab.UNDERLAY_B + ":" + PORT, null);
    Pings.ping(node.inside(net1), 3, "10.1.2.2").requireNone();
    assertThat(session().latestHandshake()).isNull();
    // With the right one, put as a change, it works without a restart.
    putPeer(other, PresharedKey.NONE, Lab.UNDERLAY_B + ":" + PORT, null);
    other.peer(nodesKey(), "preshared-key", "/dev/null");
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> Pings.ping(node.inside(net1), 1, "10.1.2.2").received() == 1);
  }

  @Test
  void aPeerThatStartsAgainIsHeardAgain() {
    ForeignWireGuard other = join(null, Lab.UNDERLAY_B, null);
    fromNode("10.1.2.2");
    String key = nodesKey();
    other.kill();
    other.start(PORT);
    other.peer(key, "allowed-ips", String.join(",", BEHIND_NODE));
    // Nobody tells us; what we send is not answered, and after 15 s we begin anew.
    await()
        .atMost(Duration.ofSeconds(40))
        .until(() -> Pings.ping(node.inside(net1), 1, "10.1.2.2").received() == 1);
  }

  /** In the long run over two changes of the session, at their real time. */
  @Test
  void aNewSessionCostsNoPacket() {
    join(null, Lab.UNDERLAY_B, null);
    fromNode("10.1.2.2");
    int pings = TestSize.isLong() ? 1_300 : 20;
    Pings.ping(node.inside(net1), pings, "10.1.2.2").requireAll();
    if (TestSize.isLong()) {
      assertThat(requireNonNull(session().ageSeconds())).isLessThan(130);
    }
  }

  @Test
  void aPeerThatMovesIsFollowed() {
    ForeignWireGuard other = join(null, Lab.UNDERLAY_B, Lab.UNDERLAY_A);
    fromNode("10.1.2.2");
    hostB.run("ip", "addr", "add", "198.51.100.77/24", "dev", "eth0");
    hostB.run("ip", "route", "add", Lab.UNDERLAY_A, "dev", "eth0", "src", "198.51.100.77");
    try {
      other.set("listen-port", "51999");
      fromForeign("10.1.1.2");
      fromNode("10.1.2.2");
      assertThat(peer().status().observed()).containsEntry("endpoint", "198.51.100.77:51999");
      assertThat(session().roams()).isPositive();
      // Where it was wished to be all the while is where a command can put it back to.
      String wished = Lab.UNDERLAY_B + ":" + PORT;
      Shell.run("wg", "set", "wg0", "peer", other.publicKey().toString(), "endpoint", wished);
      assertThat(peer().status().observed()).containsEntry("endpoint", wished);
    } finally {
      hostB.run("ip", "route", "del", Lab.UNDERLAY_A);
      hostB.run("ip", "addr", "del", "198.51.100.77/24", "dev", "eth0");
    }
  }

  @Test
  void theNodeItselfMayMove() {
    join(null, Lab.UNDERLAY_B, null);
    fromNode("10.1.2.2");
    Inside hostA = lab.a().inside();
    hostA.run("sysctl", "-q", "-w", "net.ipv4.conf.eth0.promote_secondaries=1");
    hostA.run("ip", "addr", "add", "198.51.100.66/24", "dev", "eth0");
    hostA.run("ip", "addr", "del", Lab.UNDERLAY_A + "/24", "dev", "eth0");
    try {
      fromNode("10.1.2.2");
      fromForeign("10.1.1.2");
    } finally {
      hostA.run("ip", "addr", "add", Lab.UNDERLAY_A + "/24", "dev", "eth0");
      hostA.run("ip", "addr", "del", "198.51.100.66/24", "dev", "eth0");
    }
  }

  /** Host b lets nothing in that it was not asked for, and forgets after 3 s what it asked for. */
  @Test
  void keepalivesKeepTheWayOpenThroughANat() {
    String inner = lab.namespaceName();
    hostB.run("ip", "netns", "add", inner);
    Inside behind = Inside.namespace(inner);
    hostB.run("ip", "link", "add", "nat0", "type", "veth", "peer", "eth0", "netns", inner);
    hostB.run("ip", "addr", "add", "192.168.7.1/24", "dev", "nat0");
    hostB.run("ip", "link", "set", "nat0", "up");
    behind.run("ip", "addr", "add", "192.168.7.2/24", "dev", "eth0");
    behind.run("ip", "link", "set", "eth0", "up");
    behind.run("ip", "route", "add", "default", "via", "192.168.7.1");
    hostB.run("nft", "add", "table", "ip", "culverttest");
    try {
      hostB.run("nft", "add chain ip culverttest nat { type nat hook postrouting priority 100 ; }");
      hostB.run("nft", "add rule ip culverttest nat oifname eth0 masquerade");
      hostB.run("sysctl", "-q", "-w", "net.netfilter.nf_conntrack_udp_timeout=3");
      hostB.run("sysctl", "-q", "-w", "net.netfilter.nf_conntrack_udp_timeout_stream=3");
      Tunnel tunnel =
          requireNonNull(
              node.client()
                  .tunnels()
                  .put(link("wg0"), null, wireGuard(Cipher.CHACHA20_POLY1305))
                  .getBody());
      Program.WIREGUARD_GO.assumePresent();
      ForeignWireGuard other =
          new ForeignWireGuard(Program.WIREGUARD_GO, lab, behind, PrivateKey.generate(random));
      foreign = other;
      other.start(PORT);
      behind.run("ip", "addr", "add", "10.1.2.2/32", "dev", other.device());
      other.peer(
          requireNonNull(tunnel.publicKey()).value(),
          "allowed-ips",
          String.join(",", BEHIND_NODE),
          "endpoint",
          Lab.UNDERLAY_A + ":" + PORT,
          "persistent-keepalive",
          "1");
      putPeer(other, null, null, null);
      await()
          .atMost(Duration.ofSeconds(15))
          .until(() -> Pings.ping(node.inside(net1), 1, "10.1.2.2").received() == 1);
      // Longer than the NAT remembers, with nothing but keepalives.
      long before = requireNonNull(session().ageSeconds());
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> requireNonNull(session().ageSeconds()) >= before + 6);
      Pings.ping(node.inside(net1), "10.1.2.2").requireAll();
    } finally {
      hostB.run("nft", "delete", "table", "ip", "culverttest");
      hostB.run("ip", "link", "del", "nat0");
    }
  }
}
