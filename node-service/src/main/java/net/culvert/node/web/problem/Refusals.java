package net.culvert.node.web.problem;

import net.culvert.api.problem.ProblemType;
import net.culvert.node.kernel.sys.SystemCallException;
import net.culvert.node.reconcile.OperationException;
import net.culvert.node.reconcile.StoreException;
import net.culvert.node.reconcile.WishRefusedException;

/** What the engines and the mechanisms refuse with, told as a refusal of the request. */
public final class Refusals {

  private Refusals() {}

  /** A wish that was not accepted. */
  static RequestRefusedException of(WishRefusedException e) {
    String field = e.field();
    return switch (e.reason()) {
      case INVALID -> new InvalidFieldException(field == null ? "(body)" : field, e.getMessage());
      case ABSENT -> new AbsentException(e.getMessage());
      case CONFLICT ->
          field == null
              ? new ConflictException(e.getMessage())
              : new ConflictException(field, e.getMessage());
      case STALE -> new StaleException(e.getMessage());
      case UNAVAILABLE -> new UnavailableException(e.getMessage());
    };
  }

  /** A wish that the kernel, or what is in it, refused. */
  public static RequestRefusedException of(OperationException e) {
    String errno = e.errno();
    ProblemType type =
        switch (e.reason()) {
          case NOT_OURS, CONFLICT -> ProblemType.CONFLICT;
          case UNAVAILABLE -> ProblemType.UNAVAILABLE;
          case REFUSED -> errno == null ? ProblemType.REFUSED : KernelRefusedException.type(errno);
        };
    return new KernelRefusedException(type, e.getMessage(), e.call(), errno, e.sentence());
  }

  /** A wish that could not be kept. */
  static RequestRefusedException of(StoreException e) {
    String detail = e.getMessage() + "; nothing was changed";
    return switch (e.reason()) {
      case FULL -> new InsufficientStorageException(detail);
      case UNAVAILABLE -> new UnavailableException(detail);
    };
  }

  /** A system call that failed outside of any wish. */
  static RequestRefusedException of(SystemCallException e) {
    return new KernelRefusedException(e.object(), e.call(), e.errnoName(), null);
  }
}
