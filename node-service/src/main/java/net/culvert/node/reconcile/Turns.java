package net.culvert.node.reconcile;

import java.util.HashSet;
import java.util.Set;

/**
 * Lets writers of one resource follow one another. Its size is bounded by the number of threads
 * that write.
 */
final class Turns {

  private final Set<ResourceId> busy = new HashSet<>();

  /**
   * Returns once nobody else has the turn.
   *
   * @param deadlineNanos in {@link System#nanoTime}
   * @return false if the time ran out first
   */
  synchronized boolean take(ResourceId id, long deadlineNanos) throws InterruptedException {
    while (!busy.add(id)) {
      long left = deadlineNanos - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      wait(left / 1_000_000, (int) (left % 1_000_000));
    }
    return true;
  }

  synchronized void leave(ResourceId id) {
    busy.remove(id);
    notifyAll();
  }
}
