package net.culvert.node.lab;

import static net.culvert.node.lab.Bodies.attached;
import static net.culvert.node.lab.Bodies.name;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import net.culvert.api.resource.ResourceStatus;
import net.culvert.node.testing.RequiresCommand;
import net.culvert.node.testing.RequiresRoot;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A packet filter of somebody else on the host drops what is forwarded between two namespaces.
 *
 * <pre>
 *   net1 10.1.1.2 ── veth [host: FORWARD drops] veth ── 10.1.2.2 net2
 * </pre>
 */
@RequiresRoot
@RequiresCommand({"nft", "iptables-nft", "iptables-legacy"})
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FirewallIT {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Lab lab = new Lab();
  private final String net1 = lab.namespaceName();
  private final String net2 = lab.namespaceName();

  private @Nullable LabNode running;
  private String mode = "";

  /** The node that runs, after another start where that was told otherwise. */
  private LabNode node(String wanted) {
    LabNode now = running;
    if (now != null && mode.equals(wanted)) {
      return now;
    }
    if (now != null) {
      now.close();
    }
    LabNode started = lab.start(lab.a(), options(wanted)).awaitReady();
    running = started;
    mode = wanted;
    return started;
  }

  @AfterAll
  void close() {
    lab.close();
  }

  /** How somebody else drops, and how the rules of the host are listed. */
  record Dropping(String words, List<String> commands, String listing) {
    @Override
    public String toString() {
      return words;
    }
  }

  static Stream<Dropping> ways() {
    return Stream.of(
        new Dropping(
            "nft",
            List.of(
                "nft add table inet theirs",
                "nft add chain inet theirs forward { type filter hook forward priority 0; policy drop; }"),
            "nft list ruleset"),
        new Dropping(
            "nft, by a rule at the end, as firewalld's",
            List.of(
                "nft add table inet firewalld",
                "nft add chain inet firewalld filter_FORWARD { type filter hook forward priority 10; }",
                "nft add rule inet firewalld filter_FORWARD ct state invalid drop",
                "nft add rule inet firewalld filter_FORWARD reject with icmpx type admin-prohibited"),
            "nft list ruleset"),
        new Dropping(
            "iptables-nft, with Docker's chain for others",
            List.of(
                "iptables-nft -N DOCKER-USER",
                "iptables-nft -A DOCKER-USER -j RETURN",
                "iptables-nft -A FORWARD -j DOCKER-USER",
                "iptables-nft -P FORWARD DROP"),
            "iptables-nft -S"),
        new Dropping(
            "iptables-legacy", List.of("iptables-legacy -P FORWARD DROP"), "iptables-legacy -S"));
  }

  private static void run(Inside host, String command) {
    host.run("sh", "-c", command.replace("{", "'{").replace("}", "}'"));
  }

  private void attach(LabNode node) {
    node.client().namespaces().put(name(net1), null, attached("10.1.1.2/24", "10.1.1.1"));
    node.client().namespaces().put(name(net2), null, attached("10.1.2.2/24", "10.1.2.1"));
  }

  private boolean passes(LabNode node) {
    return node.inside(net1).attempt("ping", "-c", "1", "-W", "1", "10.1.2.2").exitCode() == 0;
  }

  private ResourceStatus status(LabNode node) {
    return Objects.requireNonNull(node.client().namespaces().get(name(net1)).getBody()).status();
  }

  private static LabNode.Options options(String mode) {
    return new LabNode.Options(
        false,
        Map.of(),
        List.of(
            "--culvert.firewall=" + mode,
            "--culvert.reconcile.resync-period=2s",
            "--culvert.data-plane.rehearsal=0s"));
  }

  @AfterEach
  void clear() {
    Inside host = lab.a().inside();
    host.attempt("nft", "flush", "ruleset");
    host.attempt("iptables-legacy", "-P", "FORWARD", "ACCEPT");
  }

  @Order(1)
  @ParameterizedTest
  @MethodSource("ways")
  void whatIsDroppedIsLetThrough(Dropping dropping) {
    LabNode node = node("allow");
    Inside host = node.host();
    dropping.commands().forEach(command -> run(host, command));
    String theirs = listing(host, dropping);
    attach(node);
    await().atMost(PATIENCE).until(() -> passes(node));
    assertThat(listing(host, dropping)).contains("culvert:");
    await()
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(node.http("GET", "/actuator/health", "").body())
                .contains("let through by rules"));
    assertThat(status(node).warnings()).isEmpty();

    // What somebody flushes comes back.
    String program = dropping.listing().split(" ")[0];
    if (!program.equals("nft")) {
      host.run(program, "-F", "FORWARD");
      assertThat(passes(node)).isFalse();
      await().atMost(PATIENCE).until(() -> passes(node));
      theirs = theirs.replace("-A FORWARD -j DOCKER-USER\n", "");
    }

    node.http("DELETE", "/api/v1/topology", "");
    String left = theirs;
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(listing(host, dropping)).isEqualTo(left));
  }

  @Order(2)
  @Test
  void aStopLeavesTheRuleAndANodeThatOnlyObservesRemovesIt() {
    Inside host = lab.a().inside();
    attach(node("allow"));
    run(host, "iptables-nft -P FORWARD DROP");
    await().atMost(PATIENCE).until(() -> passes(node("allow")));
    node("allow").terminate();
    assertThat(host.run("iptables-nft", "-S")).contains("culvert:");
    LabNode node = node("observe");
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(host.run("iptables-nft", "-S")).doesNotContain("culvert"));
    node.http("DELETE", "/api/v1/topology", "");
  }

  private static String listing(Inside host, Dropping dropping) {
    return host.run(dropping.listing().split(" "))
        .replaceAll("packets \\d+ bytes \\d+", "")
        .replaceAll("(?m)^#.*\n", "");
  }

  @Order(3)
  @Test
  void whatIsDroppedIsSaidWithTheRuleThatHelps() {
    LabNode node = node("observe");
    attach(node);
    await().atMost(PATIENCE).until(() -> passes(node));
    run(node.host(), "iptables-nft -P FORWARD DROP");
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(status(node).warnings()).hasSize(1));
    assertThat(passes(node)).isFalse();
    assertThat(node.host().run("nft", "list", "ruleset")).doesNotContain("culvert");
    assertThat(node.http("GET", "/actuator/health", "").body())
        .contains("\"firewall\":{", "the chain FORWARD of table ip filter", "DEGRADED");

    // The rule that it names is typed as it stands.
    String warning = status(node).warnings().getFirst();
    String rule = warning.replaceAll("(?s).*This would help: (.*) — or culvert.*", "$1");
    node.host().run("sh", "-c", rule);
    assertThat(passes(node)).isTrue();
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(status(node).warnings()).isEmpty());
    node.http("DELETE", "/api/v1/topology", "");
  }
}
