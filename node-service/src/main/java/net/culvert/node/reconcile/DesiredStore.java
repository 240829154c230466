package net.culvert.node.reconcile;

import java.util.Collection;

/**
 * Where wishes are kept; a write returns once it will survive whatever the store promises to
 * survive.
 */
public interface DesiredStore {

  /**
   * Keeps and forgets wishes as one.
   *
   * @throws java.io.UncheckedIOException if nothing was kept or forgotten
   */
  void write(Collection<Wish<?>> kept, Collection<ResourceId> forgotten);

  /** Keeps nothing beyond the process: the table in memory is all there is. */
  static DesiredStore inMemory() {
    return (kept, forgotten) -> {};
  }
}
