package net.culvert.node.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.culvert.node.testing.Shell;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The engine, by its own command. */
final class Docker {

  /** The repository; tests run in their module's folder. */
  static final Path TOP = Path.of("").toAbsolutePath().resolveSibling("");

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final JsonMapper JSON = new JsonMapper();

  private Docker() {}

  static String run(String... arguments) {
    return run(PATIENCE, arguments);
  }

  /** The output of a command that must succeed within its time. */
  static String run(Duration patience, String... arguments) {
    Shell.Result result = attempt(patience, arguments);
    assertThat(result.exitCode())
        .as("docker " + String.join(" ", arguments) + "\n" + result.output())
        .isZero();
    return result.output();
  }

  static Shell.Result attempt(Duration patience, String... arguments) {
    List<String> command = new ArrayList<>(List.of("docker"));
    command.addAll(List.of(arguments));
    return Shell.attempt(patience, command);
  }

  /** What the engine knows of one container. */
  static JsonNode inspect(String container) {
    return JSON.readTree(run("inspect", container)).get(0);
  }

  /** What the engine lists, one name or id a line. */
  static List<String> lines(String... arguments) {
    return run(arguments).lines().filter(line -> !line.isBlank()).toList();
  }

  static List<String> strings(JsonNode array) {
    return array.valueStream().map(JsonNode::asString).toList();
  }
}
