package net.culvert.node.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Asks the engine once whether it is there. */
final class DockerCondition implements ExecutionCondition {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** The first use asks. */
  private static final class Engine {
    static final List<String> MISSING = findMissing();
  }

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    return MachineConditions.verdict(Engine.MISSING);
  }

  private static List<String> findMissing() {
    List<String> missing = new ArrayList<>();
    if (!Files.exists(Path.of("/dev/net/tun"))) {
      missing.add("/dev/net/tun");
    }
    if (!Shell.isInstalled("docker")) {
      missing.add("the program docker");
    } else if (!answers("docker", "version")) {
      missing.add("a Docker engine that answers");
    } else if (!answers("docker", "compose", "version")) {
      missing.add("Docker Compose");
    }
    return List.copyOf(missing);
  }

  private static boolean answers(String... command) {
    return Shell.attempt(PATIENCE, List.of(command)).exitCode() == 0;
  }
}
