package net.culvert.node.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs a program to its end, within a time, and answers what it printed. */
public final class Shell {

  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final int MAX_OUTPUT_BYTES = 4 << 20;

  /**
   * How a program ended.
   *
   * @param output both streams in the order they were written, at most 4 MiB
   */
  public record Result(int exitCode, String output) {}

  private Shell() {}

  /** The output of a program that must succeed; otherwise an {@link AssertionError} shows it. */
  public static String run(String... command) {
    return run(List.of(command));
  }

  /** As {@link #run(String...)}. */
  public static String run(List<String> command) {
    Result result = attempt(TIMEOUT, command);
    if (result.exitCode() != 0) {
      throw new AssertionError(
          String.join(" ", command) + "\nexit " + result.exitCode() + "\n" + result.output());
    }
    return result.output();
  }

  /** Whatever came of a program. */
  public static Result attempt(String... command) {
    return attempt(TIMEOUT, Arrays.asList(command));
  }

  /** Whatever came of a program; one that is not over in time is killed, which fails the test. */
  public static Result attempt(Duration timeout, List<String> command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .start();
      CompletableFuture<String> output = CompletableFuture.supplyAsync(() -> drain(process));
      if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(String.join(" ", command) + " took longer than " + timeout);
      }
      return new Result(process.exitValue(), output.join());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted in " + String.join(" ", command), e);
    }
  }

  /** Whether the PATH has such a program. */
  public static boolean isInstalled(String command) {
    return Arrays.stream(String.valueOf(System.getenv("PATH")).split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, command)));
  }

  private static String drain(Process process) {
    try (InputStream stream = process.getInputStream()) {
      String kept = new String(stream.readNBytes(MAX_OUTPUT_BYTES), StandardCharsets.UTF_8);
      stream.skip(Long.MAX_VALUE);
      return kept;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
