package net.culvert.node.persistence;

import java.nio.file.Path;
import java.sql.SQLException;
import net.culvert.node.reconcile.StoreException;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.TransactionSystemException;
import org.sqlite.SQLiteErrorCode;

/** Says why a write was not kept. */
final class StoreFailures {

  private StoreFailures() {}

  static StoreException of(Path file, Exception failure) {
    SQLException sql = cause(failure);
    int code = sql == null ? 0 : sql.getErrorCode();
    StoreException.Reason reason =
        code == SQLiteErrorCode.SQLITE_FULL.code
            ? StoreException.Reason.FULL
            : StoreException.Reason.UNAVAILABLE;
    String words =
        sql == null
            ? String.valueOf(failure.getMessage())
            : reason == StoreException.Reason.FULL
                ? "no space is left on its disk"
                : String.valueOf(sql.getMessage());
    return new StoreException(reason, file + " cannot be written: " + words, failure);
  }

  private static @Nullable SQLException cause(Throwable failure) {
    // SQLite has taken the transaction back by itself where the disk is full, and then Spring
    // cannot.
    Throwable first =
        failure instanceof TransactionSystemException undo && undo.getApplicationException() != null
            ? undo.getApplicationException()
            : failure;
    for (Throwable at = first; at != null; at = at.getCause()) {
      if (at instanceof SQLException found) {
        return found;
      }
    }
    return null;
  }
}
