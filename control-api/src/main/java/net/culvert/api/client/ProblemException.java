package net.culvert.api.client;

import net.culvert.api.problem.Problem;
import org.jspecify.annotations.Nullable;

/** The node refused a request. */
public final class ProblemException extends RuntimeException {

  private final int status;
  private final transient @Nullable Problem problem;

  ProblemException(int status, @Nullable Problem problem) {
    super(
        problem == null
            ? "HTTP status " + status
            : status + " " + problem.title() + ": " + problem.detail());
    this.status = status;
    this.problem = problem;
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /** What the node said; null where the answer was no problem detail. */
  public @Nullable Problem problem() {
    return problem;
  }
}
