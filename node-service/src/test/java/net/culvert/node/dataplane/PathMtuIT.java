package net.culvert.node.dataplane;

import static net.culvert.node.dataplane.MemoryNode.endpoint;
import static net.culvert.node.dataplane.MemoryNode.prefixes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import net.culvert.node.testing.RequiresCommand;
import net.culvert.node.testing.RequiresRoot;
import net.culvert.node.transport.plain.Framing;
import net.culvert.node.transport.plain.PlainTransport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The path is narrower than either end's link, or as wide as it can be: everything passes. */
@RequiresRoot
@RequiresCommand({"socat", "ping"})
@Timeout(120)
class PathMtuIT {

  private static final int FILE_BYTES = 4_000_000;

  private final TwoHosts hosts = new TwoHosts();

  @AfterEach
  void remove() {
    hosts.close();
  }

  @ParameterizedTest
  @CsvSource({"4, 1280", "4, 1400", "4, 9000", "6, 1280", "6, 1400", "6, 9000"})
  void bulkAndLargePingsPass(String outer, int path) throws Exception {
    hosts.a.host.run("ip", "link", "set", "ua", "mtu", "9000");
    hosts.b.host.run("ip", "link", "set", "ub", "mtu", "9000");
    for (TwoHosts.Host host : List.of(hosts.a, hosts.b)) {
      host.host.run("ip", "link", "set", "veth1", "mtu", "9000");
      host.container.run("ip", "link", "set", "veth0", "mtu", "9000");
    }
    int overhead = outer.equals("4") ? 28 : 48;
    // Each end believes in its link; the way between them, here a route of the kernel, takes less.
    narrow(hosts.a, outer, "2", path);
    narrow(hosts.b, outer, "1", path);
    PlainTransport transport = new PlainTransport(Framing.IP);
    String listen = outer.equals("4") ? "0.0.0.0:7000" : "[::]:7000";
    int believed = 9000 - overhead;
    TunnelDataPlane a = hosts.a.start(transport, believed, true, 1, listen);
    TunnelDataPlane b = hosts.b.start(transport, believed, true, 1, listen);
    String network = outer.equals("4") ? "192.0.2." : "2001:db8::";
    a.replacePeers(
            List.of(
                PeerConfig.at(
                    "b",
                    endpoint(network + "2", 7000),
                    believed,
                    prefixes("10.1.2.0/24", "fd00:2::/64"))))
        .get();
    b.replacePeers(
            List.of(
                PeerConfig.at(
                    "a",
                    endpoint(network + "1", 7000),
                    believed,
                    prefixes("10.1.1.0/24", "fd00:1::/64"))))
        .get();
    for (String destination : List.of("10.1.2.2", "fd00:2::2")) {
      // The first few tell the containers on both sides of each narrower place on the way.
      hosts.a.container.run(
          "ping", "-n", "-c", "10", "-i", "0.3", "-W", "3", "-s", "10000", destination);
      transfer(destination);
    }
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> {
          TunnelSnapshot.PeerSnapshot peer = a.snapshot().peers().getFirst();
          assertThat(peer.pathMtuBytes()).isEqualTo(path);
          assertThat(peer.mtuBytes()).isEqualTo(Math.max(1280, path - overhead));
        });
    assertThat(a.snapshot().alive() && b.snapshot().alive()).isTrue();
  }

  private static void narrow(TwoHosts.Host from, String family, String number, int mtu) {
    String to = family.equals("4") ? "192.0.2." + number + "/32" : "2001:db8::" + number + "/128";
    String link = number.equals("2") ? "ua" : "ub";
    from.host.run(
        "ip", "-" + family, "route", "add", to, "dev", link, "mtu", Integer.toString(mtu));
  }

  private void transfer(String destination) throws Exception {
    String family = destination.contains(":") ? "6" : "4";
    String address = family.equals("6") ? "[" + destination + "]" : destination;
    Process receiver =
        new ProcessBuilder(
                hosts.b.container.inside(
                    "sh", "-c", "socat -u TCP" + family + "-LISTEN:9000,reuseaddr - | wc -c"))
            .redirectErrorStream(true)
            .start();
    try {
      hosts.a.container.run(
          "sh",
          "-c",
          "head -c "
              + FILE_BYTES
              + " /dev/zero | socat -u - TCP"
              + family
              + ":"
              + address
              + ":9000,retry=50,interval=0.1");
      assertThat(
              new String(receiver.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip())
          .isEqualTo(Integer.toString(FILE_BYTES));
    } finally {
      receiver.destroy();
    }
  }
}
