package net.culvert.node.reconcile;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One pass over some resources, or over all: observe, plan, execute, and observe again until
 * nothing is left to do. A failed step fails its object, not the round.
 */
final class Round {

  /**
   * A correction may undo another's work once (a link set down loses its addresses); more than this
   * is a quarrel.
   */
  private static final int MAX_PASSES = 4;

  /**
   * Where several objects cannot be observed together, each is looked at alone, so that one in a
   * namespace that cannot be entered does not hide the others; but not without end, where none can.
   */
  private static final int MAX_FAILED_LOOKS = 64;

  /** What is known of objects from before the round. */
  interface Past {
    Past NONE =
        new Past() {
          @Override
          public @Nullable Object held(ObjectKey key) {
            return null;
          }

          @Override
          public @Nullable OperationException rest(ObjectKey key) {
            return null;
          }
        };

    /** What was last seen of an object that was as it is wished now; null where it was not. */
    @Nullable Object held(ObjectKey key);

    /** Why an object is to be left as it is for now; null where it is not. */
    @Nullable OperationException rest(ObjectKey key);
  }

  private final Catalogue catalogue;
  private final Planner planner;
  private final Past past;
  private final Map<ObjectKey, Object> desired = new LinkedHashMap<>();
  private final Set<ObjectKey> orphans = new LinkedHashSet<>();
  private final boolean full;
  private final Map<ObjectKey, OperationException> failures = new HashMap<>();
  private final Map<ObjectKey, Step> firstPass = new HashMap<>();
  private Map<ObjectKey, Object> observed = Map.of();
  private Watcher watcher = new Watcher() {};

  /** Told of a round's work while it goes on. */
  interface Watcher {

    /** What is to be done because the kernel was not as wished when the round began. */
    default void planned(List<Step> firstPass) {}

    default void taken(Step step, @Nullable OperationException failure) {}
  }

  void watchBy(Watcher newWatcher) {
    watcher = newWatcher;
  }

  /**
   * @param full whether everything that carries our mark is looked at, and removed where it is not
   *     wished; {@code slices} must be all resources then
   */
  Round(Catalogue catalogue, Collection<Slice> slices, boolean full, Past past) {
    this.past = past;
    this.catalogue = catalogue;
    this.planner = new Planner(catalogue);
    this.full = full;
    for (Slice slice : slices) {
      desired.putAll(slice.objects());
      orphans.addAll(slice.orphans());
    }
    orphans.removeAll(desired.keySet());
  }

  void run() {
    for (int pass = 0; pass < MAX_PASSES; pass++) {
      observe();
      List<Step> plan = planner.plan(desired, observed, failures.keySet());
      if (pass == 0) {
        rest(plan);
      }
      plan.removeIf(step -> failures.containsKey(step.key()));
      if (plan.isEmpty()) {
        return;
      }
      if (pass == MAX_PASSES - 1) {
        for (Step step : plan) {
          failures.put(
              step.key(),
              new OperationException(
                  OperationException.Reason.REFUSED,
                  step.key()
                      + " does not stay as it is wished; something else seems to change it"));
        }
        return;
      }
      if (pass == 0) {
        watcher.planned(plan);
      }
      execute(plan);
      if (pass == 0) {
        plan.stream()
            .filter(step -> !failures.containsKey(step.key()))
            .forEach(step -> firstPass.put(step.key(), step));
      }
    }
  }

  private void rest(List<Step> plan) {
    for (Step step : plan) {
      // What is not wished any more goes at once, whoever has put it there.
      OperationException rest = step.action() == Step.Action.DELETE ? null : past.rest(step.key());
      if (rest != null) {
        failures.putIfAbsent(step.key(), rest);
      }
    }
  }

  /**
   * What the kernel has of all that, and nothing else is done.
   *
   * @throws OperationException if a part of it cannot be seen
   */
  Map<ObjectKey, Object> look() throws OperationException {
    observe();
    for (OperationException failure : failures.values()) {
      throw failure;
    }
    return observed;
  }

  private void observe() {
    catalogue.beginLook();
    Map<ObjectKey, Object> seen = new HashMap<>();
    Set<ObjectKey> keys = new LinkedHashSet<>(desired.keySet());
    keys.addAll(orphans);
    Map<Kind, List<ObjectKey>> groups = Catalogue.byKind(keys);
    for (Kind kind : full ? catalogue.kinds() : groups.keySet()) {
      if (full && catalogue.operations(kind).isMarked()) {
        lookAtAll(kind, seen);
      }
      // What carries no mark may be as wished all the same, such as an address added by hand.
      List<ObjectKey> named = new ArrayList<>(groups.getOrDefault(kind, List.of()));
      named.removeAll(seen.keySet());
      lookAt(kind, named, seen, new int[] {MAX_FAILED_LOOKS});
    }
    observed = seen;
  }

  /** What carries our mark of a kind, wished or not. */
  private void lookAtAll(Kind kind, Map<ObjectKey, Object> seen) {
    try {
      seen.putAll(catalogue.operations(kind).observe());
    } catch (OperationException | RuntimeException e) {
      // Nothing is pruned that was not seen; what is wished is looked at by name.
    }
  }

