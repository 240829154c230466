package net.culvert.node.web.problem;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import net.culvert.api.problem.FieldError;
import net.culvert.api.problem.Problem;
import net.culvert.api.problem.ProblemType;
import net.culvert.node.kernel.sys.SystemCallException;
import net.culvert.node.reconcile.OperationException;
import net.culvert.node.reconcile.StoreException;
import net.culvert.node.reconcile.WishRefusedException;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.validation.method.ParameterValidationResult;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MissingRequestHeaderException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.NoHandlerFoundException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import org.springframework.web.servlet.resource.NoResourceFoundException;
import org.springframework.web.util.DisconnectedClientHelper;

/** Turns everything that a request can end with into a problem. */
@RestControllerAdvice
class ProblemAdvice extends ResponseEntityExceptionHandler {

  private static final Logger LOG = LoggerFactory.getLogger(ProblemAdvice.class);

  @ExceptionHandler
  ResponseEntity<Object> refused(RequestRefusedException refusal, HttpServletRequest request) {
    return answer(refusal.problem(), new HttpHeaders(), request);
  }

  @ExceptionHandler
  ResponseEntity<Object> refused(WishRefusedException refusal, HttpServletRequest request) {
    return refused(Refusals.of(refusal), request);
  }

  @ExceptionHandler
  ResponseEntity<Object> refused(OperationException refusal, HttpServletRequest request) {
    return refused(Refusals.of(refusal), request);
  }

  @ExceptionHandler
  ResponseEntity<Object> refused(StoreException refusal, HttpServletRequest request) {
    return refused(Refusals.of(refusal), request);
  }

  @ExceptionHandler
  ResponseEntity<Object> refused(SystemCallException failure, HttpServletRequest request) {
    return refused(Refusals.of(failure), request);
  }

  /** The container reads the query when it is first asked for, and has its own word for rubbish. */
  @ExceptionHandler
  ResponseEntity<Object> unreadableQuery(
      InvalidParameterException failure, HttpServletRequest request) {
    return refused(
        new InvalidFieldException("(query)", "is not a list of name=value, joined by '&'"),
        request);
  }

  /** A request thread is interrupted when the node stops, and at no other time. */
  @ExceptionHandler
  ResponseEntity<Object> stopping(InterruptedException stop, HttpServletRequest request) {
    Thread.currentThread().interrupt();
    return refused(new UnavailableException("The node is stopping."), request);
  }

  /** Who sent the request is gone; there is nobody to answer, and nothing failed. */
  @ExceptionHandler
  @Nullable ResponseEntity<Object> disconnected(IOException failure, HttpServletRequest request) {
    return DisconnectedClientHelper.isClientDisconnectedException(failure)
        ? null
        : unexpected(failure, request);
  }

  /** What nobody expected: the log has it whole, the answer says nothing of the inside. */
  @ExceptionHandler
  ResponseEntity<Object> unexpected(Exception failure, HttpServletRequest request) {
    LOG.error("{} {} failed", request.getMethod(), request.getRequestURI(), failure);
    Problem problem =
        Problems.of(ProblemType.INTERNAL, "An unexpected failure; the node's log has it.");
    return answer(problem, new HttpHeaders(), request);
  }

  @Override
  protected @Nullable ResponseEntity<Object> handleExceptionInternal(
      Exception failure,
      @Nullable Object body,
      HttpHeaders headers,
      HttpStatusCode status,
      WebRequest webRequest) {
    HttpServletRequest request = ((ServletWebRequest) webRequest).getRequest();
    if (status.is5xxServerError()) {
      LOG.error("{} {} failed", request.getMethod(), request.getRequestURI(), failure);
    }
    ProblemType type = Problems.typeOf(status.value());
    Problem problem = Problems.of(type, status.value(), detail(failure), errors(failure));
    return answer(problem, headers, request);
  }

  private static ResponseEntity<Object> answer(
      Problem problem, HttpHeaders headers, HttpServletRequest request) {
    Problems.note(problem, request);
    return ResponseEntity.status(problem.status())
        .headers(headers)
        .contentType(MediaType.APPLICATION_PROBLEM_JSON)
        .body(Problems.at(problem, request.getRequestURI()));
  }

  private static String detail(Exception failure) {
    return switch (failure) {
      case MethodArgumentTypeMismatchException mismatch ->
          mismatch.getName() + ": " + rootMessage(mismatch);
      case HttpMessageNotReadableException unreadable -> "A JSON object is wanted as the body.";
      case NoHandlerFoundException unknown -> "Nothing is served at this path.";
      case NoResourceFoundException unknown -> "Nothing is served at this path.";
      case HttpRequestMethodNotSupportedException other ->
          other.getMethod()
              + " is not supported at this path; "
              + String.join(", ", methods(other))
              + " is.";
      case HttpMediaTypeNotSupportedException other ->
          "The body's Content-Type is "
              + (other.getContentType() == null ? "absent" : "'" + other.getContentType() + "'")
              + "; wanted is "
              + other.getSupportedMediaTypes().stream()
                  .map(MediaType::toString)
                  .distinct()
                  .collect(Collectors.joining(", "))
              + ".";
      default -> String.valueOf(failure.getMessage());
    };
  }

  private static String[] methods(HttpRequestMethodNotSupportedException failure) {
    String[] methods = failure.getSupportedMethods();
    return methods == null ? new String[0] : methods;
  }

  private static @Nullable List<FieldError> errors(Exception failure) {
    return switch (failure) {
      case MethodArgumentTypeMismatchException mismatch ->
          List.of(new FieldError(mismatch.getName(), rootMessage(mismatch)));
      case TypeMismatchException mismatch ->
          List.of(
              new FieldError(String.valueOf(mismatch.getPropertyName()), rootMessage(mismatch)));
      case MissingServletRequestParameterException missing ->
          List.of(new FieldError(missing.getParameterName(), "is required"));
      case MissingRequestHeaderException missing ->
          List.of(new FieldError(missing.getHeaderName(), "is required"));
      case HandlerMethodValidationException invalid -> errors(invalid);
      default -> null;
    };
  }

  private static List<FieldError> errors(HandlerMethodValidationException invalid) {
    List<FieldError> errors = new ArrayList<>();
    for (ParameterValidationResult result : invalid.getParameterValidationResults()) {
      String name = String.valueOf(result.getMethodParameter().getParameterName());
      result
          .getResolvableErrors()
          .forEach(
              each -> errors.add(new FieldError(name, String.valueOf(each.getDefaultMessage()))));
    }
    return errors;
  }

  /** The value type's own words are the innermost. */
  private static String rootMessage(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage());
  }
}
