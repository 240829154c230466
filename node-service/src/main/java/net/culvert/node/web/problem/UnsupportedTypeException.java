package net.culvert.node.web.problem;

import net.culvert.api.problem.ProblemType;

/** 415: a body of another media type. */
public final class UnsupportedTypeException extends RequestRefusedException {

  /** Which type came and which is wanted, as a sentence. */
  public UnsupportedTypeException(String detail) {
    super(ProblemType.UNSUPPORTED_MEDIA_TYPE, detail);
  }
}
