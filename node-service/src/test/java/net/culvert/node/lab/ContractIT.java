package net.culvert.node.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import net.culvert.node.testing.RequiresRoot;
import net.culvert.node.testing.Shell;
import net.culvert.node.testing.TestSize;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Schemathesis makes requests out of the OpenAPI document of a live node, good ones and bad ones:
 * none is answered with what the document does not say, or by a mistake of the node. Event streams
 * are left out, because they do not end.
 */
@RequiresRoot
@Tag("lab")
class ContractIT {

  private static final int CI_EXAMPLES = 20;
  private static final int LONG_EXAMPLES = 1_000;
  private static final Duration PATIENCE = Duration.ofMinutes(TestSize.isLong() ? 120 : 8);

  private static String program() {
    String named = Objects.requireNonNullElse(System.getenv("SCHEMATHESIS"), "");
    String program = named.isBlank() ? "schemathesis" : named;
    boolean there = Files.isExecutable(Path.of(program)) || Shell.isInstalled(program);
    // It comes from a registry and not from Debian: where that is out of reach the rest goes on.
    Assumptions.assumeTrue(
        there, "missing here: the program schemathesis, which deploy/verify installs");
    return program;
  }

  private static String checks() throws IOException {
    try (InputStream file = ContractIT.class.getResourceAsStream("schemathesis.toml")) {
      return new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void everyAnswerIsAsTheDocumentSays() throws IOException {
    String program = program();
    // Always the same ones, so that CI fails for a change and not by chance.
    long seed = Long.getLong("culvert.test.seed", 1);
    int examples = Math.max(2, TestSize.cases(CI_EXAMPLES, LONG_EXAMPLES));
    try (Lab lab = new Lab()) {
      LabNode node =
          lab.start(lab.a(), new LabNode.Options(true, Map.of(), List.of())).awaitReady();
      SortedSet<String> empty = node.kernel().inventory();
      Path remembered = lab.file("unused", "").resolveSibling("remembered");
      Files.createDirectories(remembered);
      Shell.Result result =
          Shell.attempt(
              PATIENCE,
              List.of(
                  // Where it leaves what it remembers.
                  "env",
                  "--chdir=" + remembered,
                  program,
                  "--config-file",
                  lab.file("schemathesis.toml", checks()).toString(),
                  "run",
                  node.url() + "/v3/api-docs",
                  "--header",
                  "Authorization: Bearer " + node.token(),
                  "--checks",
                  "all",
                  "--exclude-path-regex",
                  "/(packets|events)$",
                  "--max-examples",
                  String.valueOf(examples),
                  "--seed",
                  String.valueOf(seed),
                  "--generation-database",
                  "none",
                  "--continue-on-failure",
                  "--request-timeout",
                  "60",
                  "--no-color"));
      assertThat(result.exitCode()).as("seed %d: %s", seed, result.output()).isZero();
      result
          .output()
          .lines()
          .filter(line -> line.contains("generated"))
          .forEach(System.out::println);
      assertThat(node.http("DELETE", "/api/v1/topology", "").statusCode()).isEqualTo(204);
      assertThat(node.kernel().inventory()).isEqualTo(empty);
      assertThat(node.host().run("ls", "/run/netns")).isBlank();
    }
  }
}
