package net.culvert.node.reconcile;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import net.culvert.api.resource.ResourceState;
import org.jspecify.annotations.Nullable;

/**
 * Where every resource stands: written by the reconciler, read and waited on by anyone. It holds
 * the resources that there are and those that are still to be removed.
 */
public final class StatusBoard {

  private final Map<ResourceId, Standing> standings = new HashMap<>();
  private Map<ResourceId, List<String>> notices = Map.of();
  private FullLooks fullLooks = new FullLooks(0, 0);
  private long edition;

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

  /** All of which an object is contested, ordered. */
  public synchronized Map<ResourceId, Standing> contested() {
    Map<ResourceId, Standing> contested = new TreeMap<>();
    standings.forEach((id, standing) -> {
      if (standing.contest() != null) {
        contested.put(id, standing);
      }
    });
    return contested;
  }

  /** What a resource suffers from that is no fault of the kernel's: each a sentence. */
  synchronized List<String> warnings(ResourceId id) {
    List<String> warnings = new ArrayList<>(notices.getOrDefault(id, List.of()));
    Standing standing = standings.get(id);
    if (standing != null && standing.contest() != null) {
      warnings.add(standing.contest());
    }
    return warnings;
  }

  /** Says of each of these resources what is in its way, and of no other. */
  public synchronized void notices(Map<ResourceId, List<String>> all) {
    notices = Map.copyOf(all);
  }

  /** How often everything was looked at, and how long the last of these looks took. */
  public record FullLooks(long count, long lastNanos) {}

  public synchronized FullLooks fullLooks() {
    return fullLooks;
  }

  synchronized void lookedAtAll(long tookNanos) {
    fullLooks = new FullLooks(fullLooks.count() + 1, tookNanos);
  }

  synchronized @Nullable Standing peek(ResourceId id) {
    return standings.get(id);
  }

  /** Grows with every change of the board. */
  synchronized long edition() {
    return edition;
  }

  /**
   * Returns once the board has another edition than that.
   *
   * @param deadlineNanos in {@link System#nanoTime}
   * @return false if the time ran out first
   */
  synchronized boolean awaitNews(long seen, long deadlineNanos) throws InterruptedException {
    while (edition == seen) {
      long left = deadlineNanos - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      wait(left / 1_000_000, (int) (left % 1_000_000));
    }
    return true;
  }

  /**
   * @param gone resources of which nothing is left
   */
  synchronized void settle(Map<ResourceId, Standing> settled, Collection<ResourceId> gone) {
    standings.putAll(settled);
    gone.forEach(standings::remove);
    edition++;
    notifyAll();
  }

  synchronized int size() {
    return standings.size();
  }
}
