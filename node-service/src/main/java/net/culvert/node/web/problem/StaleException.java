package net.culvert.node.web.problem;

import net.culvert.api.problem.ProblemType;

/** 412: a condition that the request carried does not hold. */
public final class StaleException extends RequestRefusedException {

  /** Which condition, and what the revision is now. */
  public StaleException(String detail) {
    super(ProblemType.STALE, detail);
  }
}
