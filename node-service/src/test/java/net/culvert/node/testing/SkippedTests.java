package net.culvert.node.testing;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Says at the end which test classes were skipped or had a test skipped, and why: Surefire's
 * console shows no more than their number. Found by JUnit through {@code META-INF/services}.
 */
public final class SkippedTests implements TestExecutionListener {

  private final Map<String, TreeSet<String>> classesByReason = new LinkedHashMap<>();

  @Override
  public synchronized void executionSkipped(TestIdentifier test, String reason) {
    note(test, reason);
  }

  @Override
  public synchronized void executionFinished(TestIdentifier test, TestExecutionResult result) {
    if (result.getStatus() == TestExecutionResult.Status.ABORTED) {
      note(test, result.getThrowable().map(Throwable::getMessage).orElse("it gave no reason"));
    }
  }

  @Override
  public synchronized void testPlanExecutionFinished(TestPlan plan) {
    classesByReason.forEach((reason, classes) ->
        System.out.println("Skipped, " + reason + ": " + String.join(", ", classes)));
    classesByReason.clear();
  }

  private void note(TestIdentifier test, String reason) {
    classesByReason.computeIfAbsent(reason, unseen -> new TreeSet<>()).add(className(test));
  }

  private static String className(TestIdentifier test) {
    String name =
        test.getSource()
            .map(source ->
                switch (source) {
                  case ClassSource type -> type.getClassName();
                  case MethodSource method -> method.getClassName();
                  default -> test.getDisplayName();
                })
            .orElse(test.getDisplayName());
    return name.substring(name.lastIndexOf('.') + 1);
  }
}
