package net.culvert.node.persistence;

import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import net.culvert.api.token.Role;
import net.culvert.api.value.ResourceName;
import net.culvert.node.configuration.StartRefusedException;
import net.culvert.node.security.StoredToken;
import net.culvert.node.security.TokenStore;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.TransactionException;

/**
 * Tokens in the file that holds the wishes. They change rarely, so each change opens a connection
 * of its own and closes it: after a failure there is nothing that could be in doubt.
 */
final class SqliteTokenStore implements TokenStore {

  private final Path file;
  private final CompletableFuture<Database> prepared;

  /** Reads nothing before the file is brought to its present form, which {@code prepared} tells. */
  SqliteTokenStore(Path file, CompletableFuture<Database> prepared) {
    this.file = file;
    this.prepared = prepared;
  }

  @Override
  public List<StoredToken> load() {
    try {
      prepared.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException refusal ? refusal : e;
    }
    return call(jdbc ->
        jdbc.sql("SELECT name, role, digest, created_at, expires_at, last_used_at FROM token")
            .query((row, number) ->
                new StoredToken(
                    new ResourceName(row.getString("name")),
                    Role.valueOf(row.getString("role").toUpperCase(Locale.ROOT)),
                    row.getString("digest"),
                    Instant.ofEpochMilli(row.getLong("created_at")),
                    instant(row, "expires_at"),
                    instant(row, "last_used_at")))
            .list());
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    long millis = row.getLong(column);
    return row.wasNull() ? null : Instant.ofEpochMilli(millis);
  }

  private static @Nullable Long millis(@Nullable Instant instant) {
    return instant == null ? null : instant.toEpochMilli();
  }

  @Override
  public void put(StoredToken token) {
    var _ =
        call(jdbc ->
            jdbc.sql(
                    "INSERT OR REPLACE INTO token"
                        + " (name, role, digest, created_at, expires_at, last_used_at)"
                        + " VALUES (?,?,?,?,?,?)")
                .param(token.name().value())
                .param(token.role().name().toLowerCase(Locale.ROOT))
                .param(token.digest())
                .param(token.createdAt().toEpochMilli())
                .param(millis(token.expiresAt()))
                .param(millis(token.lastUsedAt()))
                .update());
  }

  @Override
  public void delete(ResourceName name) {
    var _ = call(jdbc -> jdbc.sql("DELETE FROM token WHERE name=?").param(name.value()).update());
  }

  private <T> T call(Function<JdbcClient, T> statement) {
    try (Database database = Database.open(file)) {
      return statement.apply(database.jdbc());
    } catch (DataAccessException | TransactionException | SQLException | StartRefusedException e) {
      throw StoreFailures.of(file, e);
    }
  }
}