  private void lookAt(
      Kind kind, List<ObjectKey> keys, Map<ObjectKey, Object> seen, int[] looksLeft) {
    if (keys.isEmpty()) {
      return;
    }
    OperationException failure;
    try {
      seen.putAll(catalogue.operations(kind).observe(keys));
      return;
    } catch (OperationException e) {
      failure = e;
    } catch (RuntimeException e) {
      failure = unexpected(kind.name() + " cannot be observed", e);
    }
    if (keys.size() == 1 || --looksLeft[0] <= 0) {
      keys.forEach(key -> failures.putIfAbsent(key, failure));
      return;
    }
    int half = keys.size() / 2;
    lookAt(kind, keys.subList(0, half), seen, looksLeft);
    lookAt(kind, keys.subList(half, keys.size()), seen, looksLeft);
  }

  private void execute(List<Step> plan) {
    Set<ObjectKey> replaced = new HashSet<>();
    for (Step step : plan) {
      if (step.action() == Step.Action.REPLACE) {
        boolean outdated = replaced.contains(step.key().container());
        replaced.add(step.key());
        if (outdated) {
          // Its container may have been made anew, without it: the next pass looks again.
          continue;
        }
      }
      OperationException above = failureOfContainer(step);
      if (above != null) {
        failures.put(step.key(), above);
        continue;
      }
      try {
        apply(step);
      } catch (OperationException e) {
        failures.put(step.key(), e);
      } catch (RuntimeException e) {
        failures.put(step.key(), unexpected(step.key() + " cannot be reconciled", e));
      }
      watcher.taken(step, failures.get(step.key()));
    }
    finish(plan);
  }

  /** What cannot be made because what it belongs to could not be; null where nothing is wrong. */
  private @Nullable OperationException failureOfContainer(Step step) {
    ObjectKey container = step.key().container();
    if (step.action() == Step.Action.DELETE || container == null) {
      return null;
    }
    return failures.get(container);
  }

  private void finish(Collection<Step> touched) {
    for (Kind kind : catalogue.kinds()) {
      List<ObjectKey> keys =
          touched.stream().map(Step::key).filter(key -> key.kind().equals(kind)).toList();
      if (keys.isEmpty()) {
        continue;
      }
      try {
        catalogue.operations(kind).finish();
      } catch (OperationException e) {
        keys.forEach(key -> failures.putIfAbsent(key, e));
      } catch (RuntimeException e) {
        OperationException failure = unexpected(kind.name() + " cannot be reconciled", e);
        keys.forEach(key -> failures.putIfAbsent(key, failure));
      }
    }
  }

  private static OperationException unexpected(String what, RuntimeException e) {
    return new OperationException(
        OperationException.Reason.REFUSED, what + ": " + e, null, null, null, e);
  }

  private void apply(Step step) throws OperationException {
    Operations<ObjectKey, Object> operations = catalogue.operations(step.key().kind());
    Object now = step.observed();
    Object wished = step.desired();
    if (wished == null) {
      if (now != null) {
        operations.delete(step.key(), now);
      }
    } else if (now == null) {
      Object held = past.held(step.key());
      if (held == null) {
        operations.create(step.key(), wished);
      } else {
        operations.restore(step.key(), held, wished);
      }
    } else {
      operations.replace(step.key(), now, wished);
    }
  }

  /** What could not be done, in no order. */
  List<OperationException> failures() {
    return List.copyOf(failures.values());
  }

  /**
   * What was done to a wished object because it was not as wished when the round began; null if
   * nothing was. What later passes do is owed to the round's own work.
   */
  @Nullable Step correction(ObjectKey key) {
    Step step = firstPass.get(key);
    return step == null || step.action() == Step.Action.DELETE ? null : step;
  }

  /**
   * Whether nothing that is made before such an object was put right as well: a link that was set
   * down loses its addresses and routes, and that alone was somebody's doing.
   */
  boolean isFirstCause(ObjectKey key) {
    return firstPass.values().stream()
        .filter(step -> step.action() != Step.Action.DELETE)
        .noneMatch(step -> step.key().kind().order() < key.kind().order());
  }

  /** Removals of what carries our mark and was not wished, not even until lately. */
  List<Step> pruned() {
    return firstPass.values().stream()
        .filter(step -> step.action() == Step.Action.DELETE && !orphans.contains(step.key()))
        .sorted(Comparator.comparing(step -> step.key().toString()))
        .toList();
  }

  /**
   * Why a resource is not as wished; empty if it is. What is made first comes first: the rest may
   * only follow from it.
   */
  Map<ObjectKey, OperationException> failuresOf(Slice slice) {
    Map<ObjectKey, OperationException> found = new LinkedHashMap<>();
    Set<ObjectKey> keys = new LinkedHashSet<>(slice.objects().keySet());
    keys.addAll(slice.orphans());
    keys.stream()
        .filter(failures::containsKey)
        .sorted(Comparator.comparing(ObjectKey::kind))
        .forEach(key -> found.put(key, Objects.requireNonNull(failures.get(key))));
    return found;
  }

  /** What the kernel holds of a resource, as last seen. */
  Map<ObjectKey, Object> observedOf(Slice slice) {
    Map<ObjectKey, Object> found = new LinkedHashMap<>();
    for (ObjectKey key : slice.objects().keySet()) {
      Object value = observed.get(key);
      if (value != null) {
        found.put(key, value);
      }
    }
    return found;
  }

  /** Orphans of a resource that are gone. */
  Set<ObjectKey> goneOf(Slice slice) {
    Set<ObjectKey> gone = new LinkedHashSet<>(slice.orphans());
    gone.removeIf(key -> observed.containsKey(key) || failures.containsKey(key));
    return gone;
  }
}
