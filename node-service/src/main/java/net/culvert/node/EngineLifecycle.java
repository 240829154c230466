package net.culvert.node;

import java.time.Duration;
import net.culvert.node.object.KernelEvents;
import net.culvert.node.reconcile.DesiredTable;
import net.culvert.node.reconcile.ReconcilerLoop;
import net.culvert.node.topology.Bootstrap;
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

  /** For a thousand resources it takes a second or two; an orchestrator waits ten at the least. */
  private static final Duration REMOVING = Duration.ofSeconds(8);

  private final KernelEvents events;
  private final DesiredTable table;
  private final Bootstrap bootstrap;
  private final ReconcilerLoop loop;
  private final boolean removing;
  private volatile boolean running;

  /**
   * @param removing whether everything of ours leaves the kernel at the end
   */
  EngineLifecycle(
      KernelEvents events,
      DesiredTable table,
      Bootstrap bootstrap,
      ReconcilerLoop loop,
      boolean removing) {
    this.table = table;
    this.events = events;
    this.bootstrap = bootstrap;
    this.loop = loop;
    this.removing = removing;
  }

  @Override
  public void start() {
    events.start();
    table.restore();
    bootstrap.run();
    loop.start();
    running = true;
  }

  @Override
  public void stop() {
    running = false;
    try {
      if (removing) {
        for (String left : loop.closeRemoving(REMOVING)) {
          LOG.warn("not everything was removed: {}", left);
        }
      }
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
