package net.culvert.node.web.problem;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import net.culvert.api.problem.FieldError;
import net.culvert.api.problem.Problem;
import net.culvert.api.problem.ProblemType;
import org.jspecify.annotations.Nullable;

/** Makes problem details. */
public final class Problems {

  private static final String ATTRIBUTE = Problems.class.getName();

  private Problems() {}

  /** One of that type with its usual status. */
  public static Problem of(ProblemType type, String detail) {
    return of(type, type.status(), detail, null);
  }

  /** One with a status of its own. */
  public static Problem of(ProblemType type, int status, String detail) {
    return of(type, status, detail, null);
  }

  static Problem of(
      ProblemType type, int status, @Nullable String detail, @Nullable List<FieldError> errors) {
    return new Problem(type.urn(), type.title(), status, detail, null, errors, null, null, null);
  }

  /** The type for an HTTP status that the server or Spring chose by itself. */
  static ProblemType typeOf(int status) {
    for (ProblemType type : ProblemType.values()) {
      if (type.status() == status) {
        return type;
      }
    }
    return status < 500 ? ProblemType.MALFORMED : ProblemType.INTERNAL;
  }

  /** The same problem, at that request path; a path that is no URI is quoted. */
  static Problem at(Problem problem, @Nullable String path) {
    if (path == null) {
      return problem;
    }
    URI instance;
    try {
      instance = new URI(path);
    } catch (URISyntaxException e) {
      instance = quoted(path);
    }
    return new Problem(
        problem.type(),
        problem.title(),
        problem.status(),
        problem.detail(),
        instance,
        problem.errors(),
        problem.errno(),
        problem.call(),
        problem.sentence());
  }

  /** Notes what the request was answered with, for who looks at it afterwards. */
  static void note(Problem problem, HttpServletRequest request) {
    request.setAttribute(ATTRIBUTE, problem.type());
  }

  /** The type of the problem that the request was answered with; null if it was none. */
  public static @Nullable URI noted(HttpServletRequest request) {
    return request.getAttribute(ATTRIBUTE) instanceof URI type ? type : null;
  }

  private static @Nullable URI quoted(String path) {
    try {
      return new URI(null, null, path, null);
    } catch (URISyntaxException e) {
      return null;
    }
  }
}
