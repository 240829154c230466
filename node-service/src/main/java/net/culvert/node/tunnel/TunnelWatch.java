package net.culvert.node.tunnel;

import java.util.LinkedHashMap;
import java.util.Map;
import net.culvert.api.value.LinkName;
import net.culvert.node.dataplane.TunnelSnapshot;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the counters of the running tunnels every second, on a thread of its own: threads that
 * move packets tell nobody anything. With very many peers it looks less often, so that it never
 * takes more than a hundredth of a processor.
 */
final class TunnelWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(TunnelWatch.class);
  private static final long PERIOD_NANOS = 1_000_000_000L;
  private static final int SHARE = 100;
  private static final long STOP_MILLIS = 1_000;

  private final Tunnels tunnels;
  private final TunnelNews news;
  private final Thread thread;
  private boolean closed;

  TunnelWatch(Tunnels tunnels, TunnelNews news) {
    this.tunnels = tunnels;
    this.news = news;
    this.thread = Thread.ofPlatform().name("tunnel-watch").daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    long pause = PERIOD_NANOS;
    while (awaitClosed(pause)) {
      long start = System.nanoTime();
      try {
        Map<LinkName, TunnelSnapshot> running = new LinkedHashMap<>();
        for (RunningTunnel tunnel : tunnels.all()) {
          running.put(tunnel.key().name(), tunnel.plane().snapshot());
        }
        news.look(running);
      } catch (RuntimeException e) {
        LOG.error("the tunnels could not be looked at", e);
      }
      pause = Math.max(PERIOD_NANOS, SHARE * (System.nanoTime() - start));
    }
  }

  /** False once it is closed. */
  private synchronized boolean awaitClosed(long nanos) {
    long deadline = System.nanoTime() + nanos;
    try {
      while (!closed) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          return true;
        }
        wait(left / 1_000_000, (int) (left % 1_000_000));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return false;
  }

  @Override
  public void close() throws InterruptedException {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    thread.join(STOP_MILLIS);
  }
}
