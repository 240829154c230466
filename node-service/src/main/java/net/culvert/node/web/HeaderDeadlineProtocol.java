package net.culvert.node.web;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.apache.coyote.Adapter;
import org.apache.coyote.Processor;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.coyote.http11.Http11Processor;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.SocketWrapperBase;

/**
 * HTTP/1.1 as Tomcat speaks it, whose connection timeout is for a request's whole head too, and not
 * only for the wait from one byte to the next: a client that sends a byte now and then would keep
 * its connection for hours. Made by Tomcat, by its name.
 */
public final class HeaderDeadlineProtocol extends Http11NioProtocol {

  @Override
  protected Processor createProcessor() {
    return new Deadline(this, getAdapter());
  }

  /** Stays with one connection for as long as a head is not whole. */
  private static final class Deadline extends Http11Processor {

    private final long limitNanos;
    private boolean begun;
    private long begunNanos;

    Deadline(AbstractHttp11Protocol<?> protocol, Adapter adapter) {
      super(protocol, adapter);
      this.limitNanos = TimeUnit.MILLISECONDS.toNanos(protocol.getConnectionTimeout());
    }

    /** Called when bytes have come. */
    @Override
    public SocketState service(SocketWrapperBase<?> socket) throws IOException {
      SocketState state = super.service(socket);
      if (state != SocketState.LONG || isAsync()) {
        begun = false;
        return state;
      }
      long now = System.nanoTime();
      if (!begun) {
        begun = true;
        begunNanos = now;
      }
      return limitNanos > 0 && now - begunNanos > limitNanos ? SocketState.CLOSED : state;
    }
  }
}
