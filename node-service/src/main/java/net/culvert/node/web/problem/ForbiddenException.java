package net.culvert.node.web.problem;

import java.util.Locale;
import net.culvert.api.problem.ProblemType;
import net.culvert.api.token.Role;

/** 403: the caller is known, and may not do this. */
public final class ForbiddenException extends RequestRefusedException {

  /** Says which role is needed, and which the caller has. */
  public ForbiddenException(Role needed, Role has) {
    super(
        ProblemType.FORBIDDEN,
        "This needs the role '" + word(needed) + "'; the caller has '" + word(has) + "'.");
  }

  private static String word(Role role) {
    return role.name().toLowerCase(Locale.ROOT);
  }
}
