package net.culvert.node.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import net.culvert.api.token.Role;
import net.culvert.api.value.ResourceName;
import net.culvert.node.configuration.StartRefusedException;
import net.culvert.node.reconcile.StoreException;
import net.culvert.node.security.StoredToken;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteTokenStoreTest {

  @TempDir Path folder;

  private static StoredToken token(String name, Role role, @Nullable Instant expiresAt) {
    return new StoredToken(
        new ResourceName(name),
        role,
        "digest of " + name,
        Instant.ofEpochMilli(1234),
        expiresAt,
        null);
  }

  @Test
  void keepsChangesAndForgetsBesideTheWishes() {
    Path file = folder.resolve("culvert.db");
    StoredToken a = token("a", Role.READ, Instant.ofEpochMilli(99_999));
    StoredToken b =
        new StoredToken(
            new ResourceName("b"),
            Role.ADMIN,
            "x",
            Instant.ofEpochMilli(1),
            null,
            Instant.ofEpochMilli(60_000));
    try (Database wishes = Database.prepare(file)) {
      SqliteTokenStore store =
          new SqliteTokenStore(file, CompletableFuture.completedFuture(wishes));
      assertThat(store.load()).isEmpty();
      store.put(a);
      store.put(b);
      assertThat(store.load()).containsExactly(a, b);
      store.put(token("a", Role.OPERATE, null));
      store.delete(new ResourceName("b"));
      assertThat(store.load()).isEqualTo(List.of(token("a", Role.OPERATE, null)));
    }
  }

  @Test
  void afterAFailureItGoesOn() throws Exception {
    Path file = folder.resolve("culvert.db");
    Database.prepare(file).close();
    SqliteTokenStore store =
        new SqliteTokenStore(file, CompletableFuture.failedFuture(new IllegalStateException()));
    Path away = Files.move(file, folder.resolve("away.db"));
    assertThatThrownBy(() -> store.put(token("a", Role.READ, null)))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("culvert.db");
    Files.move(away, file);
    store.put(token("a", Role.READ, null));
    store.delete(new ResourceName("a"));
  }

  @Test
  void aFileThatCannotBeUsedIsRefusedAsItIs() {
    SqliteTokenStore store =
        new SqliteTokenStore(
            folder.resolve("culvert.db"),
            CompletableFuture.failedFuture(new StartRefusedException("damaged", "repair it")));
    assertThatThrownBy(store::load).isInstanceOf(StartRefusedException.class);
  }
}
