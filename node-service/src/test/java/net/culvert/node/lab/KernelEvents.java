package net.culvert.node.lab;

import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What {@code ip monitor} hears in a network namespace. Marks of its own, an address that comes and
 * goes on {@code lo}, tell that it listens and where a stretch begins and ends; so nothing is
 * waited for that does not come.
 */
final class KernelEvents implements AutoCloseable {

  private static final String MARK = "127.99.0.";

  private final Inside inside;
  private final Process monitor;
  private final Thread reader;
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private int marks;
  private int begin;

  KernelEvents(Inside inside) {
    this.inside = inside;
    this.monitor = inside.start("stdbuf", "-oL", "ip", "-o", "monitor", "link", "address", "route");
    this.reader = Thread.ofPlatform().name("ip-monitor").daemon().start(this::read);
    await()
        .atMost(Duration.ofSeconds(10))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> {
          mark(1);
          return lines.stream().anyMatch(line -> line.contains(MARK + 1 + "/"));
        });
    marks = 1;
    begin();
  }

  /** Forgets what was heard so far. */
  void begin() {
    begin = lines.indexOf(awaitMark());
  }

  /** What was heard since the beginning, the marks left out. */
  List<String> heard() {
    int end = lines.indexOf(awaitMark());
    return lines.subList(begin, end).stream().filter(line -> !line.contains(MARK)).toList();
  }

  private String awaitMark() {
    int number = ++marks;
    mark(number);
    String address = MARK + number + "/";
    return await()
        .atMost(Duration.ofSeconds(10))
        .pollInterval(Duration.ofMillis(10))
        .until(
            () -> lines.stream().filter(line -> line.contains(address)).findFirst(),
            java.util.Optional::isPresent)
        .orElseThrow();
  }

  private void mark(int number) {
    String address = MARK + number + "/32";
    inside.run("ip", "addr", "add", address, "dev", "lo");
    inside.run("ip", "addr", "del", address, "dev", "lo");
  }

  private void read() {
    try (BufferedReader output = monitor.inputReader(StandardCharsets.UTF_8)) {
      output.lines().forEach(lines::add);
    } catch (IOException | java.io.UncheckedIOException e) {
      // The monitor was ended.
    }
  }

  @Override
  public void close() throws InterruptedException {
    monitor.descendants().forEach(ProcessHandle::destroy);
    monitor.destroy();
    monitor.waitFor();
    reader.join();
  }
}
