package net.culvert.node.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import net.culvert.node.testing.RequiresRoot;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is wished from the start, and what becomes of it at the end. */
@RequiresRoot
@Tag("lab")
class BootstrapIT {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String LINKS = "/api/v1/links/";
  private static final String BRIDGE = "{\"kind\": \"bridge\"}";

  private final Lab lab = new Lab();
  private final String net1 = lab.namespaceName();
  private final SortedSet<String> empty = lab.a().kernel().inventory();
  private final Path file = lab.file("topology.yaml", topology("10.1.1"));

  @AfterEach
  void close() {
    lab.close();
  }

  private String topology(String network) {
    return """
    namespaces:
      %s:
        attachment: {address: %s.2/24, gateway: %s.1}
    tunnels:
      tun0: {transport: plain, listen: ["0.0.0.0:7000"]}
    """
        .formatted(net1, network, network);
  }

  private LabNode start(String... settings) {
    List<String> arguments = new ArrayList<>(List.of("--culvert.data-plane.rehearsal=0s"));
    arguments.addAll(List.of(settings));
    return lab.start(lab.a(), new LabNode.Options(false, Map.of(), arguments));
  }

  private String bootstrap() {
    return "--culvert.bootstrap.topology=" + file;
  }

  private void awaitAddress(LabNode node, String address) {
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .untilAsserted(
            () -> assertThat(node.kernel(net1).addresses("veth0")).containsExactly(address));
  }

  private static int status(LabNode node, String method, String path, String body) {
    return node.http(method, path, body).statusCode();
  }

  @Test
  void onceIsOnceAndAlwaysIsEveryTime() {
    LabNode node = start(bootstrap()).awaitReady();
    awaitAddress(node, "10.1.1.2/24");
    assertThat(status(node, "PUT", LINKS + "mine", BRIDGE)).isEqualTo(201);
    lab.file("topology.yaml", topology("10.1.9"));
    node.terminate();

    node = start(bootstrap()).awaitReady();
    assertThat(node.log()).contains("was taken before, and is not taken again");
    assertThat(status(node, "GET", LINKS + "mine", "")).isEqualTo(200);
    awaitAddress(node, "10.1.1.2/24");
    node.terminate();

    node = start(bootstrap(), "--culvert.bootstrap.mode=always").awaitReady();
    awaitAddress(node, "10.1.9.2/24");
    assertThat(status(node, "GET", LINKS + "mine", "")).isEqualTo(404);
    LabNode running = node;
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(running.kernel().link("mine")).isEmpty());
    // Until the next start, writes are taken as ever.
    assertThat(status(node, "PUT", LINKS + "mine", BRIDGE)).isEqualTo(201);
    assertThat(status(node, "DELETE", "/api/v1/topology", "")).isEqualTo(204);
  }

  @Test
  void aFileThatCannotBeTakenRefusesTheStart() {
    lab.file(
        "topology.yaml",
        topology("10.1.1")
            + "links:\n  b: {kind: 7}\n  c: {kind: bridge, x: 1}\nroutes:\n  r: {destination: 10.7.0.1/16}\n");
    LabNode node = start(bootstrap());
    await().atMost(PATIENCE).until(() -> !node.isAlive());
    assertThat(node.log())
        .contains(file.toString(), "- links.b.kind: ", "- links.c.x: ", "- routes.r.destination: ")
        .contains("Correct it and start again")
        .doesNotContain("\tat ");
    lab.file(
        "topology.yaml",
        "routes:\n  r: {destination: 10.7.0.0/16, via: 10.99.0.1, link: nowhere, mtu: 1}\n");
    LabNode again = start(bootstrap());
    await().atMost(PATIENCE).until(() -> !again.isAlive());
    assertThat(again.log()).contains("- routes.r");
    LabNode without = start("--culvert.bootstrap.topology=" + file + ".no");
    await().atMost(PATIENCE).until(() -> !without.isAlive());
    assertThat(without.log()).contains("there is no such file");
    assertThat(lab.a().kernel().inventory()).isEqualTo(empty);
  }

  @Test
  void whatTheKernelRefusesIsFailedAndTriedAgain() {
    lab.a().inside().run("ip", "link", "add", "theirs", "type", "bridge");
    lab.file(
        "topology.json", "{\"links\": {\"theirs\": " + BRIDGE + ", \"ours\": " + BRIDGE + "}}");
    LabNode node =
        start("--culvert.bootstrap.topology=" + file.resolveSibling("topology.json")).awaitReady();
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> {
          assertThat(node.http("GET", LINKS + "theirs", "").body()).contains("\"FAILED\"");
          assertThat(node.http("GET", LINKS + "ours", "").body()).contains("\"APPLIED\"");
        });
    assertThat(node.http("GET", "/actuator/health", "").body())
        .contains("DEGRADED", "links/theirs");
    lab.a().inside().run("ip", "link", "del", "theirs");
    await()
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(node.http("GET", LINKS + "theirs", "").body()).contains("\"APPLIED\""));
    assertThat(status(node, "DELETE", "/api/v1/topology", "")).isEqualTo(204);
  }

  @Test
  void onStopRemoveLeavesNothingInTheKernelAndComesBack() {
    LabNode node = start(bootstrap(), "--culvert.on-stop=remove").awaitReady();
    awaitAddress(node, "10.1.1.2/24");
    assertThat(node.terminate()).isIn(0, 143);
    assertThat(lab.a().kernel().inventory()).isEqualTo(empty);
    assertThat(lab.a().inside().run("ip", "netns")).doesNotContain(net1);
    assertThat(node.log()).doesNotContain("\tat ", " ERROR ", "not everything was removed");

    // Killed, it leaves all as it is.
    node = start("--culvert.on-stop=remove").awaitReady();
    awaitAddress(node, "10.1.1.2/24");
    node.kill();
    assertThat(lab.a().kernel().link("tun0")).isPresent();
    node = start("--culvert.on-stop=remove").awaitReady();
    awaitAddress(node, "10.1.1.2/24");
    node.terminate();
    assertThat(lab.a().kernel().inventory()).isEqualTo(empty);
  }
}
