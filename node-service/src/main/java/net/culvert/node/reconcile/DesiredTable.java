package net.culvert.node.reconcile;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is wished, with the kernel objects that it means. Any thread may call it; a write
 * is in the store before it is seen, and either happens whole or not at all.
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

  private record Entry(Wish<?> wish, ResourceType<?> type, Expansion expansion, long generation) {}

  private final DesiredStore store;
  private final Map<String, ResourceType<?>> types;
  private final Map<String, Map<String, Entry>> entries = new TreeMap<>();
  private final DesiredIndex index = new DesiredIndex();
  private final DirtyListener listener;
  private long revision;
  private long generation;

  /**
   * Told of every resource whose objects may have changed, under the table's lock: it must only
   * take note.
   */
  @FunctionalInterface
  public interface DirtyListener {
    void dirty(Set<ResourceId> ids);
  }

  public DesiredTable(
      DesiredStore store, Collection<ResourceType<?>> types, DirtyListener listener) {
    this.store = store;
    this.types = types.stream().collect(Collectors.toMap(ResourceType::name, type -> type));
    this.listener = listener;
    for (ResourceType<?> type : types) {
      entries.put(type.name(), new TreeMap<>());
    }
  }

  /**
   * Takes a wish, or refuses it with nothing changed.
   *
   * @throws WishRefusedException if it contradicts itself, another wish or the precondition
   */
  public synchronized <B> Written<B> put(
      ResourceType<B> type, String name, B body, Precondition precondition) {
    ResourceId id = new ResourceId(type.name(), name);
    Entry old = entry(id);
    requireRevision(id, old, precondition);
    if (old != null && old.wish().body().equals(body)) {
      Wish<B> same = cast(old.wish());
      return new Written<>(same, same, false, old.generation());
    }
    Expansion expansion = type.expand(name, body, new View(id));
    index.requireFree(id, expansion);
    requireUnused(old, expansion);
    Wish<B> wish = new Wish<>(id, revision + 1, body);
    store.write(List.of(wish), List.of());
    revision++;
    Set<ResourceId> dirty = new HashSet<>();
    long written = install(type, wish, expansion, dirty);
    expandFamily(id, expansion.parent(), dirty);
    listener.dirty(dirty);
    return new Written<>(old == null ? null : cast(old.wish()), wish, true, written);
  }

  /**
   * Deletes a resource and its children.
   *
   * @throws WishRefusedException if it is absent, still used by another resource, or the
   *     precondition does not hold
   */
  public synchronized Deleted delete(ResourceId id, Precondition precondition) {
    Entry old = entry(id);
    if (old == null) {
      throw WishRefusedException.absent("there is no " + id);
    }
    requireRevision(id, old, precondition);
    List<ResourceId> doomed = new ArrayList<>(index.childrenOf(id));
    doomed.add(id);
    for (ResourceId each : doomed) {
      for (ObjectKey key : existing(each).expansion().objects().keySet()) {
        requireUnusedOutside(key, Set.copyOf(doomed));
      }
    }
    List<Wish<?>> wishes = new ArrayList<>();
    for (ResourceId each : doomed.reversed()) {
      wishes.add(existing(each).wish());
    }
    store.write(List.of(), doomed);
    Set<ResourceId> dirty = new HashSet<>();
    Map<ResourceId, Long> generations = new HashMap<>();
    for (ResourceId each : doomed) {
      generations.put(each, remove(each, dirty));
    }
    expandFamily(id, old.expansion().parent(), dirty);
    listener.dirty(dirty);
    return new Deleted(wishes, generations);
  }

  /**
   * Undoes a write that the kernel refused, unless somebody wrote again since.
   *
   * @param written the refused wish
   * @param previous what stood there before; null for nothing
   * @return the generation to wait for; empty where another write came in between
   */
  public synchronized OptionalLong undo(Wish<?> written, @Nullable Wish<?> previous) {
    Entry now = entry(written.id());
    if (now == null || now.wish().revision() != written.revision()) {
      return OptionalLong.empty();
    }
    Set<ResourceId> dirty = new HashSet<>();
    long changed;
    if (previous == null) {
      store.write(List.of(), List.of(written.id()));
      changed = remove(written.id(), dirty);
    } else {
      store.write(List.of(previous), List.of());
      changed = reinstall(now.type(), previous, dirty);
    }
    expandFamily(written.id(), now.expansion().parent(), dirty);
    listener.dirty(dirty);
    return OptionalLong.of(changed);
  }

  /** Puts back what {@link #delete} took, parents first, where nobody wrote since. */
  public synchronized OptionalLong undo(Deleted deleted) {
    Set<ResourceId> dirty = new HashSet<>();
    OptionalLong changed = OptionalLong.empty();
    for (Wish<?> wish : deleted.wishes()) {
      if (entry(wish.id()) == null) {
        store.write(List.of(wish), List.of());
        changed = OptionalLong.of(reinstall(type(wish.id()), wish, dirty));
      }
    }
    listener.dirty(dirty);
    return changed;
  }

  public synchronized <B> Optional<Wish<B>> get(ResourceType<B> type, String name) {
    Entry entry = entry(new ResourceId(type.name(), name));
    return entry == null ? Optional.empty() : Optional.of(cast(entry.wish()));
  }

  /** All wishes of a type, ordered by name. */
  public synchronized <B> List<Wish<B>> list(ResourceType<B> type) {
    List<Wish<B>> wishes = new ArrayList<>();
    for (Entry entry : entriesOf(type.name()).values()) {
      wishes.add(cast(entry.wish()));
    }
    return wishes;
  }

  /** How many wishes there are of each type. */
  public synchronized Map<String, Integer> count() {
    Map<String, Integer> counts = new TreeMap<>();
    entries.forEach((type, map) -> counts.put(type, map.size()));
    return counts;
  }

  /** Facts of the host that expansions look at are not what they were. */
  public synchronized void factsChanged() {
    Set<ResourceId> dirty = new HashSet<>();
    OptionalInt before = index.smallestOfferedMtu();
    for (Map<String, Entry> map : entries.values()) {
      for (Entry entry : List.copyOf(map.values())) {
        if (entry.type().followsFacts()) {
          expandAgain(entry, dirty);
        }
      }
    }
    expandMtuFollowers(before, dirty);
    if (!dirty.isEmpty()) {
      listener.dirty(dirty);
    }
  }

  /** The resources that wish an object which the kernel says has changed. */
  public synchronized Set<ResourceId> ownersWhere(ObjectFilter filter) {
    return index.ownersWhere(filter);
  }

  synchronized Set<ResourceId> ids() {
    Set<ResourceId> ids = new HashSet<>(index.mourned());
    entries.forEach(
        (type, map) -> map.keySet().forEach(name -> ids.add(new ResourceId(type, name))));
    return ids;
  }

  synchronized Slice slice(ResourceId id) {
    Entry entry = entry(id);
    return entry == null
        ? new Slice(id, index.generationOfDeleted(id), Map.of(), index.orphansOf(id))
        : new Slice(id, entry.generation(), entry.expansion().objects(), index.orphansOf(id));
  }

  /** The reconciler has seen that these are gone from the kernel. */
  synchronized void buried(ResourceId id, Collection<ObjectKey> gone, long seenGeneration) {
    index.bury(id, gone, entry(id) == null && index.generationOfDeleted(id) == seenGeneration);
  }

  private long install(
      ResourceType<?> type, Wish<?> wish, Expansion expansion, Set<ResourceId> dirty) {
    OptionalInt before = index.smallestOfferedMtu();
    ResourceId id = wish.id();
    Entry old = entry(id);
    long now = ++generation;
    index.replace(id, old == null ? null : old.expansion(), expansion, now);
    entriesOf(id.type()).put(id.name(), new Entry(wish, type, expansion, now));
    dirty.add(id);
    expandMtuFollowers(before, dirty);
    return now;
  }

  private long reinstall(ResourceType<?> type, Wish<?> wish, Set<ResourceId> dirty) {
    Expansion expansion = expand(type, wish);
    return install(type, wish, expansion, dirty);
  }

  private long remove(ResourceId id, Set<ResourceId> dirty) {
    OptionalInt before = index.smallestOfferedMtu();
    Entry old = existing(id);
    long now = ++generation;
    index.replace(id, old.expansion(), null, now);
    entriesOf(id.type()).remove(id.name());
    dirty.add(id);
    expandMtuFollowers(before, dirty);
    return now;
  }

  /** A child's MTU may follow its parent's, and that its children's: the parent first. */
  private void expandFamily(ResourceId id, @Nullable ResourceId parent, Set<ResourceId> dirty) {
    Entry above = parent == null ? null : entry(parent);
    if (above != null && above.type().followsChildren() && expandAgain(above, dirty)) {
      expandChildren(above.wish().id(), dirty);
    }
    expandChildren(id, dirty);
  }

  private void expandChildren(ResourceId parent, Set<ResourceId> dirty) {
    for (ResourceId child : index.childrenOf(parent)) {
      expandAgain(existing(child), dirty);
    }
  }

  private void expandMtuFollowers(OptionalInt before, Set<ResourceId> dirty) {
    if (before.equals(index.smallestOfferedMtu())) {
      return;
    }
    for (Map<String, Entry> map : entries.values()) {
      for (Entry entry : List.copyOf(map.values())) {
        if (entry.type().followsMtu()) {
          expandAgain(entry, dirty);
        }
      }
    }
  }

  /**
   * A follower that cannot follow keeps what it had: its own write was accepted, this change was
   * not its.
   */
  private boolean expandAgain(Entry entry, Set<ResourceId> dirty) {
    Expansion expansion;
    try {
      expansion = expand(entry.type(), entry.wish());
      index.requireFree(entry.wish().id(), expansion);
    } catch (WishRefusedException e) {
      return false;
    }
    if (expansion.equals(entry.expansion())) {
      return false;
    }
    install(entry.type(), entry.wish(), expansion, dirty);
    return true;
  }

  private Expansion expand(ResourceType<?> type, Wish<?> wish) {
    return DesiredTable.<Object>cast(type)
        .expand(wish.id().name(), wish.body(), new View(wish.id()));
  }

  private void requireRevision(ResourceId id, @Nullable Entry entry, Precondition precondition) {
    OptionalLong current =
        entry == null ? OptionalLong.empty() : OptionalLong.of(entry.wish().revision());
    if (!precondition.holds(current)) {
      throw new WishRefusedException(
          WishRefusedException.Reason.STALE,
          "If-Match",
          current.isEmpty() ? "there is no " + id : id + " has revision " + current.getAsLong());
    }
  }

  private void requireUnused(@Nullable Entry old, Expansion expansion) {
    if (old == null) {
      return;
    }
    for (ObjectKey key : old.expansion().objects().keySet()) {
      if (!expansion.objects().containsKey(key)) {
        Set<ResourceId> family = new HashSet<>(index.childrenOf(old.wish().id()));
        family.add(old.wish().id());
        requireUnusedOutside(key, family);
      }
    }
  }

  private void requireUnusedOutside(ObjectKey key, Set<ResourceId> family) {
    for (ResourceId user : index.usersOf(key)) {
      if (!family.contains(user)) {
        throw WishRefusedException.conflict(null, key + " is in use by " + user);
      }
    }
  }

  private @Nullable Entry entry(ResourceId id) {
    return entriesOf(id.type()).get(id.name());
  }

  private Entry existing(ResourceId id) {
    Entry entry = entry(id);
    if (entry == null) {
      throw new IllegalStateException("the index names " + id + ", which is not in the table");
    }
    return entry;
  }

  private Map<String, Entry> entriesOf(String type) {
    Map<String, Entry> map = entries.get(type);
    if (map == null) {
      throw new IllegalArgumentException("no resource type is called " + type);
    }
    return map;
  }

  private ResourceType<?> type(ResourceId id) {
    ResourceType<?> type = types.get(id.type());
    if (type == null) {
      throw new IllegalArgumentException("no resource type is called " + id.type());
    }
    return type;
  }

  /** A type's entries hold its own body class only: {@link #put} is the one way in. */
  @SuppressWarnings("unchecked")
  private static <B> Wish<B> cast(Wish<?> wish) {
    return (Wish<B>) wish;
  }

  @SuppressWarnings("unchecked")
  private static <B> ResourceType<B> cast(ResourceType<?> type) {
    return (ResourceType<B>) type;
  }

  /** The table as one wish sees it: without itself. */
  private final class View implements Surroundings {
    private final ResourceId self;

    View(ResourceId self) {
      this.self = self;
    }

    @Override
    public <B> Optional<Wish<B>> wish(ResourceType<B> type, String name) {
      return get(type, name);
    }

    @Override
    public <B> Collection<Wish<B>> wishes(ResourceType<B> type) {
      return list(type);
    }

    @Override
    public <B> Collection<Wish<B>> children(ResourceId parent) {
      List<Wish<B>> wishes = new ArrayList<>();
      for (ResourceId child : new TreeSet<>(index.childrenOf(parent))) {
        wishes.add(cast(existing(child).wish()));
      }
      return wishes;
    }

    @Override
    public boolean isWished(ObjectKey key) {
      return index.ownersOf(key).stream().anyMatch(owner -> !owner.equals(self));
    }

    @Override
    public OptionalInt smallestOfferedMtu() {
      return index.smallestOfferedMtu();
    }
  }
}
