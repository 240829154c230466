package net.culvert.node.web.problem;

import net.culvert.api.problem.ProblemType;

/** 429: a limit on how many there may be at a time. */
public final class TooManyException extends RequestRefusedException {

  /** Of what, with the limit. */
  public TooManyException(String detail) {
    super(ProblemType.TOO_MANY, detail);
  }
}
