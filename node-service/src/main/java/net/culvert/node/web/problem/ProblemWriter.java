package net.culvert.node.web.problem;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import net.culvert.api.problem.Problem;
import org.springframework.http.MediaType;
import tools.jackson.databind.json.JsonMapper;

/** Writes problems from where there is no controller: filters and the container. Any thread. */
public final class ProblemWriter {

  private final JsonMapper mapper;

  public ProblemWriter(JsonMapper mapper) {
    this.mapper = mapper;
  }

  /** Answers with the problem; nothing may have been written before. */
  public void write(HttpServletRequest request, HttpServletResponse response, Problem problem)
      throws IOException {
    Problems.note(problem, request);
    byte[] body = mapper.writeValueAsBytes(Problems.at(problem, request.getRequestURI()));
    response.setStatus(problem.status());
    response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }
}
