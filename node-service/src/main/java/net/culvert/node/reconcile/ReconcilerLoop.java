package net.culvert.node.reconcile;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The one platform thread on which the kernel is looked at and changed. */
public final class ReconcilerLoop implements AutoCloseable {

  /**
   * A change of the kernel comes in several events, and our own writes come back as such: one look
   * serves them all.
   */
  private static final long SETTLE_EVENTS_NANOS = 50_000_000;

  private static final long AFTER_SURPRISE_NANOS = 1_000_000_000;

  private static final long STOP_MILLIS = 1_000;

  private final Reconciler reconciler;
  private final Schedule schedule;
  private final Consumer<Throwable> surprised;
  private volatile boolean stopped;
  private volatile boolean removing;
  private volatile List<OperationException> left = List.of();
  private volatile long lastTurnNanos = System.nanoTime();
  private @Nullable Thread thread;

  /**
   * @param surprised told of what a round let through, errors included; the loop goes on
   */
  public ReconcilerLoop(Reconciler reconciler, Schedule schedule, Consumer<Throwable> surprised) {
    this.reconciler = reconciler;
    this.schedule = schedule;
    this.surprised = surprised;
  }

  public synchronized void start() {
    thread = Thread.ofPlatform().name("reconciler").daemon(true).start(this::turn);
  }

  /** The kernel said that something of these resources has changed. */
  public void changed(Collection<ResourceId> ids) {
    schedule.notice(ids, System.nanoTime() + SETTLE_EVENTS_NANOS);
  }

  /**
   * When the loop last began a turn, in {@link System#nanoTime}; a turn begins at least once a
   * resync period.
   */
  public long lastTurnNanos() {
    return lastTurnNanos;
  }

  public synchronized boolean isAlive() {
    return thread != null && thread.isAlive();
  }

  private void turn() {
    while (!stopped) {
      lastTurnNanos = System.nanoTime();
      long next;
      try {
        next = reconciler.runDue(lastTurnNanos);
      } catch (RuntimeException | Error e) {
        surprised.accept(e);
        next = System.nanoTime() + AFTER_SURPRISE_NANOS;
      }
      try {
        schedule.await(next);
      } catch (InterruptedException e) {
        return;
      }
    }
    if (removing) {
      try {
        left = reconciler.removeAll();
      } catch (RuntimeException | Error e) {
        surprised.accept(e);
      }
    }
  }

  /**
   * Ends as {@link #close} does, and removes everything of ours from the kernel before. What is
   * wished stays wished.
   *
   * @param wait how long that may take; then the rest stays, for the next start to adopt
   * @return why something is left, in sentences; empty where nothing is
   */
  public synchronized List<String> closeRemoving(Duration wait) throws InterruptedException {
    removing = true;
    stopped = true;
    schedule.stop();
    Thread running = thread;
    if (running != null && !running.join(wait)) {
      return List.of("the time of " + wait.toSeconds() + " s was over");
    }
    return left.stream().map(OperationException::getMessage).toList();
  }

  /** Ends after the round that is under way; the kernel stays as it is. */
  @Override
  public synchronized void close() throws InterruptedException {
    stopped = true;
    schedule.stop();
    if (thread != null) {
      // Not interrupted: a round that is under way would take that for the kernel's refusal.
      thread.join(STOP_MILLIS);
    }
  }
}
