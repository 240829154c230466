package net.culvert.node.web.problem;

import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import net.culvert.api.problem.Problem;
import net.culvert.api.problem.ProblemType;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Answers for errors that the container found by itself, before or after Spring. */
@Hidden
@RestController
class ContainerErrorController implements ErrorController {

  private static final int INTERNAL = 500;

  @RequestMapping("/error")
  ResponseEntity<Problem> error(HttpServletRequest request) {
    int status =
        request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer code
            ? code
            : INTERNAL;
    String path =
        request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI) instanceof String uri
            ? uri
            : request.getRequestURI();
    ProblemType type = Problems.typeOf(status);
    Problem problem = Problems.of(type, status, detail(request, status), null);
    return ResponseEntity.status(status)
        .contentType(MediaType.APPLICATION_PROBLEM_JSON)
        .body(Problems.at(problem, path));
  }

  /** The container's message, unless it would tell of the inside. */
  private static String detail(HttpServletRequest request, int status) {
    return status < INTERNAL
            && request.getAttribute(RequestDispatcher.ERROR_MESSAGE) instanceof String message
            && !message.isBlank()
        ? message
        : "The server refused the request before it was understood.";
  }
}
