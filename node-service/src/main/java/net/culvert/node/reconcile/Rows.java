package net.culvert.node.reconcile;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The wishes with what each means, and the index over them, changed together: a change of one
 * expands again what follows it. Guarded by the table's lock.
 */
final class Rows {

  /**
   * One wish.
   *
   * @param generation see {@link Slice#generation}
   * @param refusal see {@link Slice#refusal}
   */
  record Row(
      Wish<?> wish,
      ResourceType<?> type,
      Expansion expansion,
      long generation,
      @Nullable String refusal) {

    Row(Wish<?> wish, ResourceType<?> type, Expansion expansion, long generation) {
      this(wish, type, expansion, generation, null);
    }

    ResourceId id() {
      return wish.id();
    }
  }

  private final Map<String, Map<String, Row>> byType = new TreeMap<>();
  private final Map<ResourceId, Row> byId = new HashMap<>();
  private final Map<String, ResourceType<?>> types = new HashMap<>();
  private final Set<ResourceId> refused = new HashSet<>();
  private final DesiredIndex index;
  private long generation;

  Rows(Collection<ResourceType<?>> types) {
    this.index = new DesiredIndex();
    for (ResourceType<?> type : types) {
      if (byType.put(type.name(), new TreeMap<>()) != null) {
        throw new IllegalArgumentException("two resource types are called " + type.name());
      }
      this.types.put(type.name(), type);
    }
  }

  private Rows(Rows other) {
    this.index = other.index.copy();
    other.byType.forEach((type, rows) -> byType.put(type, new TreeMap<>(rows)));
    byId.putAll(other.byId);
    types.putAll(other.types);
    refused.addAll(other.refused);
    generation = other.generation;
  }

  /** The same, to be changed apart from this one. */
  Rows copy() {
    return new Rows(this);
  }

  DesiredIndex index() {
    return index;
  }

  @Nullable Row find(ResourceId id) {
    return byId.get(id);
  }

  private void put(Row row) {
    if (row.refusal() == null) {
      refused.remove(row.id());
    } else {
      refused.add(row.id());
    }
    of(row.id().type()).put(row.id().name(), row);
    byId.put(row.id(), row);
  }

  Row get(ResourceId id) {
    Row row = find(id);
    if (row == null) {
      throw new IllegalStateException("the index names " + id + ", which is not in the table");
    }
    return row;
  }

  /** A copy, by type and name. */
  List<Row> all() {
    List<Row> all = new ArrayList<>();
    byType.values().forEach(map -> all.addAll(map.values()));
    return all;
  }

  /** A copy, ordered by name. */
  <B> List<Wish<B>> wishes(ResourceType<B> type) {
    List<Wish<B>> wishes = new ArrayList<>();
    for (Row row : of(type.name()).values()) {
      wishes.add(cast(row.wish()));
    }
    return wishes;
  }

  /** How many there are of each type. */
  Map<String, Integer> count() {
    Map<String, Integer> counts = new TreeMap<>();
    byType.forEach((type, map) -> counts.put(type, map.size()));
    return counts;
  }

  /** A resource and everything below it, parents before children. */
  List<Row> family(Row head) {
    List<Row> family = new ArrayList<>(List.of(head));
    for (int i = 0; i < family.size(); i++) {
      for (ResourceId child : index.childrenOf(family.get(i).id())) {
        family.add(get(child));
      }
    }
    return family;
  }

  /** What a body means now. */
  <B> Expansion expand(ResourceType<B> type, ResourceId id, B body) {
    return type.expand(id.name(), body, new TableView(id, this));
  }

  /**
   * Puts a wish in place of the one before it.
   *
   * @return the new generation
   */
  long install(ResourceType<?> type, Wish<?> wish, Expansion expansion, Set<ResourceId> dirty) {
    OptionalInt before = index.smallestOfferedMtu();
    ResourceId id = wish.id();
    Row old = find(id);
    long now = ++generation;
    index.replace(id, old == null ? null : old.expansion(), expansion, now);
    put(new Row(wish, type, expansion, now));
    dirty.add(id);
    expandMtuFollowers(before, dirty);
    return now;
  }

  /**
   * Takes the wishes of a store. One may need another, so those that are refused are tried again
   * after the rest, as long as that helps.
   */
  void restore(Collection<Wish<?>> wishes, Set<ResourceId> dirty) {
    List<Wish<?>> sorted = new ArrayList<>(wishes);
    sorted.sort(Comparator.comparingLong(Wish::revision));
    installAll(sorted, dirty)
        .forEach((wish, refusal) -> installRefused(wish, refusal.getMessage(), dirty));
    for (Row row : all()) {
      // Followed by what came after it, which nobody told it of.
      if (row.type().followsChildren() || row.type().followsMtu()) {
        expandAgain(row.id(), dirty);
      }
    }
  }

  /**
   * Installs wishes that may need one another.
   *
   * @return those that are not accepted, each with its reason
   */
  Map<Wish<?>, WishRefusedException> installAll(Collection<Wish<?>> wishes, Set<ResourceId> dirty) {
    List<Wish<?>> left = new ArrayList<>(wishes);
    Map<Wish<?>, WishRefusedException> refusals = new LinkedHashMap<>();
    int before;
    do {
      before = left.size();
      refusals.clear();
      left.removeIf(wish -> {
        WishRefusedException refusal = install(wish, dirty);
        if (refusal != null) {
          refusals.put(wish, refusal);
        }
        return refusal == null;
      });
    } while (!left.isEmpty() && left.size() < before);
    return refusals;
  }

