package net.culvert.node.persistence;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import net.culvert.node.configuration.StartRefusedException;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.sqlite.SQLiteConfig;

/**
 * One open SQLite file with one connection. Its mode is 0600, and so are those of the files that
 * SQLite keeps beside it. Used by one thread at a time.
 *
 * <p>Write-ahead logging with {@code synchronous=FULL}: a transaction is on the disk when its
 * commit returns, and readers with another program see a whole state.
 */
final class Database implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Database.class);

  /** Of the migrations in {@code db/migration}. */
  static final int VERSION = 3;

  private static final int BUSY_MILLIS = 5_000;
  private static final String RESTORE =
      "Put back a copy of it, or move it away to begin with none.";

  private final Path file;
  private final SingleConnectionDataSource source;
  private final JdbcClient jdbc;
  private final TransactionTemplate transactions;

  private Database(Path file, Connection connection) {
    this.file = file;
    this.source = new SingleConnectionDataSource(connection, true);
    this.jdbc = JdbcClient.create(source);
    this.transactions = new TransactionTemplate(new JdbcTransactionManager(source));
  }

  /**
   * Opens a file that was opened once already, as it is.
   *
   * @throws SQLException if it cannot be opened
   */
  static Database open(Path file) throws SQLException {
    if (!Files.exists(file)) {
      throw refused(file + " is gone while the node runs.", "Put it back, or start the node anew.");
    }
    return new Database(file, connect(file, false));
  }

  /**
   * Opens the file, makes it where there is none, and brings it to the present form. One that is
   * damaged or of a later version is refused, and not touched.
   *
   * @throws StartRefusedException if it cannot be used
   */
  static Database prepare(Path file) {
    try {
      if (Files.exists(file) && Files.size(file) > 0) {
        check(file);
      } else {
        make(file);
      }
      Connection connection = connect(file, false);
      Database database = new Database(file, connection);
      try {
        database.migrate();
      } catch (RuntimeException e) {
        database.close();
        throw e;
      }
      return database;
    } catch (IOException | SQLException | FlywayException e) {
      throw refused(file + " cannot be used: " + words(e), RESTORE);
    }
  }

  private static String words(Exception e) {
    String first = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    return first.endsWith(".") ? first : first + ".";
  }

  private static void make(Path file) throws IOException {
    try (FileChannel made =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      made.force(true);
    } catch (FileAlreadyExistsException e) {
      // Empty: an earlier start ended here.
    }
  }

  /** Reads all of it, and writes nothing. */
  private static void check(Path file) {
    try (Connection connection = connect(file, true);
        Statement statement = connection.createStatement()) {
      try (ResultSet answer = statement.executeQuery("PRAGMA integrity_check(1)")) {
        String words = answer.next() ? answer.getString(1) : "no answer";
        if (!words.equals("ok")) {
          throw refused(file + " is damaged: " + words + ".", RESTORE);
        }
      }
      Integer version = version(statement);
      if (version != null && version > VERSION) {
        throw refused(
            file
                + " is of version "
                + version
                + ", and this node knows up to version "
                + VERSION
                + ".",
            "Start the version of the node that wrote it, or put back an older copy of the file.");
      }
    } catch (SQLException e) {
      throw refused(file + " is damaged, or no SQLite file: " + words(e), RESTORE);
    }
  }

  /** Null where nothing was made in the file yet. */
  private static @Nullable Integer version(Statement statement) throws SQLException {
    String history = "flyway_schema_history";
    try (ResultSet table =
        statement.executeQuery(
            "SELECT 1 FROM sqlite_master WHERE type='table' AND name='" + history + "'")) {
      if (!table.next()) {
        return null;
      }
    }
    try (ResultSet newest =
        statement.executeQuery("SELECT max(CAST(version AS INTEGER)) FROM " + history)) {
      return newest.next() ? newest.getInt(1) : null;
    }
  }

  private static Connection connect(Path file, boolean readOnly) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(readOnly);
    config.setBusyTimeout(BUSY_MILLIS);
    if (!readOnly) {
      config.setJournalMode(SQLiteConfig.JournalMode.WAL);
      config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
      config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
    }
    return config.createConnection("jdbc:sqlite:" + file);
  }

  /** Looks into Flyway's own table first: where all is done already, Flyway has nothing to say. */
  private void migrate() throws SQLException {
    try (Statement statement = source.getConnection().createStatement()) {
      Integer version = version(statement);
      if (version != null && version == VERSION) {
        return;
      }
    }
    int done =
        Flyway.configure(Database.class.getClassLoader())
            .dataSource(source)
            .locations("classpath:db/migration")
            .loggers("slf4j")
            .load()
            .migrate()
            .migrationsExecuted;
    LOG.info("{} is of version {} now, {} migrations were made", file, VERSION, done);
  }

  private static StartRefusedException refused(String reason, String remedy) {
    return new StartRefusedException(reason, remedy);
  }

  JdbcClient jdbc() {
    return jdbc;
  }

  TransactionTemplate transactions() {
    return transactions;
  }

  @Override
  public void close() {
    source.destroy();
  }
}
