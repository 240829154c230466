package net.culvert.node;

import net.culvert.node.object.KernelEvents;
import net.culvert.node.reconcile.DesiredTable;
import net.culvert.node.reconcile.ReconcilerLoop;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Starts the engine before the server takes requests and stops it after the last one: first the
 * listening, so that the first look at the kernel misses nothing, then what is wished; at the end
 * first the loop, so that nobody restarts what is being stopped.
 */
final class EngineLifecycle implements SmartLifecycle {

  private static final Logger LOG = LoggerFactory.getLogger(EngineLifecycle.class);

  /** Before the web server's, which is {@code DEFAULT_PHASE - 2048} in Spring Boot. */
  private static final int PHASE = 0;

  private final KernelEvents events;
  private final DesiredTable table;
  private final ReconcilerLoop loop;
  private volatile boolean running;

  EngineLifecycle(KernelEvents events, DesiredTable table, ReconcilerLoop loop) {
    this.table = table;
    this.events = events;
    this.loop = loop;
  }

  @Override
  public void start() {
    events.start();
    table.restore();
    loop.start();
    running = true;
  }

  @Override
  public void stop() {
    running = false;
    try {
      loop.close();
      events.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      LOG.warn("interrupted while the engine stopped");
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return PHASE;
  }
}
