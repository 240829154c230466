package net.culvert.node.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import net.culvert.api.problem.ProblemType;
import net.culvert.node.web.caller.Caller;
import net.culvert.node.web.problem.ProblemWriter;
import net.culvert.node.web.problem.Problems;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Lets a request pass that carries a token or came with a certificate, or asks for one of the few
 * open paths. Everything else is closed, so a path that somebody adds later is closed too. Where
 * both are there, the token counts.
 */
final class AuthenticationFilter extends OncePerRequestFilter {

  private static final String SCHEME = "Bearer ";
  private static final String CHALLENGE = "Bearer realm=\"culvert\"";
  private static final String INVALID = CHALLENGE + ", error=\"invalid_token\"";

  private final Tokens tokens;
  private final ClientCertificates certificates;
  private final FailureLimit failures;
  private final ProblemWriter problems;

  AuthenticationFilter(
      Tokens tokens,
      ClientCertificates certificates,
      FailureLimit failures,
      ProblemWriter problems) {
    this.tokens = tokens;
    this.certificates = certificates;
    this.failures = failures;
    this.problems = problems;
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    return OpenPaths.isOpen(request.getRequestURI());
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    String header = request.getHeader(HttpHeaders.AUTHORIZATION);
    X509Certificate certificate = ClientCertificates.of(request);
    if (header == null && certificate == null) {
      refuse(request, response, CHALLENGE, "Send the header 'Authorization: Bearer <token>'.");
      return;
    }
    SourceAddress source = SourceAddress.of(request);
    Optional<Caller> caller = find(header, certificate);
    long wait = failures.waitSeconds(source);
    if (wait > 0 && !caller.map(is -> failures.isTrusted(source, is.name())).orElse(false)) {
      RateFilter.refuse(
          request,
          response,
          problems,
          wait,
          "Too many calls from this address were refused for who sent them.");
    } else if (caller.isPresent()) {
      failures.accepted(source, caller.get().name());
      caller.get().attachTo(request);
      chain.doFilter(request, response);
    } else {
      failures.failed(source);
      refuse(
          request,
          response,
          INVALID,
          header != null
              ? "The token is not one of this node, or is not valid any more."
              : "The certificate's subject has no role here.");
    }
  }

  private Optional<Caller> find(@Nullable String header, @Nullable X509Certificate certificate) {
    if (header != null) {
      return header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
          ? tokens.find(header.substring(SCHEME.length()).strip())
          : Optional.empty();
    }
    return certificate == null ? Optional.empty() : certificates.find(certificate);
  }

  private void refuse(
      HttpServletRequest request, HttpServletResponse response, String challenge, String detail)
      throws IOException {
    response.setHeader(HttpHeaders.WWW_AUTHENTICATE, challenge);
    problems.write(request, response, Problems.of(ProblemType.UNAUTHORIZED, detail));
  }
}
