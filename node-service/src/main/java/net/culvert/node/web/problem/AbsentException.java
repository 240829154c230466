package net.culvert.node.web.problem;

import net.culvert.api.problem.ProblemType;

/** 404: the resource, or the parent that it would belong to, does not exist. */
public final class AbsentException extends RequestRefusedException {

  /** What is not there, as a sentence. */
  public AbsentException(String detail) {
    super(ProblemType.ABSENT, detail);
  }

  /**
   * The sentence is made from both.
   *
   * @param noun the resource's noun, such as {@code namespace}
   * @param name its name
   */
  public AbsentException(String noun, Object name) {
    super(ProblemType.ABSENT, "There is no " + noun + " '" + name + "'.");
  }
}
