package net.culvert.node.web.problem;

import java.time.Duration;
import net.culvert.api.problem.ProblemType;

/** 408: the body did not come in the time that it was given. */
public final class TooSlowException extends RequestRefusedException {

  public TooSlowException(Duration limit) {
    super(
        ProblemType.TOO_SLOW,
        "The body did not come within the " + limit.toSeconds() + " s that it has.");
  }
}
