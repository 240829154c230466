package net.culvert.node.web;

import java.io.IOException;
import net.culvert.api.problem.Problem;
import net.culvert.api.problem.ProblemType;
import net.culvert.node.web.problem.InvalidFieldException;
import net.culvert.node.web.problem.ProblemWriter;
import net.culvert.node.web.problem.Problems;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;

/**
 * Answers for requests that the container refuses before it knows whom they are for: a path with a
 * NUL, a request line that is none. Its own answer would be a page in HTML.
 */
final class ContainerProblemValve extends ErrorReportValve {

  private static final int BAD_REQUEST = 400;

  private final PathErrors paths;
  private final ProblemWriter problems;

  ContainerProblemValve(PathErrors paths, ProblemWriter problems) {
    this.paths = paths;
    this.problems = problems;
  }

  @Override
  protected void report(Request request, Response response, @Nullable Throwable failure) {
    if (response.getStatus() < BAD_REQUEST
        || response.getContentWritten() > 0
        || !response.setErrorReported()) {
      return;
    }
    try {
      problems.write(request, response, problem(request.getRequestURI(), response.getStatus()));
      response.finishResponse();
    } catch (IOException | IllegalStateException e) {
      // The sender is gone, or has had its answer already.
    }
  }

  private Problem problem(@Nullable String path, int status) {
    if (status == BAD_REQUEST && path != null && path.startsWith("/")) {
      return new InvalidFieldException(paths.of(path)).problem();
    }
    return Problems.of(
        status < 500 ? ProblemType.MALFORMED : ProblemType.INTERNAL,
        status,
        "The server could not read the request.");
  }
}
