package net.culvert.node.web.problem;

import java.util.List;
import net.culvert.api.problem.FieldError;
import net.culvert.api.problem.Problem;
import net.culvert.api.problem.ProblemType;
import org.jspecify.annotations.Nullable;

/** A request that is not done, for a reason that its sender is told. */
public abstract sealed class RequestRefusedException extends RuntimeException
    permits AbsentException,
        ConflictException,
        ForbiddenException,
        InsufficientStorageException,
        InvalidFieldException,
        KernelRefusedException,
        MalformedBodyException,
        StaleException,
        TooLargeException,
        TooManyException,
        TooSlowException,
        UnavailableException,
        UnsupportedTypeException {

  private final ProblemType type;

  RequestRefusedException(ProblemType type, String detail) {
    super(detail);
    this.type = type;
  }

  /** The answer, without the instance: that is the request's. */
  public Problem problem() {
    return Problems.of(type, type.status(), detail(), errors());
  }

  final ProblemType type() {
    return type;
  }

  final String detail() {
    return String.valueOf(getMessage());
  }

  /** Every offending field, where fields are to blame. */
  public @Nullable List<FieldError> errors() {
    return null;
  }
}
