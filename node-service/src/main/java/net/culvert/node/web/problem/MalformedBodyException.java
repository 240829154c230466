package net.culvert.node.web.problem;

import net.culvert.api.problem.ProblemType;

/** 400: a body that cannot be read at all. */
public final class MalformedBodyException extends RequestRefusedException {

  /** What is wrong, with the line and column where there are any. */
  public MalformedBodyException(String detail) {
    super(ProblemType.MALFORMED, detail);
  }
}
