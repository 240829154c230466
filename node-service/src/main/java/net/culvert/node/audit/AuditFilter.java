package net.culvert.node.audit;

import io.github.bucket4j.Bucket;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import net.culvert.api.audit.AuditEntry;
import net.culvert.node.web.caller.Caller;
import net.culvert.node.web.problem.Problems;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Writes down every call that wanted to change something, and every one that was refused for who
 * sent it. Never a query, a header or a body: they may hold secrets. Refusals that strangers cause
 * are written at a bounded rate, so that they cannot push out what others did; those that are left
 * out are counted in the next line.
 */
final class AuditFilter extends OncePerRequestFilter {

  private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");

  /** Unauthorized, forbidden, misdirected, too many. */
  private static final Set<Integer> REFUSALS = Set.of(401, 403, 421, 429);

  private static final int REFUSALS_PER_MINUTE = 60;
  private static final int MAX_PATH_CHARACTERS = 512;
  private static final int MAX_METHOD_CHARACTERS = 32;

  private final AuditLog log;
  private final Clock clock;
  private final Bucket refusals =
      Bucket.builder()
          .addLimit(limit ->
              limit
                  .capacity(REFUSALS_PER_MINUTE)
                  .refillGreedy(REFUSALS_PER_MINUTE, Duration.ofMinutes(1)))
          .build();
  private final AtomicLong skipped = new AtomicLong();

  AuditFilter(AuditLog log, Clock clock) {
    this.log = log;
    this.clock = clock;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    int failed = HttpServletResponse.SC_INTERNAL_SERVER_ERROR;
    try {
      chain.doFilter(request, response);
      failed = 0;
    } finally {
      note(request, response, failed == 0 ? response.getStatus() : failed);
    }
  }

  private void note(HttpServletRequest request, HttpServletResponse response, int status) {
    Caller caller = Caller.of(request);
    boolean refused = REFUSALS.contains(status);
    boolean known = caller != null && !SAFE.contains(request.getMethod());
    if (known || refused && refusals.tryConsume(1)) {
      log.write(entry(request, response, status, caller));
    } else if (refused) {
      skipped.incrementAndGet();
    }
  }

  private AuditEntry entry(
      HttpServletRequest request,
      HttpServletResponse response,
      int status,
      @Nullable Caller caller) {
    long left = skipped.getAndSet(0);
    return new AuditEntry(
        clock.instant().truncatedTo(ChronoUnit.MILLIS),
        caller == null ? null : caller.name(),
        caller == null ? null : caller.credential().toString(),
        caller == null ? null : caller.role(),
        request.getRemoteAddr(),
        cut(request.getMethod(), MAX_METHOD_CHARACTERS),
        cut(request.getRequestURI(), MAX_PATH_CHARACTERS),
        status,
        Problems.noted(request),
        revision(response),
        left == 0 ? null : left);
  }

  private static String cut(String text, int characters) {
    return text.length() <= characters ? text : text.substring(0, characters) + "…";
  }

  /** The entity tag is the revision in quotes. */
  private static @Nullable Long revision(HttpServletResponse response) {
    String etag = response.getHeader(HttpHeaders.ETAG);
    return etag != null && etag.matches("\"[0-9]{1,18}\"")
        ? Long.valueOf(etag.substring(1, etag.length() - 1))
        : null;
  }
}
