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

  /** What writes of a file system say that the kernel has made read-only; others go on. */
  private static final String READ_ONLY =
      """
      #define _GNU_SOURCE
      #include <errno.h>
      #include <fcntl.h>
      #include <stdarg.h>
      #include <stdlib.h>
      #include <string.h>
      #include <sys/syscall.h>
      #include <unistd.h>
      static int fails(void) {
        const char *file = getenv("DISK_FAILS");
        return file && access(file, F_OK) == 0;
      }
      ssize_t pwrite64(int fd, const void *bytes, size_t count, off_t offset) {
        if (fails()) { errno = EROFS; return -1; }
        return syscall(SYS_pwrite64, fd, bytes, count, offset);
      }
      ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset) {
        return pwrite64(fd, bytes, count, offset);
      }
      static int opened(const char *path, int flags, int mode) {
        if (strstr(path, "culvert.db") && (flags & O_ACCMODE) != O_RDONLY && fails()) {
          errno = EROFS;
          return -1;
        }
        return syscall(SYS_openat, AT_FDCWD, path, flags, mode);
      }
      int open64(const char *path, int flags, ...) {
        va_list more; va_start(more, flags); int mode = va_arg(more, int); va_end(more);
        return opened(path, flags, mode);
      }
      int open(const char *path, int flags, ...) {
        va_list more; va_start(more, flags); int mode = va_arg(more, int); va_end(more);
        return opened(path, flags, mode);
      }
      """;

  private static LabNode.Options preloaded(Lab lab, String source, Path switchedOn) {
    Path file = lab.file("fault.c", source);
    Path library = file.resolveSibling("fault.so");
    Shell.run("cc", "-shared", "-fPIC", "-o", library.toString(), file.toString());
    return new LabNode.Options(
        false,
        Map.of("LD_PRELOAD", library.toString(), "DISK_FAILS", switchedOn.toString()),
        List.of());
  }

  @Test
  void aReadOnlyDiskRefusesWritesAndTrafficGoesOn() throws IOException {
    try (Lab lab = new Lab()) {
      Path switchedOn = lab.file("unused", "").resolveSibling("disk-fails");
      LabNode a = lab.start(lab.a(), preloaded(lab, READ_ONLY, switchedOn));
      LabNode b = lab.start(lab.b()).awaitReady();
      Picture picture = new Picture(a.awaitReady(), lab.namespaceName(), b, lab.namespaceName());
      picture.make();
      SortedSet<String> before = a.kernel().inventory();

      Files.createFile(switchedOn);
      for (int attempt = 0; attempt < 2; attempt++) {
        HttpResponse<String> refused = a.http("PUT", "/api/v1/links/second", BRIDGE);
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
        assertThat(refused.body())
            .contains("urn:culvert:problem:unavailable", "nothing was changed");
      }
      assertThat(a.http("DELETE", "/api/v1/tunnels/tun0", "").statusCode()).isEqualTo(503);
      assertThat(a.http("GET", "/api/v1/tunnels/tun0", "").statusCode()).isEqualTo(200);
      assertThat(a.http("GET", "/api/v1/links/second", "").statusCode()).isEqualTo(404);
      assertThat(a.kernel().inventory()).isEqualTo(before);
      picture.pingFromNet1().requireAll();
      // What somebody else breaks is mended from memory.
      a.host().run("ip", "route", "del", "10.1.2.0/24");
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(a.kernel().inventory()).isEqualTo(before));
      picture.pingFromNet1().requireAll();

      Files.delete(switchedOn);
      assertThat(put(a, "/api/v1/links/second")).isEqualTo(201);
      a.kill();
      LabNode again = lab.start(lab.a()).awaitReady();
      assertThat(again.http("GET", "/api/v1/links", "").body()).contains("\"second\"");
      assertThat(again.http("GET", "/api/v1/tunnels/tun0", "").statusCode()).isEqualTo(200);
    }
  }

  /** As after an upgrade to a node that is stricter. */
  @Test
  @RequiresCommand("python3")
  void aStoredBodyThatIsRefusedStaysAsFailed() throws IOException {
    try (Lab lab = new Lab()) {
      LabNode node = lab.start(lab.a()).awaitReady();
      assertThat(put(node, "/api/v1/links/kept")).isEqualTo(201);
      assertThat(put(node, "/api/v1/links/stricter")).isEqualTo(201);
      SortedSet<String> whole = node.kernel().inventory();
      assertThat(node.terminate()).isIn(0, 143);
      sql(node, "update wish set body = replace(body, 'bridge', 'spoon') where name = 'stricter'");

      LabNode again = lab.start(lab.a()).awaitReady();
      HttpResponse<String> failed = again.http("GET", "/api/v1/links/stricter", "");
      assertThat(failed.body()).contains("\"FAILED\"", "spoon");
      assertThat(again.http("GET", "/actuator/health", "").body()).contains("links/stricter");
      assertThat(again.http("GET", "/api/v1/links/kept", "").body()).contains("\"APPLIED\"");
      // It may be what that body means.
      assertThat(again.kernel().inventory()).isEqualTo(whole);

      assertThat(put(again, "/api/v1/links/stricter")).isIn(200, 201);
      assertThat(again.http("GET", "/api/v1/links/stricter", "").body()).contains("\"APPLIED\"");
      assertThat(again.kernel().inventory()).isEqualTo(whole);
    }
  }

  private static void sql(LabNode node, String statement) {
    Shell.run(
        "python3",
        "-c",
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); assert c.execute(sys.argv[2]).rowcount == 1; c.commit()",
        node.stateDirectory().resolve("culvert.db").toString(),
        statement);
  }

  @Test
  void aDiskThatFailsToWrite() throws IOException {
    try (Lab lab = new Lab()) {
      Path switchedOn = lab.file("unused", "").resolveSibling("disk-fails");
      LabNode node = lab.start(lab.a(), preloaded(lab, FAILING_SYNC, switchedOn)).awaitReady();
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
