package net.culvert.node.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import net.culvert.node.configuration.StartRefusedException;
import net.culvert.node.reconcile.DesiredStore.Kept;
import net.culvert.node.reconcile.Expansion;
import net.culvert.node.reconcile.ObjectKey;
import net.culvert.node.reconcile.ResourceId;
import net.culvert.node.reconcile.ResourceType;
import net.culvert.node.reconcile.StoreException;
import net.culvert.node.reconcile.Surroundings;
import net.culvert.node.reconcile.Wish;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WishStoreTest {

  /** A body as the real ones are. */
  record Body(String text, @Nullable Integer number, @Nullable List<String> list) {
    static Body of(String text) {
      return new Body(text, null, null);
    }
  }

  private record Type(String name) implements ResourceType<Body> {
    @Override
    public Class<Body> bodyType() {
      return Body.class;
    }

    @Override
    public Expansion expand(String name, Body body, Surroundings surroundings) {
      return Expansion.builder().build();
    }

    @Override
    public Map<String, Object> describe(Map<ObjectKey, Object> observed) {
      return Map.of();
    }
  }

  private static final ResourceId A = new ResourceId("things", "a");
  private static final ResourceId B = new ResourceId("things", "b");

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("culvert.db");
  }

  private WishStore store(Database database) {
    return new WishStore(
        file,
        CompletableFuture.completedFuture(database),
        new WishBodies(List.of(new Type("things"))));
  }

  private WishStore open() {
    return store(Database.prepare(file));
  }

  private static Wish<Body> wish(ResourceId id, long revision, String text) {
    return new Wish<>(id, revision, Body.of(text));
  }

  @Test
  void keepsWhatItWasGiven() {
    Wish<Body> whole = new Wish<>(B, 2, new Body("ü \"quoted\"", 7, List.of("x", "y")));
    try (WishStore store = open()) {
      assertThat(store.load()).isEqualTo(new Kept(0, List.of(), List.of()));
      store.write(1, List.of(wish(A, 1, "one")), List.of());
      store.write(2, List.of(whole), List.of());
    }
    try (WishStore store = open()) {
      Kept kept = store.load();
      assertThat(kept.revision()).isEqualTo(2);
      assertThat(kept.wishes()).containsExactlyInAnyOrder(wish(A, 1, "one"), whole);
      assertThat(kept.former()).isEmpty();
    }
  }

  @Test
  void theRevisionNeverGoesBack() {
    try (WishStore store = open()) {
      store.write(7, List.of(wish(A, 7, "one")), List.of());
      store.write(7, List.of(wish(A, 3, "before")), List.of(B));
      store.write(7, List.of(), List.of(A));
    }
    try (WishStore store = open()) {
      assertThat(store.load().revision()).isEqualTo(7);
      assertThat(store.load().wishes()).isEmpty();
    }
  }

  @Test
  void whatAWishWasIsHeldUntilItIsSettled() {
    try (WishStore store = open()) {
      store.write(1, List.of(wish(A, 1, "one"), wish(B, 1, "b")), List.of());
      store.write(2, List.of(wish(A, 2, "two")), List.of());
      store.write(3, List.of(), List.of(A, B));
      assertThat(store.load().former())
          .containsExactly(wish(A, 1, "one"), wish(A, 2, "two"), wish(B, 1, "b"));
    }
    try (WishStore store = open()) {
      assertThat(store.load().former()).hasSize(3);
      store.settled(A);
      store.write(4, List.of(wish(A, 4, "four")), List.of());
      assertThat(store.load().former()).containsExactly(wish(B, 1, "b"));
      store.write(5, List.of(wish(A, 5, "five")), List.of());
      assertThat(store.load().former()).containsExactly(wish(B, 1, "b"), wish(A, 4, "four"));
    }
  }

  @Test
  void nobodyElseReadsTheSecretsInIt() throws IOException {
    try (WishStore store = open()) {
      store.write(1, List.of(wish(A, 1, "one")), List.of());
      try (var files = Files.list(folder)) {
        List<Path> all = files.toList();
        assertThat(all).hasSizeGreaterThan(1);
        for (Path each : all) {
          assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)))
              .as(each.toString())
              .isEqualTo("rw-------");
        }
      }
    }
  }

  @Test
  void aFullDiskIsSaidAndLeavesWhatThereWas() throws Exception {
    try (WishStore store = open()) {
      store.write(1, List.of(wish(A, 1, "one")), List.of());
      store.close();
      // The next opening is by the first write, with a bound that is reached at once.
      try (Database bounded = Database.open(file)) {
        long pages = bounded.jdbc().sql("PRAGMA page_count").query(Long.class).single();
        bounded.jdbc().sql("PRAGMA max_page_count = " + pages).query(Long.class).single();
        WishStore full = store(bounded);
        assertThatThrownBy(() -> full.write(2, List.of(wish(A, 2, "x".repeat(100_000))), List.of()))
            .isInstanceOfSatisfying(
                StoreException.class,
                e -> assertThat(e.reason()).isEqualTo(StoreException.Reason.FULL))
            .hasMessage(file + " cannot be written: no space is left on its disk");
        assertThat(full.trouble()).isNotNull();
        // It opens the file anew, and by then there is room.
        full.write(2, List.of(wish(B, 2, "two")), List.of());
        assertThat(full.trouble()).isNull();
        assertThat(full.load().wishes())
            .containsExactlyInAnyOrder(wish(A, 1, "one"), wish(B, 2, "two"));
        full.close();
      }
    }
  }

  @Test
  void aFileThatIsGoneIsNotMadeAnew() throws IOException {
    try (WishStore store = open()) {
      store.write(1, List.of(wish(A, 1, "one")), List.of());
      store.close();
      Files.delete(file);
      assertThatThrownBy(() -> store.write(2, List.of(wish(A, 2, "two")), List.of()))
          .isInstanceOf(StoreException.class)
          .hasMessage(file + " is gone while the node runs.");
      assertThat(file).doesNotExist();
    }
  }

  @Test
  void aDamagedFileIsRefusedAndNotTouched() throws IOException {
    try (WishStore store = open()) {
      for (int i = 1; i <= 200; i++) {
        store.write(
            i, List.of(wish(new ResourceId("things", "n" + i), i, "x".repeat(500))), List.of());
      }
    }
    try (RandomAccessFile random = new RandomAccessFile(file.toFile(), "rw")) {
      for (long at = 8192; at < random.length(); at += 4096) {
        random.seek(at);
        random.write(new byte[64]);
      }
    }
    byte[] before = Files.readAllBytes(file);
    assertThatThrownBy(this::open)
        .isInstanceOfSatisfying(
            StartRefusedException.class, e -> assertThat(e.remedy()).contains("copy"))
        .hasMessageStartingWith(file + " is damaged");
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
  }

  @Test
  void aFileThatIsNoDatabaseIsRefusedAndNotTouched() throws IOException {
    Files.writeString(file, "this is a letter, and a long one".repeat(100));
    byte[] before = Files.readAllBytes(file);
    assertThatThrownBy(this::open)
        .isInstanceOf(StartRefusedException.class)
        .hasMessageStartingWith(file + " is damaged, or no SQLite file");
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
  }

  @Test
  void aLaterVersionIsRefusedAndNotTouched() throws Exception {
    open().close();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(
          "INSERT INTO flyway_schema_history (installed_rank, version, description, type, script,"
              + " installed_by, execution_time, success)"
              + " VALUES (9, '99', 'later', 'SQL', 'V99__later.sql', '', 1, 1)");
      statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
    }
    byte[] before = Files.readAllBytes(file);
    assertThatThrownBy(this::open)
        .isInstanceOf(StartRefusedException.class)
        .hasMessage(
            file
                + " is of version 99, and this node knows up to version "
                + Database.VERSION
                + ".");
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
  }

  @Test
  void aBodyThatNobodyKnowsIsRefusedWithoutItsText() throws Exception {
    open().close();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(
          "INSERT INTO wish (type, name, revision, body)"
              + " VALUES ('things', 'a', 1, '{\"secret\":\"abc\"}')");
    }
    try (WishStore store = open()) {
      assertThatThrownBy(store::load)
          .isInstanceOf(StartRefusedException.class)
          .hasMessageContaining(file + " holds things/a, which this node cannot read")
          .hasMessageNotContaining("abc");
    }
  }

  @Test
  void anEmptyFileOfAStartThatEndedThereIsUsed() throws IOException {
    Files.createFile(file);
    try (WishStore store = open()) {
      assertThat(store.load().wishes()).isEmpty();
    }
  }
}