  private @Nullable WishRefusedException install(Wish<?> wish, Set<ResourceId> dirty) {
    ResourceType<?> type = type(wish.id());
    try {
      Expansion expansion = expand(Rows.<Object>cast(type), wish.id(), wish.body());
      index.requireFree(wish.id(), expansion);
      install(type, wish, expansion, dirty);
      return null;
    } catch (WishRefusedException e) {
      return e;
    }
  }

  private void installRefused(Wish<?> wish, String refusal, Set<ResourceId> dirty) {
    put(new Row(wish, type(wish.id()), Expansion.builder().build(), ++generation, refusal));
    dirty.add(wish.id());
  }

  /** What a wish meant that was replaced or forgotten is looked for, and removed. */
  void mourn(Wish<?> former, Set<ResourceId> dirty) {
    ResourceId id = former.id();
    Expansion expansion;
    try {
      expansion = expand(Rows.<Object>cast(type(id)), id, former.body());
    } catch (WishRefusedException e) {
      // It belonged to what is gone too, and its objects went along or carry the mark.
      return;
    }
    boolean isGone = find(id) == null;
    index.mourn(id, expansion.objects().keySet(), isGone, isGone ? ++generation : generation);
    dirty.add(id);
  }

  /** Whether what every wish means is known. */
  boolean isWhole() {
    return refused.isEmpty();
  }

  private ResourceType<?> type(ResourceId id) {
    ResourceType<?> type = types.get(id.type());
    if (type == null) {
      throw new IllegalArgumentException("no resource type is called " + id.type());
    }
    return type;
  }

  /** As it was: everything that it wished was held for it. Its surroundings may have moved on. */
  void reinstall(Row old, Set<ResourceId> dirty) {
    install(old.type(), old.wish(), old.expansion(), dirty);
    expandAgain(old.id(), dirty);
  }

  /**
   * Removes a family, children before parents.
   *
   * @return each one's new generation
   */
  Map<ResourceId, Long> removeAll(List<Row> doomed, Set<ResourceId> dirty) {
    OptionalInt before = index.smallestOfferedMtu();
    Map<ResourceId, Long> generations = new HashMap<>();
    for (Row each : doomed.reversed()) {
      long now = ++generation;
      index.replace(each.id(), each.expansion(), null, now);
      of(each.id().type()).remove(each.id().name());
      byId.remove(each.id());
      refused.remove(each.id());
      dirty.add(each.id());
      generations.put(each.id(), now);
    }
    expandMtuFollowers(before, dirty);
    return generations;
  }

  /** Gives a row a new generation, and nothing else. */
  long touch(Row row) {
    long now = ++generation;
    put(new Row(row.wish(), row.type(), row.expansion(), now, row.refusal()));
    return now;
  }

  /** A child's MTU may follow its parent's, and that its children's: the parent first. */
  void expandFamily(ResourceId id, @Nullable ResourceId parent, Set<ResourceId> dirty) {
    Row above = parent == null ? null : find(parent);
    if (above != null && above.type().followsChildren()) {
      expandAgain(above.id(), dirty);
    }
    expandChildren(id, dirty);
  }

  void expandFactsFollowers(Set<ResourceId> dirty) {
    for (Row row : all()) {
      if (row.type().followsFacts()) {
        expandAgain(row.id(), dirty);
      }
    }
  }

  /** What was refused may be accepted now that something else has changed. */
  void expandRefused(Set<ResourceId> dirty) {
    for (ResourceId id : Set.copyOf(refused)) {
      expandAgain(id, dirty);
    }
  }

  private void expandChildren(ResourceId parent, Set<ResourceId> dirty) {
    for (ResourceId child : List.copyOf(index.childrenOf(parent))) {
      expandAgain(child, dirty);
    }
  }

  private void expandMtuFollowers(OptionalInt before, Set<ResourceId> dirty) {
    if (before.equals(index.smallestOfferedMtu())) {
      return;
    }
    for (Row row : all()) {
      // What offers an MTU and followed one would follow itself.
      if (row.type().followsMtu() && row.expansion().offeredMtu().isEmpty()) {
        expandAgain(row.id(), dirty);
      }
    }
  }

  /**
   * A follower that cannot follow keeps what it had: its own write was accepted, this change was
   * not its.
   */
  private void expandAgain(ResourceId id, Set<ResourceId> dirty) {
    Row row = get(id);
    Expansion expansion;
    try {
      expansion = expand(Rows.<Object>cast(row.type()), id, row.wish().body());
      index.requireFree(id, expansion);
    } catch (WishRefusedException e) {
      return;
    }
    if (row.refusal() != null || !expansion.equals(row.expansion())) {
      install(row.type(), row.wish(), expansion, dirty);
      expandChildren(id, dirty);
    }
  }

  static Set<ResourceId> ids(Collection<Row> rows) {
    Set<ResourceId> ids = new HashSet<>();
    rows.forEach(row -> ids.add(row.id()));
    return ids;
  }

  private Map<String, Row> of(String type) {
    Map<String, Row> map = byType.get(type);
    if (map == null) {
      throw new IllegalArgumentException("no resource type is called " + type);
    }
    return map;
  }

  /** A type's rows hold its own body class only: the table's {@code put} is the one way in. */
  @SuppressWarnings("unchecked")
  static <B> Wish<B> cast(Wish<?> wish) {
    return (Wish<B>) wish;
  }

  @SuppressWarnings("unchecked")
  private static <B> ResourceType<B> cast(ResourceType<?> type) {
    return (ResourceType<B>) type;
  }
}
