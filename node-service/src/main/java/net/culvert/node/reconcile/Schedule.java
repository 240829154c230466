package net.culvert.node.reconcile;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which resources are to be looked at, and when. Any thread may add to it; its size is bounded by
 * the number of resources. Times are those of {@link System#nanoTime}.
 */
public final class Schedule {

  private static final int MAX_QUESTIONS = 8;

  private record Due(ResourceId id, long nanos) {}

  private final Map<ResourceId, Due> due = new HashMap<>();
  private final TreeSet<Due> queue =
      new TreeSet<>(
          // Nano times are compared by their difference, which alone has a meaning.
          ((Comparator<Due>) (one, other) -> Long.signum(one.nanos() - other.nanos()))
              .thenComparing(Due::id));
  private final Map<ResourceId, Long> held = new HashMap<>();
  private final Queue<Runnable> questions = new ArrayDeque<>();
  private boolean resync = true;
  private boolean stopped;

  /** Due at that time, or earlier where they were due earlier. */
  public synchronized void add(Collection<ResourceId> ids, long nanos) {
    for (ResourceId id : ids) {
      held.remove(id);
      advance(id, nanos);
    }
    notifyAll();
  }

  /**
   * Due at that time because of an event; but what failed a moment ago stays held, since its own
   * attempts make events too.
   */
  public synchronized void notice(Collection<ResourceId> ids, long nanos) {
    for (ResourceId id : ids) {
      Long until = held.get(id);
      advance(id, until != null && until - nanos > 0 ? until : nanos);
    }
    notifyAll();
  }

  /**
   * Due again after a failure.
   *
   * @param heldUntilNanos no event makes it due before
   */
  synchronized void retry(ResourceId id, long nanos, long heldUntilNanos) {
    Due already = due.get(id);
    if (already == null) {
      held.put(id, heldUntilNanos);
      advance(id, nanos);
      notifyAll();
    } else {
      // Written since, or seen to change: that look comes first.
      advance(id, nanos);
    }
  }

  private void advance(ResourceId id, long nanos) {
    Due already = due.get(id);
    if (already != null && already.nanos() - nanos <= 0) {
      return;
    }
    if (already != null) {
      queue.remove(already);
    }
    Due now = new Due(id, nanos);
    due.put(id, now);
    queue.add(now);
  }

  /**
   * Has the reconciler's thread do something between two rounds: to look at the kernel, which only
   * that thread does.
   *
   * @return false if too many wait already
   */
  public synchronized boolean ask(Runnable question) {
    if (stopped || questions.size() >= MAX_QUESTIONS) {
      return false;
    }
    questions.add(question);
    notifyAll();
    return true;
  }

  synchronized List<Runnable> takeQuestions() {
    List<Runnable> taken = List.copyOf(questions);
    questions.clear();
    return taken;
  }

  /** Everything is due at once. */
  public synchronized void resync() {
    resync = true;
    notifyAll();
  }

  synchronized boolean takeResync() {
    boolean taken = resync;
    resync = false;
    return taken;
  }

  synchronized Set<ResourceId> take(long nowNanos) {
    Set<ResourceId> taken = new HashSet<>();
    while (!queue.isEmpty() && queue.first().nanos() - nowNanos <= 0) {
      ResourceId id = queue.removeFirst().id();
      due.remove(id);
      held.remove(id);
      taken.add(id);
    }
    return taken;
  }

  /** When the next resource is due; empty if none is. */
  synchronized OptionalLong next() {
    return queue.isEmpty() ? OptionalLong.empty() : OptionalLong.of(queue.first().nanos());
  }

  synchronized int size() {
    return Math.max(due.size(), Math.max(queue.size(), held.size()));
  }

  /** Ends every wait, now and later. */
  synchronized void stop() {
    stopped = true;
    notifyAll();
  }

  /** Returns once something is due, but not after {@code latestNanos}. */
  synchronized void await(long latestNanos) throws InterruptedException {
    while (!resync && !stopped && questions.isEmpty()) {
      long until = latestNanos;
      if (!queue.isEmpty() && queue.first().nanos() - until < 0) {
        until = queue.first().nanos();
      }
      long left = until - System.nanoTime();
      if (left <= 0) {
        return;
      }
      wait(left / 1_000_000, (int) (left % 1_000_000));
    }
  }
}
