package net.culvert.node.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import net.culvert.node.testing.Shell;

/**
 * What a node takes of its machine, after its garbage was collected.
 *
 * @param residentKilobytes of memory
 * @param heapBytes in use
 * @param links of its namespace
 * @param namespaces with a name that this test gave
 */
record Footprint(
    long residentKilobytes,
    long heapBytes,
    int descriptors,
    int threads,
    int links,
    int namespaces) {

  static Footprint of(LabNode node) {
    Path java = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    Shell.run(java.toString(), String.valueOf(node.pid()), "GC.run");
    Path process = Path.of("/proc", String.valueOf(node.pid()));
    long heap =
        node.http("GET", "/actuator/prometheus", "")
            .body()
            .lines()
            .filter(line -> line.startsWith("jvm_memory_used_bytes{area=\"heap\""))
            .mapToLong(line -> (long) Double.parseDouble(line.substring(line.indexOf('}') + 2)))
            .sum();
    return new Footprint(
        resident(process),
        heap,
        count(process.resolve("fd")),
        count(process.resolve("task")),
        (int) node.host().run("ip", "-o", "link").lines().count(),
        ownNamespaces());
  }

  private static int count(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return (int) files.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int ownNamespaces() {
    String prefix = "culvert-t-" + ProcessHandle.current().pid() + "-";
    try (Stream<Path> files = Files.list(Path.of("/run/netns"))) {
      return (int) files.filter(each -> each.getFileName().toString().startsWith(prefix)).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long resident(Path process) {
    try {
      return Files.readAllLines(process.resolve("status")).stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
