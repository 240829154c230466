package net.culvert.node.reconcile;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import net.culvert.node.reconcile.Rows.Row;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is wished, with the kernel objects that it means. Any thread may call it; a write
 * is in the store before it is seen, and either happens whole or not at all.
 *
 * <p>After a write, what it took away from its resource stays held for that resource (nobody else
 * can have the address) until the writer says by {@link #accept(Written)} that the write stands, or
 * takes it back by {@link #undo(Written)}.
 */
public final class DesiredTable {

  /**
   * What a write did.
   *
   * @param previous the wish before it, null where there was none
   * @param current the wish after it
   * @param generation to wait for; see {@link Slice#generation}
   */
  public record Written<B>(
      @Nullable Wish<B> previous, Wish<B> current, boolean changed, long generation) {}

  /**
   * A resource and its children that were deleted.
   *
   * @param wishes parents before children
   * @param generations to wait for, each resource's own
   */
  public record Deleted(List<Wish<?>> wishes, Map<ResourceId, Long> generations) {}

  private final DesiredStore store;
  private Rows rows;
  private DesiredIndex index;
  private final Map<Long, Row> undoable = new HashMap<>();
  private final DirtyListener listener;
  private volatile WriteListener writes = WriteListener.NONE;
  private long revision;

  /**
   * Told of every resource whose objects may have changed, under the table's lock: it must only
   * take note.
   */
  @FunctionalInterface
  public interface DirtyListener {
    void dirty(Set<ResourceId> ids);
  }

  /** Told of every write and deletion, and of their undoing, as {@link DirtyListener} is. */
  public interface WriteListener {

    WriteListener NONE = new WriteListener() {};

    default void written(Wish<?> wish, boolean created) {}

    /**
     * @param revision of the whole, with the deletion
     */
    default void deleted(ResourceId id, long revision) {}
  }

  public DesiredTable(
      DesiredStore store, Collection<ResourceType<?>> types, DirtyListener listener) {
    this.store = store;
    this.rows = new Rows(types);
    this.index = rows.index();
    this.listener = listener;
  }

  /** Who is told of writes from now on. */
  public void listenBy(WriteListener newListener) {
    writes = newListener;
  }

  /**
   * Takes what the store holds; called once, before any other. A wish that is not accepted any more
   * stays, wishes nothing of the kernel, and keeps everything else of ours there from being
   * removed.
   *
   * @throws StoreException if the store cannot be read
   */
  public synchronized void restore() {
    DesiredStore.Kept kept = store.load();
    revision = kept.revision();
    Set<ResourceId> dirty = new HashSet<>();
    rows.restore(kept.wishes(), dirty);
    kept.former().forEach(wish -> rows.mourn(wish, dirty));
    listener.dirty(dirty);
  }

  /**
   * Takes a wish, or refuses it with nothing changed.
   *
   * @throws WishRefusedException if it contradicts itself, another wish or the precondition
   */
  public synchronized <B> Written<B> put(
      ResourceType<B> type, String name, B body, Precondition precondition) {
    ResourceId id = new ResourceId(type.name(), name);
    Row old = rows.find(id);
    requireRevision(id, old, precondition);
    if (old != null && old.wish().body().equals(body)) {
      Wish<B> same = Rows.cast(old.wish());
      return new Written<>(same, same, false, old.generation());
    }
    Expansion expansion = rows.expand(type, id, body);
    index.requireFree(id, expansion);
    requireUnused(old, expansion);
    Wish<B> wish = new Wish<>(id, revision + 1, body);
    store.write(wish.revision(), List.of(wish), List.of());
    revision++;
    Set<ResourceId> dirty = new HashSet<>();
    long written = rows.install(type, wish, expansion, dirty);
    if (old != null) {
      hold(written, old);
    }
    rows.expandFamily(id, expansion.parent(), dirty);
    rows.expandRefused(dirty);
    listener.dirty(dirty);
    writes.written(wish, old == null);
    return new Written<>(old == null ? null : Rows.cast(old.wish()), wish, true, written);
  }

  /**
   * Deletes a resource and its children.
   *
   * @throws WishRefusedException if it is absent, still used by another resource, or the
   *     precondition does not hold
   */
  public synchronized Deleted delete(ResourceId id, Precondition precondition) {
    Row old = rows.find(id);
    if (old == null) {
      throw WishRefusedException.absent("there is no " + id);
    }
    requireRevision(id, old, precondition);
    List<Row> doomed = rows.family(old);
    Set<ResourceId> ids = Rows.ids(doomed);
    for (Row each : doomed) {
      for (ObjectKey key : each.expansion().objects().keySet()) {
        index.requireUnused(key, ids);
      }
    }
    store.write(revision + 1, List.of(), ids);
    revision++;
    Set<ResourceId> dirty = new HashSet<>();
    Map<ResourceId, Long> generations = rows.removeAll(doomed, dirty);
    doomed.forEach(each -> hold(generations.getOrDefault(each.id(), 0L), each));
    rows.expandFamily(id, old.expansion().parent(), dirty);
    rows.expandRefused(dirty);
    listener.dirty(dirty);
    doomed.forEach(each -> writes.deleted(each.id(), revision));
    return new Deleted(doomed.stream().<Wish<?>>map(Row::wish).toList(), generations);
  }

  /**
   * Takes a batch, or refuses it with nothing changed.
   *
   * @param precondition on the table's revision
   * @throws BatchRefusedException if any part contradicts itself, another or what there is
   * @throws WishRefusedException if the precondition does not hold
   */
  public synchronized Applied apply(Batch batch, Precondition precondition) {
    if (!precondition.holds(OptionalLong.of(revision))) {
      throw new WishRefusedException(
          WishRefusedException.Reason.STALE,
          "If-Match",
          "what is wished has revision " + revision + " as a whole");
    }
    BatchDraft draft = BatchDraft.of(batch, rows, revision + 1);
    Map<ResourceId, Long> generations = draft.generations();
    Map<ResourceId, Row> before = draft.before();
    Set<ResourceId> forgotten = draft.forgotten();
    if (!draft.wishes().isEmpty() || !forgotten.isEmpty()) {
      store.write(revision + 1, draft.wishes(), forgotten);
      revision++;
    }
    draft.follow();
    take(draft.next(), draft.dirty());
    draft.wishes().forEach(wish -> generations.put(wish.id(), rows.get(wish.id()).generation()));
    before.forEach((id, row) -> hold(generations.getOrDefault(id, 0L), row));
    forgotten.forEach(id -> writes.deleted(id, revision));
    draft.wishes().forEach(wish -> writes.written(wish, !before.containsKey(wish.id())));
    return new Applied(revision, generations, before);
  }

  /** As the other, whatever the revision is. */
  public Applied apply(Batch batch) {
    return apply(batch, Precondition.NONE);
  }

  /**
   * What a batch would make of the table; nothing is changed.
   *
   * @throws BatchRefusedException as {@link #apply(Batch)}
   */
  synchronized Preview preview(Batch batch) {
    BatchDraft draft = BatchDraft.of(batch, rows, revision + 1);
    draft.follow();
    Rows next = draft.next();
    Map<ObjectKey, Object> wished = new HashMap<>();
    rows.all().forEach(row -> wished.putAll(row.expansion().objects()));
    return new Preview(slices(next), wished, next.isWhole());
  }

  /** Puts what was changed apart in place of what there is. */
  private void take(Rows next, Set<ResourceId> dirty) {
    rows = next;
    index = next.index();
    listener.dirty(dirty);
  }

  /** The batch stands: what it took away is free. */
  public synchronized void accept(Applied applied) {
    applied.generations().values().forEach(this::release);
  }

  /**
   * Undoes a batch that the kernel refused, where nobody wrote since.
   *
   * @return the generations to wait for
   */
  public synchronized Map<ResourceId, Long> undo(Applied applied) {
    Rows next = rows.copy();
    Set<ResourceId> dirty = new HashSet<>();
    List<Row> doomed = new ArrayList<>();
    List<Row> back = new ArrayList<>();
    applied
        .generations()
        .forEach((id, generation) -> {
          Row now = next.find(id);
          Row old = applied.before().get(id);
          boolean mine = now == null || now.wish().revision() == applied.revision();
          if (now != null && mine) {
            (old == null ? next.family(now) : List.of(now))
                .forEach(each -> {
                  if (doomed.stream().noneMatch(one -> one.id().equals(each.id()))) {
                    doomed.add(each);
                  }
                });
          }
          if (old != null && mine) {
            back.add(old);
          }
        });
    Map<ResourceId, Long> generations = new HashMap<>(next.removeAll(doomed, dirty));
    back.forEach(old -> next.reinstall(old, dirty));
    back.forEach(old -> generations.put(old.id(), next.get(old.id()).generation()));
    Set<ResourceId> forgotten = Rows.ids(doomed);
    forgotten.removeAll(Rows.ids(back));
    store.write(revision + 1, back.stream().<Wish<?>>map(Row::wish).toList(), forgotten);
    revision++;
    applied.generations().values().forEach(next.index()::release);
    undoable.keySet().removeAll(applied.generations().values());
    BatchDraft.follow(next, generations.keySet(), applied.before(), dirty);
    take(next, dirty);
    forgotten.forEach(id -> writes.deleted(id, revision));
    back.forEach(old -> writes.written(old.wish(), false));
    return generations;
  }

  /** The write stands: what it took away from its resource is free. */
  public synchronized void accept(Written<?> written) {
    if (written.changed()) {
      release(written.generation());
    }
  }

  /** The deletion stands: what it took away is free. */
  public synchronized void accept(Deleted deleted) {
    deleted.generations().values().forEach(this::release);
  }

  /**
   * Undoes a write that the kernel refused, unless somebody wrote again since; children that a new
   * resource has got by now go with it.
   *
   * @return the generations to wait for; empty where another write came in between
   */
  public synchronized Map<ResourceId, Long> undo(Written<?> written) {
    ResourceId id = written.current().id();
    Row now = rows.find(id);
    Row old = undoable.get(written.generation());
    if (!written.changed()
        || now == null
        || now.wish().revision() != written.current().revision()
        || (old == null) != (written.previous() == null)) {
      return Map.of();
    }
    Set<ResourceId> dirty = new HashSet<>();
    Map<ResourceId, Long> generations;
    if (old == null) {
      List<Row> doomed = rows.family(now);
      store.write(revision + 1, List.of(), Rows.ids(doomed));
      generations = rows.removeAll(doomed, dirty);
    } else {
      store.write(revision + 1, List.of(old.wish()), List.of());
      rows.reinstall(old, dirty);
      generations = Map.of(id, rows.get(id).generation());
    }
    revision++;
    release(written.generation());
    rows.expandFamily(id, now.expansion().parent(), dirty);
    listener.dirty(dirty);
    if (old == null) {
      generations.keySet().forEach(gone -> writes.deleted(gone, revision));
    } else {
      writes.written(old.wish(), false);
    }
    return generations;
  }

  /**
   * Puts back what {@link #delete} took, parents first, where nobody wrote since and the parent is
   * still there.
   *
   * @return the generations to wait for
   */
  public synchronized Map<ResourceId, Long> undo(Deleted deleted) {
    List<Row> back = new ArrayList<>();
    for (Wish<?> wish : deleted.wishes()) {
      Row old = undoable.get(deleted.generations().getOrDefault(wish.id(), 0L));
      if (old != null && rows.find(wish.id()) == null && hasParent(old, back)) {
        back.add(old);
      }
    }
    if (!back.isEmpty()) {
      store.write(revision + 1, back.stream().<Wish<?>>map(Row::wish).toList(), List.of());
      revision++;
    }
    Set<ResourceId> dirty = new HashSet<>();
    back.forEach(old -> rows.reinstall(old, dirty));
    accept(deleted);
    back.forEach(old -> rows.expandFamily(old.id(), old.expansion().parent(), dirty));
    listener.dirty(dirty);
    back.forEach(old -> writes.written(old.wish(), true));
    Map<ResourceId, Long> generations = new HashMap<>();
    back.forEach(old -> generations.put(old.id(), rows.get(old.id()).generation()));
    return generations;
  }

  private boolean hasParent(Row child, List<Row> back) {
    ResourceId parent = child.expansion().parent();
    return parent == null
        || rows.find(parent) != null
        || back.stream().anyMatch(each -> each.id().equals(parent));
  }

  /**
   * Has a resource looked at again as if it had just been written.
   *
   * @return the generation to wait for; empty if there is no such resource
   */
  synchronized OptionalLong touch(ResourceId id) {
    Row row = rows.find(id);
    if (row == null) {
      return OptionalLong.empty();
    }
    long now = rows.touch(row);
    listener.dirty(Set.of(id));
    return OptionalLong.of(now);
  }

  public synchronized <B> Optional<Wish<B>> get(ResourceType<B> type, String name) {
    Row row = rows.find(new ResourceId(type.name(), name));
    return row == null ? Optional.empty() : Optional.of(Rows.cast(row.wish()));
  }

  /** All wishes of a type, ordered by name. */
  public synchronized <B> List<Wish<B>> list(ResourceType<B> type) {
    return rows.wishes(type);
  }

  /** Those of the wished objects that are so, by the resource that wishes them. */
  public synchronized Map<ResourceId, Set<ObjectKey>> wished(Predicate<ObjectKey> wanted) {
    Map<ResourceId, Set<ObjectKey>> wished = new HashMap<>();
    for (Row row : rows.all()) {
      for (ObjectKey key : row.expansion().objects().keySet()) {
        if (wanted.test(key)) {
          wished.computeIfAbsent(row.id(), any -> new HashSet<>()).add(key);
        }
      }
    }
    return wished;
  }

  /**
   * Everything that is wished at one moment.
   *
   * @param revision of the whole: another after every write, deletion and undoing of one
   * @param wishes ordered by type and name
   */
  public record Whole(long revision, List<Wish<?>> wishes) {}

  public synchronized Whole whole() {
    return new Whole(revision, rows.all().stream().<Wish<?>>map(Row::wish).toList());
  }

  /** How many wishes there are of each type. */
  public synchronized Map<String, Integer> count() {
    return rows.count();
  }

  /** Facts of the host that expansions look at are not what they were. */
  public synchronized void factsChanged() {
    Set<ResourceId> dirty = new HashSet<>();
    rows.expandFactsFollowers(dirty);
    listener.dirty(dirty);
  }

  /**
   * The resources that wish or use any of these objects, and those below them: what the kernel
   * takes along with an object, such as a device's routes, it does not always tell of.
   */
  public synchronized Set<ResourceId> concerned(Collection<? extends ObjectKey> keys) {
    Set<ResourceId> ids = new HashSet<>();
    for (ObjectKey key : keys) {
      for (ResourceId owner : index.ownersOf(key)) {
        ids.add(owner);
        ids.addAll(index.childrenOf(owner));
      }
      ids.addAll(index.usersOf(key));
    }
    return ids;
  }

  /** Those of the resources that there are, or were until lately, all at one time. */
  synchronized List<Slice> slices(Collection<ResourceId> ids) {
    return slices(rows, ids);
  }

  private static List<Slice> slices(Rows rows, Collection<ResourceId> ids) {
    DesiredIndex index = rows.index();
    List<Slice> slices = new ArrayList<>(ids.size());
    for (ResourceId id : ids) {
      Row row = rows.find(id);
      Long deleted = index.deleted(id);
      if (row != null) {
        slices.add(
            new Slice(
                id,
                row.generation(),
                row.expansion().objects(),
                index.orphansOf(id),
                row.refusal()));
      } else if (deleted != null) {
        slices.add(new Slice(id, deleted, Map.of(), index.orphansOf(id), null));
      }
    }
    return slices;
  }

  /** Every resource that there is, or was until lately, all at one time. */
  synchronized List<Slice> slices() {
    return slices(rows);
  }

  private static List<Slice> slices(Rows rows) {
    Set<ResourceId> ids = new TreeSet<>(rows.index().mourned());
    rows.all().forEach(row -> ids.add(row.id()));
    return slices(rows, ids);
  }

  /** Those that are looked at before all others after a start. */
  synchronized List<Slice> firstSlices() {
    return slices(rows.all().stream().filter(row -> row.type().comesFirst()).map(Row::id).toList());
  }

  /** Whether all that is wished is known, so that what else is there of ours can go. */
  synchronized boolean isWhole() {
    return rows.isWhole();
  }

  /**
   * The reconciler has seen that these are gone from the kernel.
   *
   * @return whether nothing is left of the resource: it is deleted, and so are its objects
   */
  synchronized boolean buried(ResourceId id, Collection<ObjectKey> gone, long seenGeneration) {
    index.bury(id, gone, seenGeneration);
    if (index.orphansOf(id).isEmpty()) {
      store.settled(id);
    }
    return rows.find(id) == null && index.deleted(id) == null;
  }

  /** The generation of a resource's last write; empty if there is no such resource. */
  synchronized OptionalLong generation(ResourceId id) {
    Row row = rows.find(id);
    return row == null ? OptionalLong.empty() : OptionalLong.of(row.generation());
  }

  /** Whether the deletion of that generation is still to be seen in the kernel. */
  synchronized boolean mourns(ResourceId id, long deletion) {
    Long deleted = index.deleted(id);
    return deleted != null && deleted == deletion;
  }

  /** How many things are remembered of resources that are gone or changing. */
  synchronized int remembered() {
    return undoable.size() + index.remembered();
  }

  private void hold(long written, Row old) {
    undoable.put(written, old);
    index.hold(written, old.id(), old.expansion());
  }

  private void release(long written) {
    undoable.remove(written);
    index.release(written);
  }

  private void requireRevision(ResourceId id, @Nullable Row row, Precondition precondition) {
    OptionalLong current =
        row == null ? OptionalLong.empty() : OptionalLong.of(row.wish().revision());
    if (!precondition.holds(current)) {
      throw new WishRefusedException(
          WishRefusedException.Reason.STALE,
          "If-Match",
          current.isEmpty() ? "there is no " + id : id + " has revision " + current.getAsLong());
    }
  }

  private void requireUnused(@Nullable Row old, Expansion expansion) {
    if (old == null) {
      return;
    }
    Set<ResourceId> family = new HashSet<>(index.childrenOf(old.id()));
    family.add(old.id());
    for (ObjectKey key : old.expansion().objects().keySet()) {
      if (!expansion.objects().containsKey(key)) {
        index.requireUnused(key, family);
      }
    }
  }
}
