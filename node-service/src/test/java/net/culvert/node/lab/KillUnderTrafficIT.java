package net.culvert.node.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.SortedSet;
import java.util.concurrent.locks.LockSupport;
import net.culvert.node.testing.RequiresRoot;
import net.culvert.node.testing.Shell;
import net.culvert.node.testing.TestSize;
import net.culvert.node.testing.Transfer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Two nodes with one TCP connection across their tunnel, while now the one and then the other is
 * killed at a random instant in which a client writes to it. The connection goes on, and nothing is
 * left of what the client did.
 */
@RequiresRoot
@Tag("lab")
class KillUnderTrafficIT {

  private static final int CI_KILLS = 4;
  private static final int LONG_KILLS = 200;
  private static final int MAX_DELAY_MILLIS = 700;
  private static final int SOME_BYTES = 500_000;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Lab lab = new Lab();
  private final String net1 = lab.namespaceName();
  private final String net2 = lab.namespaceName();
  private final String other = lab.namespaceName();

  @Test
  void aTransferOutlivesEveryKill() throws Exception {
    long seed = TestSize.seed(KillUnderTrafficIT.class);
    Random random = new Random(seed);
    int kills = Math.max(2, TestSize.cases(CI_KILLS, LONG_KILLS));
    try (lab) {
      List<Lab.Host> hosts = List.of(lab.a(), lab.b());
      LabNode[] nodes = {lab.start(lab.a()), lab.start(lab.b())};
      new Picture(nodes[0].awaitReady(), net1, nodes[1].awaitReady(), net2).make();
      List<SortedSet<String>> whole =
          hosts.stream().map(host -> host.kernel().inventory()).toList();
      List<String> files = files(nodes[0]);
      try (Transfer.Running transfer = Transfer.start(net1, net2, Picture.NET2_ADDRESS)) {
        for (int kill = 0; kill < kills; kill++) {
          int which = kill % 2;
          String told = "kill " + kill + ", seed " + seed;
          LabNode node = nodes[which];
          awaitMore(transfer, told);
          Thread client = Thread.ofPlatform().daemon().start(() -> write(node));
          LockSupport.parkNanos(random.nextInt(MAX_DELAY_MILLIS) * 1_000_000L);
          node.kill();
          client.join();
          LabNode again = lab.start(hosts.get(which)).awaitReady();
          nodes[which] = again;
          forget(again);
          await(told)
              .atMost(PATIENCE)
              .untilAsserted(() -> {
                assertThat(again.kernel().inventory()).isEqualTo(whole.get(which));
                assertThat(Path.of("/run/netns", other)).doesNotExist();
              });
        }
        awaitMore(transfer, "after the last kill");
        transfer.end();
      }
      assertThat(files(nodes[0])).isEqualTo(files);
    }
  }

  private static void awaitMore(Transfer.Running transfer, String told) {
    long bytes = transfer.receivedBytes() + SOME_BYTES;
    await(told)
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(transfer.receivedBytes()).isGreaterThan(bytes));
  }

  /** Makes and removes things until the node is gone. */
  private void write(LabNode node) {
    try {
      while (true) {
        node.http(
            "PUT",
            "/api/v1/namespaces/" + other,
            "{\"attachment\":{\"address\":\"10.20.0.2/24\",\"gateway\":\"10.20.0.1\"}}");
        node.http(
            "PUT",
            "/api/v1/tunnels/kt0",
            "{\"transport\":\"wireguard\",\"listen\":[\"127.0.0.1:7100\"]}");
        node.http("DELETE", "/api/v1/tunnels/kt0", "");
        node.http("DELETE", "/api/v1/namespaces/" + other, "");
      }
    } catch (UncheckedIOException e) {
      // Killed, as it should be.
    }
  }

  private void forget(LabNode node) {
    for (String path : List.of("tunnels/kt0", "namespaces/" + other)) {
      assertThat(node.http("DELETE", "/api/v1/" + path, "").statusCode()).isIn(204, 404);
    }
  }

  /** Of the state directory, and what is left of sockets for wg(8). */
  private static List<String> files(LabNode node) {
    return Shell.run("ls", "-A", node.stateDirectory().toString()).lines().toList();
  }
}
