package net.culvert.node.reconcile;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a batch would make of the table, and what the table is without it.
 *
 * @param slices every resource that there would be, or that would still be to remove
 * @param wished all objects that are wished now, without the batch
 * @param whole whether every wish means something, so that leftovers would go
 */
record Preview(List<Slice> slices, Map<ObjectKey, Object> wished, boolean whole) {

  /** All objects that would be wished. */
  Map<ObjectKey, Object> desired() {
    Map<ObjectKey, Object> desired = new HashMap<>();
    slices.forEach(slice -> desired.putAll(slice.objects()));
    return desired;
  }

  /** The resource that an object belongs to, the first where several share it. */
  Map<ObjectKey, ResourceId> owners() {
    Map<ObjectKey, ResourceId> owners = new HashMap<>();
    for (Slice slice : slices) {
      slice.objects().keySet().forEach(key -> owners.putIfAbsent(key, slice.id()));
    }
    for (Slice slice : slices) {
      slice.orphans().forEach(key -> owners.putIfAbsent(key, slice.id()));
    }
    return owners;
  }

  /** What is wished of an object now; null where nothing is. */
  @Nullable Object wishedNow(ObjectKey key) {
    return wished.get(key);
  }
}
