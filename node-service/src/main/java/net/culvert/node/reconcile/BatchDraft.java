package net.culvert.node.reconcile;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.culvert.node.reconcile.Rows.Row;

/**
 * What a batch makes of a copy of the rows. Guarded by the table's lock.
 *
 * @param next the copy, changed
 * @param wishes that are new or have another body
 * @param before what is replaced or deleted
 * @param generations of what was taken out; see {@link Slice#generation}
 * @param dirty resources whose objects may be others
 */
record BatchDraft(
    Rows next,
    List<Wish<?>> wishes,
    Map<ResourceId, Row> before,
    Map<ResourceId, Long> generations,
    Set<ResourceId> dirty) {

  /**
   * Makes a batch apart from the rows that there are.
   *
   * @param revision of what it writes
   * @throws BatchRefusedException if any part contradicts itself, another or what there is
   */
  static BatchDraft of(Batch batch, Rows rows, long revision) {
    Rows next = rows.copy();
    Set<ResourceId> dirty = new HashSet<>();
    Map<ResourceId, WishRefusedException> refusals = new HashMap<>();
    Map<ResourceId, Row> before = new LinkedHashMap<>();
    for (ResourceId id : batch.deletions()) {
      Row row = next.find(id);
      if (row == null) {
        refusals.put(id, WishRefusedException.absent("there is no " + id));
      } else {
        next.family(row).forEach(each -> before.putIfAbsent(each.id(), each));
      }
    }
    Set<ResourceId> deleted = Set.copyOf(before.keySet());
    List<Wish<?>> wishes = new ArrayList<>();
    for (Batch.Put<?> put : batch.puts()) {
      Row row = next.find(put.id());
      if (row == null || deleted.contains(put.id()) || !row.wish().body().equals(put.body())) {
        wishes.add(new Wish<>(put.id(), revision, put.body()));
        if (row != null) {
          before.putIfAbsent(put.id(), row);
        }
      }
    }
    // First all of the old goes, so that two resources can exchange what they have.
    Map<ResourceId, Long> generations =
        new HashMap<>(next.removeAll(List.copyOf(before.values()), dirty));
    next.installAll(wishes, dirty).forEach((wish, refusal) -> refusals.put(wish.id(), refusal));
    before.values().forEach(row -> requireUnused(row, next, refusals));
    if (!refusals.isEmpty()) {
      throw new BatchRefusedException(refusals);
    }
    return new BatchDraft(next, wishes, before, generations, dirty);
  }

  private static void requireUnused(
      Row old, Rows next, Map<ResourceId, WishRefusedException> refusals) {
    for (ObjectKey key : old.expansion().objects().keySet()) {
      if (next.index().ownersOf(key).isEmpty()) {
        try {
          next.index().requireUnused(key, Set.of());
        } catch (WishRefusedException e) {
          refusals.putIfAbsent(old.id(), e);
        }
      }
    }
  }

  /** Resources that there are no more. */
  Set<ResourceId> forgotten() {
    Set<ResourceId> forgotten = new HashSet<>(before.keySet());
    wishes.forEach(wish -> forgotten.remove(wish.id()));
    return forgotten;
  }

  /** Expands again what follows the changes. */
  void follow() {
    Set<ResourceId> changed = new LinkedHashSet<>(before.keySet());
    wishes.forEach(wish -> changed.add(wish.id()));
    follow(next, changed, before, dirty);
  }

  /** Expands again what follows these changes of a copy. */
  static void follow(
      Rows next, Set<ResourceId> changed, Map<ResourceId, Row> before, Set<ResourceId> dirty) {
    for (ResourceId id : changed) {
      Row row = next.find(id);
      Row old = row == null ? before.get(id) : row;
      if (old != null) {
        next.expandFamily(id, old.expansion().parent(), dirty);
      }
    }
    next.expandRefused(dirty);
  }
}
