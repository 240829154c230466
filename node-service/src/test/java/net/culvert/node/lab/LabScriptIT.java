package net.culvert.node.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.culvert.api.client.NodeClient;
import net.culvert.node.testing.RequiresRoot;
import net.culvert.node.testing.Shell;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code deploy/lab} as a reader types it, and what it leaves behind. */
@RequiresRoot
@Tag("lab")
class LabScriptIT {

  private static final Duration PATIENCE = Duration.ofMinutes(6);
  private static final Path KEPT = Path.of("/run/culvert-lab");
  private static final String SCRIPT = LabNode.checkout().resolve("deploy/lab").toString();

  @BeforeEach
  void nobodysLabIsUp() {
    assumeThat(KEPT).as("somebody's lab is up: deploy/lab down").doesNotExist();
  }

  @AfterEach
  void down() {
    lab("down");
  }

  @Test
  void upTwiceThenEverythingItPrintsWorksAndDownLeavesNothing() {
    String first = lab("up", "--no-install");
    assertThat(first)
        .contains("net1 → 10.1.2.2: 3 of 3 answered, ttl 62")
        .contains("net2 → 10.1.1.2: 3 of 3 answered, ttl 62")
        .contains("/swagger-ui.html", "Authorize", "To try next:");
    assertThat(lab("up", "--no-install")).contains("The lab is up already.");
    assertThat(lab("status")).contains("node a: ready", "node b: ready", "namespace net1");

    Map<String, String> environment =
        lab("env")
            .lines()
            .map(line -> line.split("=", 2))
            .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    assertThat(environment)
        .containsOnlyKeys("NODE_A_URL", "NODE_A_TOKEN", "NODE_B_URL", "NODE_B_TOKEN");
    NodeClient nodeA =
        NodeClient.of(
            URI.create(environment.getOrDefault("NODE_A_URL", "")),
            environment.getOrDefault("NODE_A_TOKEN", ""));
    assertThat(nodeA.namespaces().list().items()).hasSize(1);

    String typed = "eval \"$(" + SCRIPT + " env)\"; set -e; " + lab("rest").replace("-sS", "-sSf");
    assertThat(Shell.run("bash", "-c", typed)).contains("\"received\":3");

    lab("down");
    assertThat(leftovers()).isEmpty();
  }

  @Test
  void downRemovesWhatIsLeftOfALabThatWasBroken() throws IOException {
    lab("up", "--no-install");
    Shell.run("kill", "-KILL", Files.readString(KEPT.resolve("a.pid")).strip());
    Shell.run("ip", "netns", "del", "culvert-lab-b");
    Shell.run("ip", "netns", "del", "net2");
    assertThat(Shell.attempt(SCRIPT, "status").exitCode()).isEqualTo(1);

    lab("down");
    assertThat(leftovers()).isEmpty();
    assertThat(Shell.attempt(SCRIPT, "status").exitCode()).isEqualTo(3);
    assertThat(Shell.attempt(SCRIPT, "env").exitCode()).isEqualTo(1);
  }

  private static String lab(String... arguments) {
    List<String> command = Stream.concat(Stream.of(SCRIPT), Stream.of(arguments)).toList();
    Shell.Result result = Shell.attempt(PATIENCE, command);
    assertThat(result.exitCode()).as(command + "\n" + result.output()).isZero();
    return result.output();
  }

  /** Names of namespaces and links, processes and files that only the lab makes. */
  private static List<String> leftovers() {
    String seen =
        Shell.run("ip", "netns", "list")
            + Shell.run("ip", "-br", "link")
            + Shell.run("bash", "-c", "ls -d /run/culvert-lab 2>/dev/null || true")
            + Shell.run("ps", "-eo", "pid,args");
    return seen.lines()
        .filter(line -> line.matches("net[12]( .*)?|.*culvert-lab-[ab].*|.*/run/culvert-lab.*"))
        .toList();
  }
}
