package net.culvert.node.reconcile;

import java.util.Collection;
import java.util.List;

/**
 * Where wishes are kept; a write returns once it will survive whatever the store promises to
 * survive. Called by one thread at a time, under the table's lock.
 */
public interface DesiredStore {

  /**
   * What a store holds.
   *
   * @param revision of the last write
   * @param wishes in no order
   * @param former wishes that were replaced or forgotten, oldest first, and whose kernel objects
   *     may still be there
   */
  record Kept(long revision, List<Wish<?>> wishes, List<Wish<?>> former) {
    static final Kept NOTHING = new Kept(0, List.of(), List.of());
  }

  /**
   * Everything that is held; called once, before the first write.
   *
   * @throws StoreException if it cannot be read
   */
  Kept load();

  /**
   * Keeps and forgets wishes as one. What they were before is held as former, until it is {@link
   * #settled}.
   *
   * @param revision of this write, which all wishes that are new in it have; it grows with each
   * @throws StoreException if nothing was kept or forgotten
   */
  void write(long revision, Collection<Wish<?>> kept, Collection<ResourceId> forgotten);

  /**
   * Nothing is in the kernel any more of what the resource was before its last write. To forget
   * that late, or never, costs a look at the kernel after the next start and nothing else.
   */
  void settled(ResourceId id);

  /** Whether a topology was ever taken from a file, as {@link #bootstrapped} was told. */
  default boolean isBootstrapped() {
    return false;
  }

  /**
   * A topology was taken from a file.
   *
   * @throws StoreException if that cannot be kept
   */
  default void bootstrapped() {}

  /** Keeps nothing beyond the process: the table in memory is all there is. */
  static DesiredStore inMemory() {
    return new DesiredStore() {
      @Override
      public Kept load() {
        return Kept.NOTHING;
      }

      @Override
      public void write(long revision, Collection<Wish<?>> kept, Collection<ResourceId> forgotten) {
        // The table has them.
      }

      @Override
      public void settled(ResourceId id) {
        // Nothing former is held.
      }
    };
  }
}
