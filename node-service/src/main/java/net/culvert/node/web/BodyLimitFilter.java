package net.culvert.node.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import net.culvert.node.web.problem.ProblemWriter;
import net.culvert.node.web.problem.TooLargeException;
import net.culvert.node.web.problem.TooSlowException;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Refuses a body beyond its path's limit: at once where its length is announced, and while it is
 * read where it comes in chunks. One that takes too long to come is given up: it holds a thread.
 */
final class BodyLimitFilter extends OncePerRequestFilter {

  private static final String TOPOLOGY = "/api/v1/topology";
  private static final int TOPOLOGY_TIMES = 4;

  private final int limitBytes;
  private final int topologyLimitBytes;
  private final Duration time;
  private final ProblemWriter problems;

  /**
   * One limit for each of the two kinds.
   *
   * @param time that a body may take to come; a topology has {@value #TOPOLOGY_TIMES} times as much
   */
  BodyLimitFilter(int limitBytes, int topologyLimitBytes, Duration time, ProblemWriter problems) {
    this.time = time;
    this.limitBytes = limitBytes;
    this.topologyLimitBytes = topologyLimitBytes;
    this.problems = problems;
  }

  private static boolean isTopology(String path) {
    return path.equals(TOPOLOGY) || path.startsWith(TOPOLOGY + "/");
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    boolean topology = isTopology(request.getRequestURI());
    int limit = topology ? topologyLimitBytes : limitBytes;
    if (request.getContentLengthLong() > limit) {
      problems.write(request, response, new TooLargeException(limit).problem());
    } else {
      chain.doFilter(
          new LimitedRequest(request, limit, topology ? time.multipliedBy(TOPOLOGY_TIMES) : time),
          response);
    }
  }

  private static final class LimitedRequest extends HttpServletRequestWrapper {

    private final int limit;
    private final Duration time;

    LimitedRequest(HttpServletRequest request, int limit, Duration time) {
      super(request);
      this.time = time;
      this.limit = limit;
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
      return new LimitedStream(super.getInputStream(), limit, time);
    }

    @Override
    public BufferedReader getReader() throws IOException {
      return new BufferedReader(new InputStreamReader(getInputStream(), StandardCharsets.UTF_8));
    }
  }

  private static final class LimitedStream extends ServletInputStream {

    private final ServletInputStream stream;
    private final int limit;
    private final Duration time;
    private final long begunNanos = System.nanoTime();
    private long count;

    LimitedStream(ServletInputStream stream, int limit, Duration time) {
      this.stream = stream;
      this.limit = limit;
      this.time = time;
    }

    private void add(int bytes) {
      count += Math.max(bytes, 0);
      if (count > limit) {
        throw new TooLargeException(limit);
      }
      if (System.nanoTime() - begunNanos > time.toNanos()) {
        throw new TooSlowException(time);
      }
    }

    @Override
    public int read() throws IOException {
      int value = stream.read();
      add(value < 0 ? 0 : 1);
      return value;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int got = stream.read(bytes, offset, length);
      add(got);
      return got;
    }

    @Override
    public boolean isFinished() {
      return stream.isFinished();
    }

    @Override
    public boolean isReady() {
      return stream.isReady();
    }

    @Override
    public void setReadListener(ReadListener listener) {
      stream.setReadListener(listener);
    }
  }
}
