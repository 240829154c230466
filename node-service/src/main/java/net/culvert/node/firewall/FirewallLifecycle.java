package net.culvert.node.firewall;

import org.springframework.context.SmartLifecycle;

/** Looks at packet filters while the engine runs. */
final class FirewallLifecycle implements SmartLifecycle {

  /** After the engine's, whose table it reads. */
  private static final int PHASE = 1;

  private final FirewallGuard guard;
  private volatile boolean running;

  FirewallLifecycle(FirewallGuard guard) {
    this.guard = guard;
  }

  @Override
  public void start() {
    guard.start();
    running = true;
  }

  @Override
  public void stop() {
    running = false;
    try {
      guard.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
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
