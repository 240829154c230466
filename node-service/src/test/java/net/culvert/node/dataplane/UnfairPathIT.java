package net.culvert.node.dataplane;

import static net.culvert.node.dataplane.MemoryNode.endpoint;
import static net.culvert.node.dataplane.MemoryNode.prefixes;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import net.culvert.node.testing.RequiresRoot;
import net.culvert.node.testing.TestSize;
import net.culvert.node.testing.Transfer;
import net.culvert.node.transport.plain.Framing;
import net.culvert.node.transport.plain.PlainTransport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Bytes cross unharmed over a path that loses, doubles and reorders datagrams, for every pair of
 * settings of the two tunnels; in the long run for every combination.
 */
@RequiresRoot
@Timeout(180)
class UnfairPathIT {

  private static final int PORT = 7000;
  private static final int RELAY_PORT = 7100;
  private static final int BYTES = 10_000_000;
  private static final int MANY_BYTES = 200_000_000;

  private final TwoHosts hosts = new TwoHosts();

  /** What a transfer is made with; {@code outer} and {@code inner} are 4 or 6. */
  record Settings(
      boolean left, boolean right, Framing framing, int outer, int inner, int mtu, int queues) {

    private List<Object> values() {
      return List.of(left, right, framing, outer, inner, mtu, queues);
    }

    /** Every two of its values, each with its place. */
    Set<List<Object>> pairs() {
      List<Object> values = values();
      Set<List<Object>> pairs = new HashSet<>();
      for (int i = 0; i < values.size(); i++) {
        for (int j = i + 1; j < values.size(); j++) {
          pairs.add(List.of(i, values.get(i), j, values.get(j)));
        }
      }
      return pairs;
    }
  }

  private static List<Settings> combinations() {
    List<Settings> all = new ArrayList<>();
    for (int bits = 0; bits < 64; bits++) {
      for (int mtu : new int[] {1280, 1472, 8900}) {
        all.add(
            new Settings(
                (bits & 1) != 0,
                (bits & 2) != 0,
                (bits & 4) != 0 ? Framing.PACKET_INFORMATION : Framing.IP,
                (bits & 8) != 0 ? 6 : 4,
                (bits & 16) != 0 ? 6 : 4,
                mtu,
                (bits & 32) != 0 ? 2 : 1));
      }
    }
    return all;
  }

  /** Few combinations that have each pair of values: always the one with the most new pairs. */
  private static List<Settings> pairwise() {
    List<Settings> all = combinations();
    Set<List<Object>> missing = new HashSet<>();
    all.forEach(each -> missing.addAll(each.pairs()));
    List<Settings> chosen = new ArrayList<>();
    while (!missing.isEmpty()) {
      Settings best = all.getFirst();
      long most = -1;
      for (Settings each : all) {
        long fresh = each.pairs().stream().filter(missing::contains).count();
        if (fresh > most) {
          most = fresh;
          best = each;
        }
      }
      missing.removeAll(best.pairs());
      chosen.add(best);
    }
    return chosen;
  }

  static List<Settings> settings() {
    return TestSize.isLong() ? combinations() : pairwise();
  }

  static Stream<Arguments> named() {
    return Stream.of(
        Arguments.of("all offloads", new Settings(true, true, Framing.IP, 4, 4, 1472, 1)),
        Arguments.of("no offloads", new Settings(false, false, Framing.IP, 4, 4, 1472, 1)),
        Arguments.of("only the sender's", new Settings(true, false, Framing.IP, 4, 6, 1472, 1)),
        Arguments.of("only the receiver's", new Settings(false, true, Framing.IP, 6, 4, 1472, 1)),
        Arguments.of(
            "the article's framing",
            new Settings(true, true, Framing.PACKET_INFORMATION, 4, 4, 8900, 1)),
        Arguments.of("two queues", new Settings(true, true, Framing.IP, 6, 6, 1280, 2)));
  }

  @AfterEach
  void remove() {
    hosts.close();
  }

  @Test
  void fewTransfersHaveEveryPairOfSettings() {
    Set<List<Object>> covered = new HashSet<>();
    pairwise().forEach(each -> covered.addAll(each.pairs()));
    // Six settings with two values and one with three: 15 pairs of the former, 6 with the latter.
    assertThat(covered).hasSize(15 * 4 + 6 * 6);
    assertThat(pairwise()).hasSizeLessThan(16);
  }

  @ParameterizedTest
  @MethodSource("settings")
  void bytesCross(Settings settings) throws Exception {
    cross(settings, BYTES);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("named")
  void manyBytesCross(String name, Settings settings) throws Exception {
    cross(settings, MANY_BYTES);
  }

  private void cross(Settings settings, int bytes) throws Exception {
    hosts.a.host.run("ip", "link", "set", "ua", "mtu", "9000");
    hosts.b.host.run("ip", "link", "set", "ub", "mtu", "9000");
    boolean outer4 = settings.outer() == 4;
    String a = outer4 ? "192.0.2.1" : "2001:db8::1";
    String b = outer4 ? "192.0.2.2" : "2001:db8::2";
    String loopback = outer4 ? "127.0.0.1" : "::1";
    String listen = outer4 ? "0.0.0.0:" + PORT : "[::]:" + PORT;
    int mtu = settings.mtu();
    PlainTransport transport = new PlainTransport(settings.framing());
    TunnelDataPlane left =
        hosts.a.start(transport, mtu, settings.left(), settings.queues(), listen);
    TunnelDataPlane right =
        hosts.b.start(transport, mtu, settings.right(), settings.queues(), listen);
    left.replacePeers(
            List.of(
                PeerConfig.at(
                    "b", endpoint(b, RELAY_PORT), mtu, prefixes("10.1.2.0/24", "fd00:2::/64"))))
        .get();
    right
        .replacePeers(
            List.of(
                PeerConfig.at(
                    "a",
                    endpoint(loopback, RELAY_PORT),
                    mtu,
                    prefixes("10.1.1.0/24", "fd00:1::/64"))))
        .get();
    long seed = TestSize.seed(UnfairPathIT.class);
    try (UnfairRelay relay =
        new UnfairRelay(
            hosts.b.host,
            RELAY_PORT,
            new InetSocketAddress(loopback, PORT),
            new InetSocketAddress(a, PORT),
            seed)) {
      Transfer.run(
          hosts.a.container.name(),
          hosts.b.container.name(),
          settings.inner() == 4 ? "10.1.2.2" : "fd00:2::2",
          bytes);
      assertThat(relay.lost()).isPositive();
      assertThat(relay.doubled()).isPositive();
      assertThat(relay.overtaken()).isPositive();
    }
    assertThat(Stream.of(left, right)).allMatch(plane -> plane.snapshot().alive());
    assertThat(left.snapshot().offloads())
        .filteredOn(each -> each.fallbacks() > 0)
        .as("nothing fell back")
        .isEmpty();
  }
}
