package net.culvert.node.reconcile;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import net.culvert.api.resource.ResourceState;
import org.jspecify.annotations.Nullable;

/** Where every resource stands: written by the reconciler, read and waited on by anyone. */
public final class StatusBoard {

  private final Map<ResourceId, Standing> standings = new HashMap<>();

  public synchronized Optional<Standing> standing(ResourceId id) {
    return Optional.ofNullable(standings.get(id));
  }

  /** All that FAILED, ordered. */
  public synchronized Map<ResourceId, Standing> failed() {
    Map<ResourceId, Standing> failed = new TreeMap<>();
    standings.forEach((id, standing) -> {
      if (standing.state() == ResourceState.FAILED) {
        failed.put(id, standing);
      }
    });
    return failed;
  }

  /**
   * Waits until that change, or a later one, is settled.
   *
   * @return where the resource stands then; empty if the time ran out first
   */
  public synchronized Optional<Standing> await(ResourceId id, long generation, long timeoutNanos)
      throws InterruptedException {
    long deadline = System.nanoTime() + timeoutNanos;
    while (true) {
      Standing standing = standings.get(id);
      if (standing != null && standing.generation() >= generation) {
        return Optional.of(standing);
      }
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        return Optional.empty();
      }
      wait(left / 1_000_000, (int) (left % 1_000_000));
    }
  }

  @Nullable Standing peek(ResourceId id) {
    synchronized (this) {
      return standings.get(id);
    }
  }

  synchronized void settle(Map<ResourceId, Standing> settled) {
    standings.putAll(settled);
    notifyAll();
  }

  /** Forgets what was deleted long enough ago that nobody waits for it. */
  synchronized void retain(Set<ResourceId> known) {
    standings.keySet().retainAll(known);
  }
}
