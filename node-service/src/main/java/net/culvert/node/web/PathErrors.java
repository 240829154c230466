package net.culvert.node.web;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import net.culvert.api.problem.FieldError;
import org.springframework.http.server.PathContainer;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.util.pattern.PathPattern;

/** Names the offending variables of a path that never came as far as a controller. */
final class PathErrors {

  /** A percent sign that begins no escape stands for itself here, and is no part of a name. */
  private static final Pattern NO_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");

  private final Supplier<RequestMappingHandlerMapping> mapping;

  PathErrors(Supplier<RequestMappingHandlerMapping> mapping) {
    this.mapping = mapping;
  }

  /** Those of the path as it was sent; one for the whole path where no variable is to blame. */
  List<FieldError> of(String rawPath) {
    PathContainer path = PathContainer.parsePath(NO_ESCAPE.matcher(rawPath).replaceAll("%25"));
    for (Map.Entry<RequestMappingInfo, HandlerMethod> each :
        mapping.get().getHandlerMethods().entrySet()) {
      for (PathPattern pattern : patterns(each.getKey())) {
        PathPattern.PathMatchInfo match = pattern.matchAndExtract(path);
        if (match != null) {
          List<FieldError> errors =
              PathVariableCheck.pathErrors(each.getValue(), match.getUriVariables());
          if (!errors.isEmpty()) {
            return errors;
          }
        }
      }
    }
    return List.of(new FieldError("path", "cannot be a path here"));
  }

  private static Iterable<PathPattern> patterns(RequestMappingInfo info) {
    return info.getPathPatternsCondition() == null
        ? List.of()
        : info.getPathPatternsCondition().getPatterns();
  }
}
