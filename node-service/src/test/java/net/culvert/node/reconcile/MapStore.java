package net.culvert.node.reconcile;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A store in memory that outlives the tables over it, and whose writes can be told to fail. */
final class MapStore implements DesiredStore {

  final Map<ResourceId, Wish<?>> wishes = new HashMap<>();
  final List<Wish<?>> former = new ArrayList<>();
  private final Set<ResourceId> settled = new HashSet<>();
  boolean full;
  private long revision;

  /** The same as it is now, out of reach of whoever still writes to this one. */
  synchronized MapStore copy() {
    MapStore copy = new MapStore();
    copy.wishes.putAll(wishes);
    copy.former.addAll(former);
    copy.revision = revision;
    return copy;
  }

  @Override
  public synchronized Kept load() {
    return new Kept(revision, List.copyOf(wishes.values()), List.copyOf(former));
  }

  @Override
  public synchronized void write(
      long newRevision, Collection<Wish<?>> kept, Collection<ResourceId> forgotten) {
    if (full) {
      throw new StoreException(
          StoreException.Reason.FULL, "No space left on device", new IllegalStateException());
    }
    revision = Math.max(revision, newRevision);
    former.removeIf(wish -> settled.contains(wish.id()));
    settled.clear();
    kept.forEach(wish -> replace(wishes.put(wish.id(), wish)));
    forgotten.forEach(id -> replace(wishes.remove(id)));
  }

  private void replace(@Nullable Wish<?> before) {
    if (before != null) {
      former.add(before);
    }
  }

  @Override
  public synchronized void settled(ResourceId id) {
    settled.add(id);
  }
}
