package net.culvert.node.web.problem;

import net.culvert.api.problem.ProblemType;

/** 507: the disk is full, so that nothing can be kept. */
public final class InsufficientStorageException extends RequestRefusedException {

  /** Which disk, as a sentence. */
  public InsufficientStorageException(String detail) {
    super(ProblemType.INSUFFICIENT_STORAGE, detail);
  }
}
