package net.culvert.node.lab;

import static net.culvert.node.lab.Bodies.attached;
import static net.culvert.node.lab.Bodies.link;
import static net.culvert.node.lab.Bodies.name;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import net.culvert.node.testing.RequiresRoot;
import net.culvert.node.testing.Shell;
import net.culvert.node.testing.Transfer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Node a ends in every way, and comes back: what is right in the kernel is not touched, what is
 * missing is made, what is not wished any more is removed.
 *
 * <pre>
 *   net1 10.1.1.2 ── 10.1.1.1 [a] tun0 ══ UDP 7000 ══ tun0 [b] 10.1.2.1 ── 10.1.2.2 net2
 *                              ▲ ends, and starts again
 * </pre>
 */
@RequiresRoot
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RestartIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int SOME_BYTES = 1_000_000;

  private final Lab lab = new Lab();
  private final String net1 = lab.namespaceName();
  private final String net2 = lab.namespaceName();
  private LabNode a = lab.start(lab.a());
  private final LabNode b = lab.start(lab.b());
  private SortedSet<String> whole = new TreeSet<>();

  @BeforeAll
  void make() {
    new Picture(a.awaitReady(), net1, b.awaitReady(), net2).make();
    whole = inventory();
  }

  /** So that a test that failed spoils no other. */
  @AfterEach
  void comeBack() {
    if (!a.isAlive()) {
      startAgain();
    }
  }

  @AfterAll
  void close() {
    lab.close();
  }

  private SortedSet<String> inventory() {
    SortedSet<String> all = new TreeSet<>(lab.a().kernel().inventory());
    if (Files.exists(Path.of("/run/netns", net1))) {
      new KernelState(Inside.namespace(net1)).inventory().forEach(line -> all.add("net1: " + line));
    }
    return all;
  }

  /** What tells a thing from one that was made anew under the same name. */
  private List<String> identities() {
    List<String> all = new ArrayList<>();
    all.add(Shell.run("stat", "-c", "%d:%i", "/run/netns/" + net1));
    for (Inside where : List.of(lab.a().inside(), Inside.namespace(net1))) {
      all.add(where.run("sh", "-c", "ip -o link | cut -d: -f1,2"));
      all.add(where.run("sh", "-c", "ip -o addr | sed 's/valid_lft.*//'"));
    }
    return all;
  }

  private void end(String how) {
    if (how.equals("SIGKILL")) {
      a.kill();
    } else {
      assertThat(a.terminate()).as(a.log()).isIn(0, 143);
    }
  }

  private void startAgain() {
    a = lab.start(lab.a()).awaitReady();
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(inventory()).isEqualTo(whole));
  }

  private void requirePing() {
    new Picture(a, net1, b, net2).pingFromNet1().requireTtl(62);
  }

  @ParameterizedTest
  @ValueSource(strings = {"SIGKILL", "SIGTERM"})
  void whatIsRightIsNotTouched(String how) throws Exception {
    List<String> before = identities();
    end(how);
    assertThat(inventory()).isEqualTo(whole);
    try (KernelEvents host = new KernelEvents(lab.a().inside());
        KernelEvents inside = new KernelEvents(Inside.namespace(net1))) {
      startAgain();
      requirePing();
      assertThat(inside.heard()).isEmpty();
      // The device has a reader again, which the kernel tells as its carrier.
      assertThat(host.heard()).allMatch(line -> line.contains(": tun0: <"));
    }
    assertThat(identities()).isEqualTo(before);
    assertThat(a.client().namespaces().get(name(net1)).getStatusCode().value()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"SIGKILL", "SIGTERM"})
  void aTransferGoesOnAcrossIt(String how) {
    try (Transfer.Running transfer = Transfer.start(net1, net2, Picture.NET2_ADDRESS)) {
      awaitBytes(transfer, SOME_BYTES);
      end(how);
      startAgain();
      awaitBytes(transfer, transfer.receivedBytes() + SOME_BYTES);
      transfer.end();
    }
  }

  private static void awaitBytes(Transfer.Running transfer, long bytes) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(transfer.receivedBytes()).isGreaterThan(bytes));
  }

  @Test
  void everythingIsMadeAgainAfterAReboot() {
    end("SIGKILL");
    lab.a().inside().run("ip", "link", "del", "tun0");
    Shell.run("ip", "netns", "del", net1);
    assertThat(inventory()).isNotEqualTo(whole);
    startAgain();
    requirePing();
  }

  @Test
  void whatIsMissingIsMade() {
    end("SIGKILL");
    lab.a().inside().run("ip", "route", "del", "10.1.2.0/24");
    Inside.namespace(net1).run("ip", "addr", "flush", "dev", "veth0");
    startAgain();
    requirePing();
  }

  @Test
  void whatIsOursAndNotWishedAnyMoreIsRemoved() throws IOException {
    assertThat(a.terminate()).isIn(0, 143);
    Path database = a.stateDirectory().resolve("culvert.db");
    Path copy = database.resolveSibling("copy.db");
    Files.copy(database, copy);
    a = lab.start(lab.a()).awaitReady();
    String extra = lab.namespaceName();
    a.client().namespaces().put(name(extra), null, attached("10.1.3.2/24", "10.1.3.1"));
    a.client().tunnels().put(link("tun7"), null, Bodies.tunnel("0.0.0.0:7007"));
    a.host().run("ip", "link", "add", "theirs", "type", "bridge");
    TreeSet<String> withTheirs = new TreeSet<>(whole);
    inventory().stream().filter(line -> line.contains("theirs")).forEach(withTheirs::add);
    a.kill();

    // As if the last writes had never been.
    Files.move(copy, database, StandardCopyOption.REPLACE_EXISTING);
    Files.deleteIfExists(database.resolveSibling("culvert.db-wal"));
    Files.deleteIfExists(database.resolveSibling("culvert.db-shm"));
    a = lab.start(lab.a()).awaitReady();
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(inventory()).isEqualTo(withTheirs));
    assertThat(Path.of("/run/netns", extra)).doesNotExist();
    a.host().run("ip", "link", "del", "theirs");
    requirePing();
  }

  /** A link that was changed after its neighbour was made is read after it. */
  @Test
  void whatAnotherUsesIsStillInUse() {
    String bridge = "{\"kind\":\"bridge\",\"addresses\":[\"10.7.0.1/24\"],\"mtu\":%d}";
    String neighbour =
        "{\"link\":\"kb\",\"address\":\"10.7.0.9\",\"linkAddress\":\"02:00:00:00:00:01\"}";
    assertThat(status("PUT", "links/kb", bridge.formatted(1400))).isEqualTo(201);
    assertThat(status("PUT", "neighbours/kn", neighbour)).isEqualTo(201);
    assertThat(status("PUT", "links/kb", bridge.formatted(1401))).isEqualTo(200);
    end("SIGKILL");
    a = lab.start(lab.a()).awaitReady();
    assertThat(status("DELETE", "links/kb", "")).isEqualTo(409);
    assertThat(status("DELETE", "neighbours/kn", "")).isEqualTo(204);
    assertThat(status("DELETE", "links/kb", "")).isEqualTo(204);
  }

  private int status(String method, String path, String body) {
    return a.http(method, "/api/v1/" + path, body).statusCode();
  }

  @Test
  void aNamespaceWhoseMakingWasCutShortIsMade() {
    end("SIGTERM");
    Shell.run("umount", "/run/netns/" + net1);
    assertThat(Path.of("/run/netns", net1)).isRegularFile();
    startAgain();
    requirePing();
  }
}
