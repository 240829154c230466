package net.culvert.node.lab;

import static net.culvert.node.lab.Bodies.attached;
import static net.culvert.node.lab.Bodies.name;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import net.culvert.node.testing.RequiresCommand;
import net.culvert.node.testing.RequiresRoot;
import net.culvert.node.testing.Shell;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The disk under a node's store is full, is read-only, or has given back something else. */
@RequiresRoot
@Tag("lab")
@RequiresCommand("cc")
class StoreIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String BRIDGE = "{\"kind\":\"bridge\"}";

  /** While a file is there, nothing reaches the disk for sure. */
  private static final String FAILING_SYNC =
      """
      #define _GNU_SOURCE
      #include <errno.h>
      #include <stdlib.h>
      #include <sys/syscall.h>
      #include <unistd.h>
      static int fails(void) {
        const char *file = getenv("DISK_FAILS");
        return file && access(file, F_OK) == 0;
      }
      int fsync(int fd) {
        if (fails()) { errno = EIO; return -1; }
        return syscall(SYS_fsync, fd);
      }
      int fdatasync(int fd) {
        if (fails()) { errno = EIO; return -1; }
        return syscall(SYS_fdatasync, fd);
      }
      """;

  private static int put(LabNode node, String path) {
    return node.http("PUT", path, BRIDGE).statusCode();
  }

  @Test
  void aFullDiskRefusesWritesAndNothingElse() throws IOException {
    try (Lab lab = new Lab()) {
      Path disk = Files.createDirectories(lab.stateDirectory(lab.a()));
      Shell.run("mount", "-t", "tmpfs", "-o", "size=1m,mode=700", "culvert-test", disk.toString());
      lab.closing(() -> Shell.run("umount", "--lazy", disk.toString()));
      LabNode node = lab.start(lab.a()).awaitReady();
      assertThat(put(node, "/api/v1/links/first")).isEqualTo(201);
      SortedSet<String> before = node.kernel().inventory();

      Path filler = disk.resolve("filler");
      Shell.attempt("dd", "if=/dev/zero", "of=" + filler, "bs=4k");
      HttpResponse<String> refused = node.http("PUT", "/api/v1/links/second", BRIDGE);
      assertThat(refused.statusCode()).as(refused.body()).isEqualTo(507);
      assertThat(refused.body())
          .contains("urn:culvert:problem:insufficient-storage", "nothing was changed");
      assertThat(node.http("DELETE", "/api/v1/links/first", "").statusCode()).isEqualTo(507);
      assertThat(node.kernel().inventory()).isEqualTo(before);
      assertThat(node.http("GET", "/api/v1/links/first", "").statusCode()).isEqualTo(200);
      assertThat(node.http("GET", "/api/v1/links/second", "").statusCode()).isEqualTo(404);
      assertThat(node.http("GET", "/actuator/health", "").body()).contains("no space is left");
      assertThat(node.http("GET", "/actuator/health/readiness", "").statusCode()).isEqualTo(200);

      Files.delete(filler);
      assertThat(put(node, "/api/v1/links/second")).isEqualTo(201);
      assertThat(node.http("GET", "/actuator/health", "").body())
          .doesNotContain("no space is left");
      assertThat(node.http("DELETE", "/api/v1/links/first", "").statusCode()).isEqualTo(204);
    }
  }

  @Test
  void aDiskThatFailsToWrite() throws IOException {
    try (Lab lab = new Lab()) {
      Path source = lab.file("sync.c", FAILING_SYNC);
      Path library = source.resolveSibling("sync.so");
      Path switchedOn = source.resolveSibling("disk-fails");
      Shell.run("cc", "-shared", "-fPIC", "-o", library.toString(), source.toString());
      LabNode node =
          lab.start(
                  lab.a(),
                  new LabNode.Options(
                      false,
                      Map.of("LD_PRELOAD", library.toString(), "DISK_FAILS", switchedOn.toString()),
                      List.of()))
              .awaitReady();
      assertThat(put(node, "/api/v1/links/first")).isEqualTo(201);
      SortedSet<String> before = node.kernel().inventory();

      Files.createFile(switchedOn);
      HttpResponse<String> refused = node.http("PUT", "/api/v1/links/second", BRIDGE);
      assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
      assertThat(refused.body()).contains("cannot be written", "nothing was changed");
      assertThat(node.kernel().inventory()).isEqualTo(before);
      assertThat(node.http("GET", "/actuator/health", "").body()).contains("cannot be written");
      Files.delete(switchedOn);

      assertThat(put(node, "/api/v1/links/third")).isEqualTo(201);
      node.kill();
      LabNode again = lab.start(lab.a()).awaitReady();
      assertThat(again.http("GET", "/api/v1/links", "").body())
          .contains("\"first\"", "\"third\"")
          .doesNotContain("\"second\"");
    }
  }

  @Test
  void aDamagedStoreIsSaidAndNothingStarts() throws IOException {
    try (Lab lab = new Lab()) {
      LabNode node = lab.start(lab.a()).awaitReady();
      String net1 = lab.namespaceName();
      node.client().namespaces().put(name(net1), null, attached("10.1.1.2/24", "10.1.1.1"));
      SortedSet<String> whole = node.kernel().inventory();
      assertThat(node.terminate()).isIn(0, 143);

      Path database = node.stateDirectory().resolve("culvert.db");
      Path aside = database.resolveSibling("aside.db");
      Files.move(database, aside);
      byte[] rubbish = "no database at all".repeat(500).getBytes(StandardCharsets.UTF_8);
      Files.write(database, rubbish);
      LabNode refused = lab.start(lab.a());
      await().atMost(PATIENCE).until(() -> !refused.isAlive());
      assertThat(refused.log())
          .contains(database + " is damaged, or no SQLite file")
          .contains("Put back a copy of it, or move it away to begin with none.");
      assertThat(lab.a().kernel().inventory()).isEqualTo(whole);
      assertThat(Files.readAllBytes(database)).isEqualTo(rubbish);

      Files.move(aside, database, StandardCopyOption.REPLACE_EXISTING);
      LabNode again = lab.start(lab.a()).awaitReady();
      assertThat(
              Objects.requireNonNull(again.client().namespaces().get(name(net1)).getBody()).name())
          .isEqualTo(name(net1));
      again.kill();
    }
  }
}
