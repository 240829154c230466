package net.culvert.node.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import java.util.regex.Pattern;
import net.culvert.api.problem.ProblemType;
import net.culvert.node.web.problem.ProblemWriter;
import net.culvert.node.web.problem.Problems;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Lets a request pass that carries the token, or asks for one of the few open paths. Everything
 * else is closed, so a path that somebody adds later is closed too.
 */
final class BearerTokenFilter extends OncePerRequestFilter {

  private static final String SCHEME = "Bearer ";
  private static final String CHALLENGE = "Bearer realm=\"culvert\"";

  private static final Set<String> OPEN =
      Set.of(
          "/",
          "/actuator/health/liveness",
          "/actuator/health/readiness",
          "/swagger-ui.html",
          "/v3/api-docs",
          "/v3/api-docs.yaml",
          "/v3/api-docs/swagger-config");

  /**
   * The page's own files. The dispatcher matches the path as it was sent, so an escape, a parameter
   * or a dot segment must not hide another path behind this prefix: a path holding one is closed.
   */
  private static final Pattern OPEN_FILES =
      Pattern.compile("/swagger-ui/[A-Za-z0-9_-][A-Za-z0-9._-]*");

  private final ApiToken token;
  private final ProblemWriter problems;

  BearerTokenFilter(ApiToken token, ProblemWriter problems) {
    this.token = token;
    this.problems = problems;
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    String path = request.getRequestURI();
    return OPEN.contains(path) || OPEN_FILES.matcher(path).matches();
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    @Nullable String header = request.getHeader(HttpHeaders.AUTHORIZATION);
    if (header == null) {
      refuse(request, response, CHALLENGE, "Send the header 'Authorization: Bearer <token>'.");
    } else if (!presentsToken(header)) {
      refuse(
          request,
          response,
          CHALLENGE + ", error=\"invalid_token\"",
          "The token is not the one of this node.");
    } else {
      chain.doFilter(request, response);
    }
  }

  private boolean presentsToken(String header) {
    return header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        && token.matches(header.substring(SCHEME.length()).strip());
  }

  private void refuse(
      HttpServletRequest request, HttpServletResponse response, String challenge, String detail)
      throws IOException {
    response.setHeader(HttpHeaders.WWW_AUTHENTICATE, challenge);
    problems.write(request, response, Problems.of(ProblemType.UNAUTHORIZED, detail));
  }
}
