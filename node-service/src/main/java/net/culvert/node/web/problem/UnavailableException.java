package net.culvert.node.web.problem;

import net.culvert.api.problem.ProblemType;

/** 503: the kernel lacks a feature, or the node a privilege. */
public final class UnavailableException extends RequestRefusedException {

  /** What is missing and what needs it, as a sentence. */
  public UnavailableException(String detail) {
    super(ProblemType.UNAVAILABLE, detail);
  }
}
