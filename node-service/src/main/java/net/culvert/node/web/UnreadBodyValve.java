package net.culvert.node.web;

import jakarta.servlet.ServletException;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;

/**
 * What becomes of a body that nobody read, such as that of a refused call. Tomcat would read up to
 * its limit with the request's thread, at the pace of who sends it, so that a few strangers could
 * hold every thread. Here a few threads may do so for a short time, before the answer, which lets
 * an ordinary client read that and keep its connection; else the connection is closed.
 */
final class UnreadBodyValve extends ValveBase {

  private static final int MAX_READERS = 4;
  private static final int MAX_BYTES = 4 << 20;
  private static final long MAX_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final int CHUNK_BYTES = 8192;

  private final Semaphore readers = new Semaphore(MAX_READERS);

  UnreadBodyValve() {
    super(true);
  }

  @Override
  public void invoke(Request request, Response response) throws IOException, ServletException {
    getNext().invoke(request, response);
    org.apache.coyote.Request coyote = request.getCoyoteRequest();
    // Who waits to be asked for the body was not, and Tomcat closes the connection.
    if (request.isAsync() || coyote.hasExpectation() || isRead(coyote)) {
      return;
    }
    boolean whole = false;
    if (readers.tryAcquire()) {
      try {
        whole = readRest(request.getInputStream());
      } catch (IOException | IllegalStateException e) {
        // The sender is gone or too slow, or somebody reads already as text.
      } finally {
        readers.release();
      }
    }
    if (!whole) {
      if (!response.isCommitted()) {
        response.setHeader("Connection", "close");
      }
      coyote.action(ActionCode.DISABLE_SWALLOW_INPUT, null);
    }
  }

  private static boolean isRead(org.apache.coyote.Request request) {
    AtomicBoolean read = new AtomicBoolean();
    request.action(ActionCode.REQUEST_BODY_FULLY_READ, read);
    return read.get();
  }

  private static boolean readRest(InputStream body) throws IOException {
    byte[] chunk = new byte[CHUNK_BYTES];
    long begun = System.nanoTime();
    int sum = 0;
    int count = body.read(chunk);
    while (count >= 0) {
      sum += count;
      if (sum > MAX_BYTES || System.nanoTime() - begun > MAX_NANOS) {
        return false;
      }
      count = body.read(chunk);
    }
    return true;
  }
}
