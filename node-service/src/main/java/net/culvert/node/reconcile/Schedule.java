package net.culvert.node.reconcile;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Which resources are to be looked at, and when. Any thread may add to it; its size is bounded by
 * the number of resources.
 */
public final class Schedule {

  private record Due(ResourceId id, long nanos) {}

  private final Map<ResourceId, Long> due = new HashMap<>();
  private final PriorityQueue<Due> queue =
      new PriorityQueue<>(Comparator.comparingLong(Due::nanos));
  private boolean resync = true;

  /**
   * Due at that time, or earlier where they were due earlier. Times are those of {@link
   * System#nanoTime}.
   */
  public synchronized void add(Collection<ResourceId> ids, long nanos) {
    for (ResourceId id : ids) {
      Long already = due.get(id);
      if (already == null || nanos < already) {
        due.put(id, nanos);
        queue.add(new Due(id, nanos));
      }
    }
    notifyAll();
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
    for (Due head = queue.peek(); head != null && head.nanos() <= nowNanos; head = queue.peek()) {
      queue.remove();
      // An earlier time replaced this one where the map holds another.
      if (due.remove(head.id(), head.nanos())) {
        taken.add(head.id());
      }
    }
    return taken;
  }

  synchronized void clear() {
    due.clear();
    queue.clear();
  }

  /** Returns once something is due, but not after {@code latestNanos}. */
  synchronized void await(long latestNanos) throws InterruptedException {
    while (!resync) {
      Due head = queue.peek();
      long until = head == null ? latestNanos : Math.min(head.nanos(), latestNanos);
      long left = until - System.nanoTime();
      if (left <= 0) {
        return;
      }
      wait(left / 1_000_000, (int) (left % 1_000_000));
    }
  }
}
