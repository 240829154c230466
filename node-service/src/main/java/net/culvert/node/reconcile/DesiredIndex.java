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

/**
 * Who wishes, holds and uses what. What a resource had before a write that the kernel has not yet
 * answered stays held for it, so that the write can be undone. Guarded by the table's lock.
 */
final class DesiredIndex {

  private record Owned(Object value, Set<ResourceId> owners) {}

  private record Held(ResourceId id, Expansion expansion) {}

  private final Map<ObjectKey, Owned> objects = new HashMap<>();
  private final Map<Object, ResourceId> claims = new HashMap<>();
  private final Map<ObjectKey, Set<ResourceId>> users = new HashMap<>();
  private final Map<ResourceId, Set<ResourceId>> children = new HashMap<>();
  private final TreeMap<Integer, Integer> offeredMtus = new TreeMap<>();
  private final Map<Long, Held> held = new HashMap<>();
  private final Map<ObjectKey, ResourceId> orphans = new HashMap<>();
  private final Map<ResourceId, Set<ObjectKey>> orphansOf = new HashMap<>();
  private final Map<ResourceId, Long> deleted = new HashMap<>();

  /** The same, to be changed apart from this one. */
  DesiredIndex copy() {
    DesiredIndex copy = new DesiredIndex();
    objects.forEach((key, owned) ->
        copy.objects.put(key, new Owned(owned.value(), new TreeSet<>(owned.owners()))));
    copy.claims.putAll(claims);
    users.forEach((key, ids) -> copy.users.put(key, new TreeSet<>(ids)));
    children.forEach((id, below) -> copy.children.put(id, new TreeSet<>(below)));
    copy.offeredMtus.putAll(offeredMtus);
    copy.held.putAll(held);
    copy.orphans.putAll(orphans);
    orphansOf.forEach((id, keys) -> copy.orphansOf.put(id, new LinkedHashSet<>(keys)));
    copy.deleted.putAll(deleted);
    return copy;
  }

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
    if (!held.isEmpty()) {
      Set<Object> claimed = new HashSet<>();
      expansion.claims().forEach(claim -> claimed.add(claim.value()));
      for (Held other : held.values()) {
        if (!other.id().equals(id)) {
          requireNotHeld(other, expansion, claimed);
        }
      }
    }
  }

  private static void requireNotHeld(Held other, Expansion expansion, Set<Object> claimed) {
    other
        .expansion()
        .objects()
        .forEach((key, value) -> {
          Object wished = expansion.objects().get(key);
          if (wished != null && !(key.kind().shareable() && wished.equals(value))) {
            throw WishRefusedException.conflict(null, key + stillHeldBy(other.id()));
          }
        });
    for (Expansion.Claim claim : other.expansion().claims()) {
      if (claimed.contains(claim.value())) {
        throw WishRefusedException.conflict(null, claim.words() + stillHeldBy(other.id()));
      }
    }
  }

  private static String stillHeldBy(ResourceId id) {
    return " is still held by " + id + ", whose change is under way";
  }

  private static ResourceId other(Set<ResourceId> owners, ResourceId id) {
    return owners.stream().filter(owner -> !owner.equals(id)).findFirst().orElse(id);
  }

  /** Refuses to let go of an object that a resource outside the family uses. */
  void requireUnused(ObjectKey key, Set<ResourceId> family) {
    for (ResourceId user : users.getOrDefault(key, Set.of())) {
      if (!family.contains(user)) {
        throw WishRefusedException.conflict(null, key + " is in use by " + user);
      }
    }
    for (Held other : held.values()) {
      if (!family.contains(other.id()) && other.expansion().uses().contains(key)) {
        throw WishRefusedException.conflict(
            null, key + " is in use by " + other.id() + ", whose change is under way");
      }
    }
  }

  /** Keeps for a resource what it had before the write of that generation. */
  void hold(long generation, ResourceId id, Expansion expansion) {
    held.put(generation, new Held(id, expansion));
  }

  void release(long generation) {
    held.remove(generation);
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
        orphans.put(key, id);
        orphansOf.computeIfAbsent(id, any -> new LinkedHashSet<>()).add(key);
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
          ResourceId left = orphans.remove(key);
          if (left != null) {
            drop(orphansOf, left, key);
          }
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

  private static <K, V> void drop(Map<K, Set<V>> map, K key, V value) {
    map.computeIfPresent(
        key,
        (any, values) -> {
          values.remove(value);
          return values.isEmpty() ? null : values;
        });
  }

  Set<ResourceId> ownersOf(ObjectKey key) {
    Owned owned = objects.get(key);
    return owned == null ? Set.of() : owned.owners();
  }

  /** What a resource was before this process: its objects are orphans unless they are wished. */
  void mourn(ResourceId id, Collection<ObjectKey> keys, boolean isGone, long generation) {
    for (ObjectKey key : keys) {
      if (!objects.containsKey(key) && orphans.putIfAbsent(key, id) == null) {
        orphansOf.computeIfAbsent(id, any -> new LinkedHashSet<>()).add(key);
      }
    }
    if (isGone) {
      deleted.put(id, generation);
    }
  }

  Set<ResourceId> usersOf(ObjectKey key) {
    return users.getOrDefault(key, Set.of());
  }

  /** Ordered; a view, which the next write changes. */
  Set<ResourceId> childrenOf(ResourceId id) {
    return children.getOrDefault(id, Set.of());
  }

  OptionalInt smallestOfferedMtu() {
    return offeredMtus.isEmpty() ? OptionalInt.empty() : OptionalInt.of(offeredMtus.firstKey());
  }

  Set<ObjectKey> orphansOf(ResourceId id) {
    return Set.copyOf(orphansOf.getOrDefault(id, Set.of()));
  }

  /** Whether nobody wishes it any more and the kernel may still have it. */
  boolean isOrphan(ObjectKey key) {
    return orphans.containsKey(key);
  }

  /** Deleted resources whose objects may still be in the kernel. */
  Set<ResourceId> mourned() {
    return Set.copyOf(deleted.keySet());
  }

  /** When the resource was deleted; null where it was not, or where nothing of it is left. */
  @Nullable Long deleted(ResourceId id) {
    return deleted.get(id);
  }

  /** Forgets orphans that are gone, and the deletion of that generation once all of them are. */
  void bury(ResourceId id, Collection<ObjectKey> gone, long generation) {
    for (ObjectKey key : gone) {
      if (orphans.remove(key, id)) {
        drop(orphansOf, id, key);
      }
    }
    if (!orphansOf.containsKey(id)) {
      deleted.remove(id, generation);
    }
  }

  /** How many things are remembered of resources that are gone or changing. */
  int remembered() {
    return held.size() + orphans.size() + orphansOf.size() + deleted.size();
  }
}
