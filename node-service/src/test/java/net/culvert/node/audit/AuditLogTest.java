package net.culvert.node.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import net.culvert.api.audit.AuditEntry;
import net.culvert.api.token.Role;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class AuditLogTest {

  private static final int FILES = 3;
  private static final long BYTES = 2000;

  @TempDir Path folder;

  private AuditLog log() {
    return new AuditLog(folder, BYTES, FILES, JsonMapper.shared());
  }

  private static AuditEntry entry(long second) {
    return new AuditEntry(
        Instant.ofEpochSecond(second),
        "ops",
        "token",
        Role.OPERATE,
        "192.0.2.1",
        "PUT",
        "/api/v1/namespaces/n" + second,
        201,
        null,
        second,
        null);
  }

  private static List<AuditEntry> entries(long from, long to) {
    return LongStream.rangeClosed(from, to).mapToObj(AuditLogTest::entry).toList();
  }

  @Test
  void isReadAsItWasWrittenAlsoAfterAnotherStart() throws IOException {
    try (AuditLog log = log()) {
      assertThat(log.read(10, null)).isEmpty();
      entries(1, 3).forEach(log::write);
      assertThat(log.read(10, null)).isEqualTo(entries(1, 3));
      assertThat(log.read(2, null)).isEqualTo(entries(2, 3));
      assertThat(log.read(10, Instant.ofEpochSecond(2))).isEqualTo(entries(2, 3));
    }
    try (AuditLog log = log()) {
      log.write(entry(4));
      assertThat(log.read(10, null)).isEqualTo(entries(1, 4));
    }
  }

  @Test
  void hasABoundNumberOfFilesOfABoundSizeForTheOwnerAlone() throws IOException {
    try (AuditLog log = log()) {
      entries(1, 200).forEach(log::write);
      try (var files = Files.list(folder)) {
        List<Path> all = files.toList();
        assertThat(all).hasSize(FILES);
        for (Path file : all) {
          assertThat(Files.size(file)).isLessThanOrEqualTo(BYTES);
          assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
              .isEqualTo("rw-------");
        }
      }
      List<AuditEntry> kept = log.read(1000, null);
      assertThat(kept).hasSizeGreaterThan(15);
      assertThat(kept).isEqualTo(entries(201 - kept.size(), 200));
    }
  }

  @Test
  void halfALineOfAKilledNodeIsCutOff() throws IOException {
    try (AuditLog log = log()) {
      log.write(entry(1));
    }
    Files.writeString(folder.resolve("audit.jsonl"), "{\"time\":", StandardOpenOption.APPEND);
    try (AuditLog log = log()) {
      log.write(entry(2));
      assertThat(log.read(10, null)).isEqualTo(entries(1, 2));
    }
    assertThat(Files.readAllLines(folder.resolve("audit.jsonl"))).hasSize(2);
  }

  @Test
  void whatCannotBeWrittenIsCountedAndItGoesOn() throws IOException {
    try (AuditLog log = log()) {
      Path file = folder.resolve("audit.jsonl");
      Files.createDirectory(file);
      log.write(entry(1));
      log.write(entry(2));
      assertThat(log.trouble()).contains("audit.jsonl cannot be written").endsWith("lost: 2");
      Files.delete(file);
      log.write(entry(3));
      assertThat(log.trouble()).isNull();
      assertThat(log.read(10, null)).isEqualTo(entries(3, 3));
    }
  }

  /** A device that is always full takes the place of a disk. */
  @Test
  void aFullDiskIsNoFailureOfTheCall() throws IOException {
    Path full = folder.resolve("full");
    Files.createDirectory(full);
    Files.createSymbolicLink(full.resolve("audit.jsonl"), Path.of("/dev/full"));
    try (AuditLog log = new AuditLog(full, BYTES, FILES, JsonMapper.shared())) {
      log.write(entry(1));
      assertThat(log.trouble()).isNotNull();
    }
  }
}
