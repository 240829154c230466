package net.culvert.node.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Locale;
import java.util.Set;
import net.culvert.api.token.Role;
import net.culvert.node.web.caller.Caller;
import net.culvert.node.web.caller.RequiresRole;
import net.culvert.node.web.problem.ForbiddenException;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Whether the caller's role allows the call. It asks the controller that was chosen, and not the
 * path, of which there are many spellings: a safe method needs {@code read}, any other {@code
 * operate}, and a controller may need more.
 */
final class RoleInterceptor implements HandlerInterceptor {

  private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");
  private static final String SECRETS = "secrets";

  /** What Spring takes for false. */
  private static final Set<String> FALSE = Set.of("false", "off", "no", "0");

  @Override
  public boolean preHandle(
      HttpServletRequest request, HttpServletResponse response, Object handler) {
    Caller caller = Caller.of(request);
    // Without one it is an open path: the filter before has let nothing else pass.
    if (caller != null) {
      Role needed = needed(request, handler);
      if (!caller.role().covers(needed)) {
        throw new ForbiddenException(needed, caller.role());
      }
    }
    return true;
  }

  private static Role needed(HttpServletRequest request, Object handler) {
    if (handler instanceof HandlerMethod method) {
      RequiresRole more = method.getBeanType().getAnnotation(RequiresRole.class);
      if (more != null) {
        return more.value();
      }
    }
    if (!SAFE.contains(request.getMethod())) {
      return Role.OPERATE;
    }
    return wantsSecrets(request) ? Role.ADMIN : Role.READ;
  }

  private static boolean wantsSecrets(HttpServletRequest request) {
    String[] values = request.getParameterValues(SECRETS);
    if (values != null) {
      for (String value : values) {
        if (!FALSE.contains(value.toLowerCase(Locale.ROOT))) {
          return true;
        }
      }
    }
    return false;
  }
}
