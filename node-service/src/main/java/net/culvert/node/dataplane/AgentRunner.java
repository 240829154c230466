package net.culvert.node.dataplane;

import java.util.function.LongSupplier;
import net.culvert.node.kernel.sys.SystemCallException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns an agent on a platform thread until it is told to stop.
 *
 * <p>An idle agent waits at most a second, so that its last turn tells whether it lives. An
 * exception is counted and the agent is turned again after a pause that grows to a second; it is
 * logged once and then once a minute, since a single packet could be its cause.
 */
final class AgentRunner implements Runnable {

  /** An agent without work turns this often, for its heartbeat. */
  static final long IDLE_NANOS = 1_000_000_000L;

  /** An agent that has not turned for this long is dead or stuck. */
  static final long DEAD_AFTER_NANOS = 5_000_000_000L;

  private static final long FIRST_PAUSE_NANOS = 1_000_000L;
  private static final long LONGEST_PAUSE_NANOS = 1_000_000_000L;
  private static final long LOG_INTERVAL_NANOS = 60_000_000_000L;

  /** Failures in a row after which an agent counts as dead, though it is still tried. */
  private static final int DEAD_AFTER_FAILURES = 5;

  private static final Logger LOG = LoggerFactory.getLogger(AgentRunner.class);

  private final Agent agent;
  private final Idle idle;
  private final LongSupplier nanoClock;
  private final Thread thread;

  private volatile boolean stopping;
  private volatile long lastTurnNanos;
  private volatile int failuresInARow;
  private volatile long failures;
  private volatile @Nullable String failure;

  private long lastLogNanos;

  AgentRunner(Agent agent, Idle idle, LongSupplier nanoClock) {
    this.agent = agent;
    this.idle = idle;
    this.nanoClock = nanoClock;
    this.lastTurnNanos = nanoClock.getAsLong();
    this.thread = Thread.ofPlatform().name(agent.name()).daemon(true).unstarted(this);
  }

  void start() {
    thread.start();
  }

  @Override
  public void run() {
    while (!stopping) {
      try {
        turn();
      } catch (Throwable e) {
        // Whatever it was, the other packets must not suffer for good.
        survive(e);
      }
    }
  }

  private void turn() {
    long now = nanoClock.getAsLong();
    int work = agent.doWork(now);
    lastTurnNanos = now;
    if (failuresInARow != 0) {
      failuresInARow = 0;
      failure = null;
      LOG.info("{} works again", agent.name());
    }
    if ((work == 0 || agent.isDrained()) && !stopping) {
      idle.await(agent.longestWaitNanos());
    }
  }

  // The counters are written by this thread alone; others only read them.
  @SuppressWarnings("NonAtomicVolatileUpdate")
  private void survive(Throwable e) {
    failures++;
    failuresInARow++;
    failure = String.valueOf(e.getMessage() == null ? e : e.getMessage());
    long now = nanoClock.getAsLong();
    lastTurnNanos = now;
    if (failures == 1 || now - lastLogNanos >= LOG_INTERVAL_NANOS) {
      lastLogNanos = now;
      if (e instanceof SystemCallException) {
        // Its message says the call, the errno and the object; where it was made adds nothing.
        LOG.warn("{} failed, {} times so far, and goes on: {}", agent.name(), failures, failure);
      } else {
        LOG.warn("{} failed, {} times so far, and goes on", agent.name(), failures, e);
      }
    }
    int doublings = Math.min(10, failuresInARow - 1);
    try {
      idle.pause(Math.min(LONGEST_PAUSE_NANOS, FIRST_PAUSE_NANOS << doublings));
    } catch (RuntimeException unableToWait) {
      Thread.onSpinWait();
    }
  }

  AgentStatus status() {
    long since = nanoClock.getAsLong() - lastTurnNanos;
    boolean alive =
        thread.isAlive() && since < DEAD_AFTER_NANOS && failuresInARow < DEAD_AFTER_FAILURES;
    return new AgentStatus(agent.name(), alive, Math.max(0, since), failures, failure);
  }

  /** Interrupts a wait, so that a command is seen at once. */
  void wake() {
    idle.wake();
  }

  /** Asks the agent to end; {@link #join} waits for it. */
  void stop() {
    stopping = true;
    idle.wake();
  }

  /**
   * Waits for the thread's end.
   *
   * @return false if it still runs; what it uses must then not be released
   */
  boolean join(long maxNanos) {
    if (thread.getState() == Thread.State.NEW) {
      return true;
    }
    boolean interrupted = false;
    long deadline = System.nanoTime() + maxNanos;
    while (thread.isAlive()) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        break;
      }
      try {
        thread.join(left / 1_000_000 + 1);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return !thread.isAlive();
  }
}
