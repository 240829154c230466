package net.culvert.node.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;
import org.opentest4j.TestAbortedException;

/** What this machine lets tests do, found without running anything. */
public final class MachineConditions {

  private static final int CAP_NET_ADMIN = 12;
  private static final int CAP_SYS_ADMIN = 21;

  private MachineConditions() {}

  static final class Root implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      List<String> missing = new ArrayList<>();
      long effective = effectiveCapabilities();
      if ((effective >> CAP_NET_ADMIN & 1) == 0) {
        missing.add("CAP_NET_ADMIN");
      }
      if ((effective >> CAP_SYS_ADMIN & 1) == 0) {
        missing.add("CAP_SYS_ADMIN");
      }
      if (!Files.isWritable(Path.of("/dev/net/tun"))) {
        missing.add("/dev/net/tun");
      }
      for (String program : List.of("ip", "nsenter")) {
        if (!Shell.isInstalled(program)) {
          missing.add("the program " + program);
        }
      }
      return verdict(missing);
    }
  }

  static final class Command implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      Optional<RequiresCommand> wanted =
          AnnotationSupport.findAnnotation(context.getElement(), RequiresCommand.class);
      return verdict(
          wanted.stream()
              .flatMap(annotation -> Arrays.stream(annotation.value()))
              .filter(command -> !Shell.isInstalled(command))
              .map(command -> "the program " + command)
              .toList());
    }
  }

  /**
   * For what shows only while a test runs: goes on where nothing is missing, else the test is
   * skipped with the reason, or fails under CI=true.
   */
  public static void assumePresent(List<String> missing) {
    ConditionEvaluationResult verdict = verdict(missing);
    if (verdict.isDisabled()) {
      throw new TestAbortedException(verdict.getReason().orElse(""));
    }
  }

  /** Enabled where nothing is missing; else skipped with the reason, or failed under CI=true. */
  static ConditionEvaluationResult verdict(List<String> missing) {
    if (missing.isEmpty()) {
      return ConditionEvaluationResult.enabled("the machine has what this needs");
    }
    String reason = "missing here: " + String.join(", ", missing);
    if ("true".equals(System.getenv("CI"))) {
      throw new AssertionError("CI=true runs every test, and this cannot run; " + reason);
    }
    return ConditionEvaluationResult.disabled(reason);
  }

  private static long effectiveCapabilities() {
    try {
      return Files.readAllLines(Path.of("/proc/self/status")).stream()
          .filter(line -> line.startsWith("CapEff:"))
          .mapToLong(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
