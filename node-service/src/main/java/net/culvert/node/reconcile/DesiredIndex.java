package net.culvert.node.reconcile;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Who wishes, holds and uses what. Guarded by the table's lock. */
final class DesiredIndex {

  private record Owned(Object value, Set<ResourceId> owners) {}

  private final Map<ObjectKey, Owned> objects = new HashMap<>();
  private final Map<Object, ResourceId> claims = new HashMap<>();
  private final Map<ObjectKey, Set<ResourceId>> users = new HashMap<>();
  private final Map<ResourceId, Set<ResourceId>> children = new HashMap<>();
  private final TreeMap<Integer, Integer> offeredMtus = new TreeMap<>();
  private final Map<ResourceId, Set<ObjectKey>> orphans = new HashMap<>();
  private final Map<ResourceId, Long> deleted = new HashMap<>();

  /** Refuses an expansion that wishes or claims what another resource has. */
  void requireFree(ResourceId id, Expansion expansion) {
    expansion
        .objects()
        .forEach((key, value) -> {
          Owned owned = objects.get(key);
          if (owned == null || owned.owners().equals(Set.of(id))) {
            return;
          }
          if (!key.kind().shareable() || !owned.value().equals(value)) {
            throw WishRefusedException.conflict(
                null, key + " is already used by " + other(owned.owners(), id));
          }
        });
    for (Expansion.Claim claim : expansion.claims()) {
      ResourceId holder = claims.get(claim.value());
      if (holder != null && !holder.equals(id)) {
        throw WishRefusedException.conflict(null, claim.words() + " is already used by " + holder);
      }
    }
  }

  private static ResourceId other(Set<ResourceId> owners, ResourceId id) {
    return owners.stream().filter(owner -> !owner.equals(id)).findFirst().orElse(id);
  }

  /** Takes one resource's expansion in place of another; either may be null. */
  void replace(
      ResourceId id, @Nullable Expansion before, @Nullable Expansion after, long generation) {
    if (before != null) {
      withdraw(id, before);
    }
    if (after == null) {
      deleted.put(id, generation);
    } else {
      deleted.remove(id);
      enter(id, after);
    }
  }

  private void withdraw(ResourceId id, Expansion expansion) {
    for (ObjectKey key : expansion.objects().keySet()) {
      Owned owned = objects.get(key);
      if (owned != null && owned.owners().remove(id) && owned.owners().isEmpty()) {
        objects.remove(key);
        orphans.computeIfAbsent(id, any -> new LinkedHashSet<>()).add(key);
      }
    }
    for (Expansion.Claim claim : expansion.claims()) {
      claims.remove(claim.value(), id);
    }
    for (ObjectKey key : expansion.uses()) {
      drop(users, key, id);
    }
    if (expansion.parent() != null) {
      drop(children, expansion.parent(), id);
    }
    expansion
        .offeredMtu()
        .ifPresent(mtu -> offeredMtus.computeIfPresent(mtu, (k, n) -> n == 1 ? null : n - 1));
  }

  private void enter(ResourceId id, Expansion expansion) {
    expansion
        .objects()
        .forEach((key, value) -> {
          Owned owned = objects.get(key);
          Set<ResourceId> owners = owned == null ? new TreeSet<>() : owned.owners();
          owners.add(id);
          objects.put(key, new Owned(value, owners));
          orphans.values().forEach(keys -> keys.remove(key));
        });
    for (Expansion.Claim claim : expansion.claims()) {
      claims.put(claim.value(), id);
    }
    for (ObjectKey key : expansion.uses()) {
      users.computeIfAbsent(key, any -> new TreeSet<>()).add(id);
    }
    if (expansion.parent() != null) {
      children.computeIfAbsent(expansion.parent(), any -> new TreeSet<>()).add(id);
    }
    expansion.offeredMtu().ifPresent(mtu -> offeredMtus.merge(mtu, 1, Integer::sum));
  }

  private static <K> void drop(Map<K, Set<ResourceId>> map, K key, ResourceId id) {
    map.computeIfPresent(
        key,
        (any, ids) -> {
          ids.remove(id);
          return ids.isEmpty() ? null : ids;
        });
  }

  Set<ResourceId> ownersOf(ObjectKey key) {
    Owned owned = objects.get(key);
    return owned == null ? Set.of() : owned.owners();
  }

  Set<ResourceId> ownersWhere(ObjectFilter filter) {
    Set<ResourceId> owners = new HashSet<>();
    objects.forEach((key, owned) -> {
      if (filter.concerns(key, owned.value())) {
        owners.addAll(owned.owners());
      }
    });
    return owners;
  }

  Set<ResourceId> usersOf(ObjectKey key) {
    return users.getOrDefault(key, Set.of());
  }

  Set<ResourceId> childrenOf(ResourceId id) {
    return Set.copyOf(children.getOrDefault(id, Set.of()));
  }

  OptionalInt smallestOfferedMtu() {
    return offeredMtus.isEmpty() ? OptionalInt.empty() : OptionalInt.of(offeredMtus.firstKey());
  }

  Set<ObjectKey> orphansOf(ResourceId id) {
    return Set.copyOf(orphans.getOrDefault(id, Set.of()));
  }

  /** Deleted resources whose objects may still be in the kernel. */
  Set<ResourceId> mourned() {
    Set<ResourceId> ids = new HashSet<>(deleted.keySet());
    ids.addAll(orphans.keySet());
    return ids;
  }

  long generationOfDeleted(ResourceId id) {
    return deleted.getOrDefault(id, 0L);
  }

  void bury(ResourceId id, Collection<ObjectKey> gone, boolean forget) {
    Set<ObjectKey> left = orphans.get(id);
    if (left != null) {
      left.removeAll(Set.copyOf(gone));
      if (left.isEmpty()) {
        orphans.remove(id);
      }
    }
    if (forget && !orphans.containsKey(id)) {
      deleted.remove(id);
    }
  }
}
