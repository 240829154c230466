package net.culvert.node.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.culvert.api.problem.FieldError;
import net.culvert.node.web.problem.InvalidFieldException;
import net.culvert.node.web.problem.MalformedBodyException;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;

/**
 * Names every path variable that is no name, and with them what is wrong in the body: Spring would
 * stop at the first. Where the path is right it does nothing, and the body is read in its turn.
 */
final class PathVariableCheck implements HandlerInterceptor {

  private final BodyReader bodies;

  PathVariableCheck(BodyReader bodies) {
    this.bodies = bodies;
  }

  @Override
  public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler)
      throws IOException {
    if (request.getRequestURI().indexOf(';') >= 0) {
      throw new InvalidFieldException("path", "has a ';', and no path here takes parameters");
    }
    if (handler instanceof HandlerMethod method
        && request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE)
            instanceof Map<?, ?> variables) {
      List<FieldError> errors = pathErrors(method, variables);
      if (!errors.isEmpty()) {
        errors.addAll(bodyErrors(method, request));
        throw new InvalidFieldException(errors);
      }
    }
    return true;
  }

  /** What is wrong with a path's variables, given their decoded text by name. */
  static List<FieldError> pathErrors(HandlerMethod method, Map<?, ?> variables) {
    List<FieldError> errors = new ArrayList<>();
    for (MethodParameter parameter : method.getMethodParameters()) {
      PathVariable variable = parameter.getParameterAnnotation(PathVariable.class);
      if (variable != null && variables.get(variable.value()) instanceof String text) {
        String refusal = TextTypes.refusal(parameter.getParameterType(), text);
        if (refusal != null) {
          errors.add(new FieldError(variable.value(), refusal));
        }
      }
    }
    return errors;
  }

  private List<FieldError> bodyErrors(HandlerMethod method, HttpServletRequest request)
      throws IOException {
    Class<?> type = bodyType(method);
    if (type == null || !isJson(request)) {
      return List.of();
    }
    try {
      bodies.read(request.getInputStream().readAllBytes(), type);
      return List.of();
    } catch (InvalidFieldException e) {
      return e.errors();
    } catch (MalformedBodyException e) {
      return List.of(new FieldError(BodyTree.ROOT, String.valueOf(e.getMessage())));
    }
  }

  private static @Nullable Class<?> bodyType(HandlerMethod method) {
    for (MethodParameter parameter : method.getMethodParameters()) {
      if (parameter.hasParameterAnnotation(RequestBody.class)
          && RecordBodyConverter.isBody(parameter.getParameterType())) {
        return parameter.getParameterType();
      }
    }
    return null;
  }

  private static boolean isJson(HttpServletRequest request) {
    return RecordBodyConverter.isJson(
        new ServletServerHttpRequest(request).getHeaders().getContentType());
  }
}
