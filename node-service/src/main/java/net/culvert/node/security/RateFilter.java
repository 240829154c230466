package net.culvert.node.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import net.culvert.api.problem.ProblemType;
import net.culvert.node.web.problem.ProblemWriter;
import net.culvert.node.web.problem.Problems;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * How many requests an address may send a second, and have under way at a time, so that one client
 * cannot take every thread of the server. Event streams have threads of their own and count only
 * while they are opened. Health probes are not limited.
 */
final class RateFilter extends OncePerRequestFilter {

  private final SourceBuckets rate;
  private final int perSecond;
  private final int maxAtATime;
  private final ProblemWriter problems;

  /** As many keys as there are threads at most: an address without a request has none. */
  private final ConcurrentMap<String, Integer> underWay = new ConcurrentHashMap<>();

  RateFilter(int perSecond, int maxAtATime, ProblemWriter problems) {
    this.rate = new SourceBuckets(perSecond, Duration.ofSeconds(1));
    this.perSecond = perSecond;
    this.maxAtATime = maxAtATime;
    this.problems = problems;
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    return OpenPaths.isProbe(request.getRequestURI());
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    SourceAddress source = SourceAddress.of(request);
    if (!rate.take(source)) {
      refuse(
          request,
          response,
          problems,
          rate.waitSeconds(source),
          "More than " + perSecond + " requests a second came from this address.");
      return;
    }
    try {
      if (underWay.merge(source.key(), 1, Integer::sum) > maxAtATime) {
        refuse(
            request,
            response,
            problems,
            1,
            "There are " + maxAtATime + " requests of this address under way, which is the limit.");
      } else {
        chain.doFilter(request, response);
      }
    } finally {
      underWay.computeIfPresent(source.key(), (key, count) -> count == 1 ? null : count - 1);
    }
  }

  /** Answers with 429 and when to come again, in seconds; at least one. */
  static void refuse(
      HttpServletRequest request,
      HttpServletResponse response,
      ProblemWriter problems,
      long waitSeconds,
      String detail)
      throws IOException {
    response.setHeader(HttpHeaders.RETRY_AFTER, String.valueOf(Math.max(1, waitSeconds)));
    problems.write(request, response, Problems.of(ProblemType.TOO_MANY, detail));
  }
}
