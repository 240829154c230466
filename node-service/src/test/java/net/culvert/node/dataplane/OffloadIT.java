package net.culvert.node.dataplane;

import static net.culvert.node.dataplane.MemoryNode.endpoint;
import static net.culvert.node.dataplane.MemoryNode.prefixes;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import net.culvert.node.testing.RequiresCommand;
import net.culvert.node.testing.RequiresRoot;
import net.culvert.node.testing.TestSize;
import net.culvert.node.transport.plain.Framing;
import net.culvert.node.transport.plain.PlainTransport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A file crosses unharmed whatever either side's kernel does for many packets at once. */
@RequiresRoot
@RequiresCommand("socat")
@Timeout(120)
class OffloadIT {

  private static final int FILE_BYTES = 10_000_000;

  private final TwoHosts hosts = new TwoHosts();

  @TempDir Path folder = Path.of("");

  @AfterEach
  void remove() {
    hosts.close();
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  @ParameterizedTest
  @CsvSource({
    "true, true, IP, 1472, 1",
    "true, false, IP, 1472, 1",
    "false, true, IP, 1472, 1",
    "true, true, PACKET_INFORMATION, 1280, 1",
    "true, true, IP, 8900, 1",
    "true, true, IP, 1472, 2",
  })
  void aFileCrossesBothFamilies(boolean left, boolean right, Framing framing, int mtu, int queues)
      throws Exception {
    if (mtu > 1472) {
      hosts.a.host.run("ip", "link", "set", "ua", "mtu", "9000");
      hosts.b.host.run("ip", "link", "set", "ub", "mtu", "9000");
    }
    PlainTransport transport = new PlainTransport(framing);
    TunnelDataPlane a = hosts.a.start(transport, mtu, left, queues, "0.0.0.0:7000");
    TunnelDataPlane b = hosts.b.start(transport, mtu, right, queues, "0.0.0.0:7000");
    a.replacePeers(
            List.of(
                PeerConfig.at(
                    "b", endpoint("192.0.2.2", 7000), mtu, prefixes("10.1.2.0/24", "fd00:2::/64"))))
        .get();
    b.replacePeers(
            List.of(
                PeerConfig.at(
                    "a", endpoint("192.0.2.1", 7000), mtu, prefixes("10.1.1.0/24", "fd00:1::/64"))))
        .get();
    long seed = TestSize.seed(OffloadIT.class);
    byte[] content = new byte[FILE_BYTES];
    new Random(seed).nextBytes(content);
    Path sent = Files.write(folder.resolve("sent"), content);
    for (String family : List.of("4", "6")) {
      Path received = folder.resolve("received" + family);
      transfer(family, sent, received);
      assertThat(sha256(Files.readAllBytes(received)))
          .as("seed %d", seed)
          .isEqualTo(sha256(content));
    }
    assertThat(a.snapshot().offloads())
        .filteredOn(each -> each.fallbacks() > 0)
        .as("nothing fell back")
        .isEmpty();
    assertThat(b.snapshot().inboundDrops()).isEmpty();
    assertThat(Arrays.asList(a, b)).allMatch(plane -> plane.snapshot().alive());
  }

  private void transfer(String family, Path from, Path to) throws Exception {
    String listen = "TCP" + family + "-LISTEN:9000,reuseaddr";
    Process receiver =
        new ProcessBuilder(hosts.b.container.inside("socat", "-u", listen, "CREATE:" + to))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      String address = family.equals("4") ? "10.1.2.2" : "[fd00:2::2]";
      String connect = "TCP" + family + ":" + address + ":9000,retry=50,interval=0.1";
      hosts.a.container.run("socat", "-u", "OPEN:" + from, connect);
      assertThat(receiver.waitFor(20, TimeUnit.SECONDS)).isTrue();
    } finally {
      receiver.destroy();
    }
  }
}
