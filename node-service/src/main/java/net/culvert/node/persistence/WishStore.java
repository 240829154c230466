package net.culvert.node.persistence;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import net.culvert.node.configuration.StartRefusedException;
import net.culvert.node.reconcile.DesiredStore;
import net.culvert.node.reconcile.ResourceId;
import net.culvert.node.reconcile.StoreException;
import net.culvert.node.reconcile.Wish;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.TransactionException;

/**
 * Wishes in a SQLite file. A write is one transaction, on the disk (fsync) when it returns. After a
 * failure the file is closed and opened again by the next write: of a page that a disk refused to
 * take, nobody can say what became of it. So the next write also puts back what a failed one was
 * about, which may have reached the file after all.
 *
 * <p>Writes come one at a time, as {@link DesiredStore} says; {@link #trouble} may be asked by any
 * thread.
 */
final class WishStore implements DesiredStore, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(WishStore.class);

  private final Path file;
  private final WishBodies bodies;
  private final Set<ResourceId> withFormer = new HashSet<>();
  private final Set<ResourceId> settled = new HashSet<>();
  private final Map<ResourceId, Optional<Row>> doubtful = new HashMap<>();
  private @Nullable CompletableFuture<Database> opening;
  private @Nullable Database database;
  private volatile @Nullable String trouble;

  /** What is in the file of a wish. */
  private record Row(long revision, String body) {}

  /** Takes over a database that is being opened; {@link #close} closes it. */
  WishStore(Path file, CompletableFuture<Database> opening, WishBodies bodies) {
    this.file = file;
    this.opening = opening;
    this.bodies = bodies;
  }

  @Override
  public synchronized Kept load() {
    JdbcClient jdbc = open().jdbc();
    List<Wish<?>> wishes = new ArrayList<>();
    jdbc.sql("SELECT type, name, revision, body FROM wish")
        .query(row -> {
          wishes.add(
              wish(
                  row.getString("type"),
                  row.getString("name"),
                  row.getLong("revision"),
                  row.getString("body")));
        });
    List<Wish<?>> former = new ArrayList<>();
    jdbc.sql("SELECT type, name, revision, body FROM former ORDER BY seq")
        .query(row -> {
          Wish<?> wish =
              wish(
                  row.getString("type"),
                  row.getString("name"),
                  row.getLong("revision"),
                  row.getString("body"));
          former.add(wish);
          withFormer.add(wish.id());
        });
    long revision = jdbc.sql("SELECT revision FROM node").query(Long.class).single();
    return new Kept(revision, wishes, former);
  }

  private Wish<?> wish(String type, String name, long revision, String body) {
    try {
      return new Wish<>(new ResourceId(type, name), revision, bodies.read(type, body));
    } catch (IllegalArgumentException e) {
      throw new StartRefusedException(
          file + " holds " + type + "/" + name + ", which this node cannot read: " + e.getMessage(),
          "Start the version of the node that wrote it, or put back a copy of the file.");
    }
  }

  @Override
  public synchronized void write(
      long revision, Collection<Wish<?>> kept, Collection<ResourceId> forgotten) {
    Set<ResourceId> touched = new HashSet<>(forgotten);
    kept.forEach(wish -> touched.add(wish.id()));
    Map<ResourceId, Optional<Row>> before = new HashMap<>();
    try {
      Database now = open();
      now.transactions()
          .executeWithoutResult(status -> {
            JdbcClient jdbc = now.jdbc();
            doubtful.forEach((id, row) -> putBack(jdbc, id, row));
            touched.forEach(id -> before.put(id, row(jdbc, id)));
            settled.forEach(id -> update(jdbc, "DELETE FROM former WHERE type=? AND name=?", id));
            touched.forEach(id ->
                update(
                    jdbc,
                    "INSERT INTO former (type, name, revision, body)"
                        + " SELECT type, name, revision, body FROM wish WHERE type=? AND name=?",
                    id));
            forgotten.forEach(id -> update(jdbc, "DELETE FROM wish WHERE type=? AND name=?", id));
            for (Wish<?> wish : kept) {
              jdbc.sql("INSERT OR REPLACE INTO wish (type, name, revision, body) VALUES (?,?,?,?)")
                  .params(
                      wish.id().type(),
                      wish.id().name(),
                      wish.revision(),
                      bodies.write(wish.body()))
                  .update();
            }
            jdbc.sql("UPDATE node SET revision = max(revision, ?)").param(revision).update();
          });
    } catch (DataAccessException | TransactionException e) {
      before.forEach(doubtful::putIfAbsent);
      throw failed(e);
    }
    doubtful.clear();
    withFormer.removeAll(settled);
    settled.clear();
    withFormer.addAll(touched);
    if (trouble != null) {
      LOG.info("{} can be written again", file);
      trouble = null;
    }
  }

  private static Optional<Row> row(JdbcClient jdbc, ResourceId id) {
    return jdbc.sql("SELECT revision, body FROM wish WHERE type=? AND name=?")
        .params(id.type(), id.name())
        .query((row, number) -> new Row(row.getLong("revision"), row.getString("body")))
        .optional();
  }

  private static void putBack(JdbcClient jdbc, ResourceId id, Optional<Row> row) {
    update(jdbc, "DELETE FROM wish WHERE type=? AND name=?", id);
    row.ifPresent(was ->
        jdbc.sql("INSERT INTO wish (type, name, revision, body) VALUES (?,?,?,?)")
            .params(id.type(), id.name(), was.revision(), was.body())
            .update());
  }

  private static void update(JdbcClient jdbc, String sql, ResourceId id) {
    jdbc.sql(sql).params(id.type(), id.name()).update();
  }

  @Override
  public synchronized void settled(ResourceId id) {
    if (withFormer.contains(id)) {
      settled.add(id);
    }
  }

  @Override
  public synchronized boolean isBootstrapped() {
    return open().jdbc().sql("SELECT count(*) FROM bootstrap").query(Integer.class).single() > 0;
  }

  @Override
  public synchronized void bootstrapped() {
    try {
      open()
          .jdbc()
          .sql("INSERT OR REPLACE INTO bootstrap (only, revision) SELECT only, revision FROM node")
          .update();
    } catch (DataAccessException e) {
      throw failed(e);
    }
  }

  /** The database that was being opened at the start; a refusal comes as it was. */
  private void awaitOpening() {
    CompletableFuture<Database> first = opening;
    opening = null;
    if (first != null) {
      try {
        database = first.join();
      } catch (CompletionException e) {
        throw e.getCause() instanceof RuntimeException refusal ? refusal : e;
      }
    }
  }

  private Database open() {
    awaitOpening();
    Database open = database;
    if (open == null) {
      try {
        open = Database.open(file);
      } catch (StartRefusedException e) {
        throw refused(StoreException.Reason.UNAVAILABLE, String.valueOf(e.getMessage()), e);
      } catch (DataAccessException | SQLException e) {
        throw failed(e);
      }
      database = open;
    }
    return open;
  }

  private StoreException failed(Exception failure) {
    close();
    StoreException refusal = StoreFailures.of(file, failure);
    return refused(refusal.reason(), String.valueOf(refusal.getMessage()), failure);
  }

  private StoreException refused(StoreException.Reason reason, String message, Exception cause) {
    if (trouble == null) {
      LOG.warn("{}; nothing is acknowledged until it can be", message);
    }
    trouble = message;
    return new StoreException(reason, message, cause);
  }

  /** Why the last write was not kept; null where it was. */
  @Nullable String trouble() {
    return trouble;
  }

  @Override
  public synchronized void close() {
    try {
      awaitOpening();
    } catch (RuntimeException e) {
      // It was not opened, so there is nothing to close; who wanted it has heard why.
      LOG.debug("{} was not opened", file, e);
    }
    Database open = database;
    database = null;
    if (open != null) {
      open.close();
    }
  }
}
