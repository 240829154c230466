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
import net.culvert.node.web.problem.ProblemWriter;
import net.culvert.node.web.problem.TooLargeException;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Refuses a body beyond its path's limit: at once where its length is announced, and while it is
 * read where it comes in chunks.
 */
final class BodyLimitFilter extends OncePerRequestFilter {

  private static final String TOPOLOGY = "/api/v1/topology";

  private final int limitBytes;
  private final int topologyLimitBytes;
  private final ProblemWriter problems;

  BodyLimitFilter(int limitBytes, int topologyLimitBytes, ProblemWriter problems) {
    this.limitBytes = limitBytes;
    this.topologyLimitBytes = topologyLimitBytes;
    this.problems = problems;
  }

  private int limit(String path) {
    return path.equals(TOPOLOGY) || path.startsWith(TOPOLOGY + "/")
        ? topologyLimitBytes
        : limitBytes;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    int limit = limit(request.getRequestURI());
    if (request.getContentLengthLong() > limit) {
      problems.write(request, response, new TooLargeException(limit).problem());
    } else {
      chain.doFilter(new LimitedRequest(request, limit), response);
    }
  }

  private static final class LimitedRequest extends HttpServletRequestWrapper {

    private final int limit;

    LimitedRequest(HttpServletRequest request, int limit) {
      super(request);
      this.limit = limit;
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
      return new LimitedStream(super.getInputStream(), limit);
    }

    @Override
    public BufferedReader getReader() throws IOException {
      return new BufferedReader(new InputStreamReader(getInputStream(), StandardCharsets.UTF_8));
    }
  }

  private static final class LimitedStream extends ServletInputStream {

    private final ServletInputStream stream;
    private final int limit;
    private long count;

    LimitedStream(ServletInputStream stream, int limit) {
      this.stream = stream;
      this.limit = limit;
    }

    private void add(int bytes) {
      count += Math.max(bytes, 0);
      if (count > limit) {
        throw new TooLargeException(limit);
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
