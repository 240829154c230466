package net.culvert.node.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import net.culvert.node.testing.Shell;

/**
 * Where a program of a test runs: a network namespace, and where a node has a {@code /run/netns} of
 * its own, its mount namespace too.
 *
 * @param entry the command line that goes in and then runs what follows it
 */
public record Inside(List<String> entry) {

  /** A namespace that {@code ip netns} shows here. */
  public static Inside namespace(String name) {
    return new Inside(List.of("nsenter", "--net=/run/netns/" + name, "--"));
  }

  /** A namespace that is named where these programs run. */
  public Inside andNamespace(String name) {
    return new Inside(line("nsenter", "--net=/run/netns/" + name, "--"));
  }

  /** The output of a program that must succeed. */
  public String run(String... command) {
    return Shell.run(line(command));
  }

  /** Whatever comes of a program. */
  public Shell.Result attempt(String... command) {
    return Shell.attempt(line(command).toArray(String[]::new));
  }

  /** Whatever comes of a program that may take so long. */
  public Shell.Result attempt(Duration timeout, String... command) {
    return Shell.attempt(timeout, line(command));
  }

  /** Starts a program and leaves it running; it writes both streams to one. */
  public Process start(String... command) {
    try {
      return new ProcessBuilder(line(command)).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> line(String... command) {
    return new ArrayList<>(Stream.concat(entry.stream(), Stream.of(command)).toList());
  }
}
