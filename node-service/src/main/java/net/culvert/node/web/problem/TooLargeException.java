package net.culvert.node.web.problem;

import net.culvert.api.problem.ProblemType;

/** 413: a body beyond the limit. */
public final class TooLargeException extends RequestRefusedException {

  public TooLargeException(long limitBytes) {
    super(ProblemType.TOO_LARGE, "The body is larger than the limit of " + limitBytes + " bytes.");
  }

  /** Another limit, with the number in the sentence. */
  public TooLargeException(String detail) {
    super(ProblemType.TOO_LARGE, detail);
  }
}
