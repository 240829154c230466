package net.culvert.node.firewall;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A program of the packet filter. It runs in the network namespace of the calling thread, for a
 * bounded time, and only so much of what it writes is taken.
 */
final class Program {

  private static final Duration TIME_LIMIT = Duration.ofSeconds(10);

  /** The rules of a machine with tens of thousands of them. */
  private static final int MAX_OUTPUT_BYTES = 32 << 20;

  private static final int MAX_ERROR_CHARACTERS = 300;

  /** Where they are even if the node's PATH is a user's. */
  private static final List<String> FOLDERS = List.of("/usr/sbin", "/sbin", "/usr/bin", "/bin");

  private final Path file;

  private Program(Path file) {
    this.file = file;
  }

  /** The program of that name, if it is installed. */
  static Optional<Program> find(String name) {
    return FOLDERS.stream()
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst()
        .map(Program::new);
  }

  /**
   * Runs it.
   *
   * @param input for its standard input
   * @return what it wrote to its standard output
   * @throws FirewallException where it fails, takes too long or writes too much
   */
  String run(String input, String... arguments) throws FirewallException, InterruptedException {
    List<String> line = new ArrayList<>(List.of(file.toString()));
    line.addAll(List.of(arguments));
    String words = file.getFileName() + " " + String.join(" ", arguments);
    Process process;
    try {
      ProcessBuilder builder = new ProcessBuilder(line);
      builder.environment().put("LC_ALL", "C");
      process = builder.start();
    } catch (IOException e) {
      throw new FirewallException(words + " cannot be started: " + e.getMessage());
    }
    try {
      return outcome(process, input, words);
    } finally {
      process.destroyForcibly();
    }
  }

  private static String outcome(Process process, String input, String words)
      throws FirewallException, InterruptedException {
    CompletableFuture<byte[]> output = reading(process.getInputStream());
    CompletableFuture<byte[]> errors = reading(process.getErrorStream());
    try (OutputStream in = process.getOutputStream()) {
      in.write(input.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // It ended without reading; its exit code and words say why.
    }
    boolean ended = process.waitFor(TIME_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    // What is read to its bound blocks the writer, which then does not end.
    byte[] bytes = output.getNow(new byte[0]);
    if (ended) {
      bytes = output.completeOnTimeout(bytes, TIME_LIMIT.toMillis(), TimeUnit.MILLISECONDS).join();
    }
    if (bytes.length > MAX_OUTPUT_BYTES) {
      throw new FirewallException(words + " wrote more than " + MAX_OUTPUT_BYTES + " bytes");
    }
    if (!ended) {
      throw new FirewallException(words + " took longer than " + TIME_LIMIT.toSeconds() + " s");
    }
    if (process.exitValue() != 0) {
      String told =
          new String(
                  errors.completeOnTimeout(new byte[0], 1, TimeUnit.SECONDS).join(),
                  StandardCharsets.UTF_8)
              .strip();
      throw new FirewallException(
          words
              + " failed: "
              + (told.length() > MAX_ERROR_CHARACTERS
                  ? told.substring(0, MAX_ERROR_CHARACTERS)
                  : told));
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Reads one byte more than is allowed, to tell too much; the rest blocks the writer. */
  private static CompletableFuture<byte[]> reading(InputStream stream) {
    CompletableFuture<byte[]> read = new CompletableFuture<>();
    var _ =
        Thread.ofPlatform()
            .name("firewall-read")
            .daemon()
            .start(() -> {
              try {
                read.complete(stream.readNBytes(MAX_OUTPUT_BYTES + 1));
              } catch (IOException e) {
                read.complete(new byte[0]); // The program was ended.
              }
            });
    return read;
  }
}
