package net.culvert.node.reconcile;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

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

  private final Catalogue catalogue;
  private final Planner planner;
  private final Map<ObjectKey, Object> desired = new LinkedHashMap<>();
  private final Set<ObjectKey> orphans = new LinkedHashSet<>();
  private final boolean full;
  private final Map<ObjectKey, OperationException> failures = new HashMap<>();
  private final Map<Kind, OperationException> blind = new HashMap<>();
  private final List<Step> done = new ArrayList<>();
  private Map<ObjectKey, Object> observed = Map.of();

  /**
   * @param full whether everything that carries our mark is looked at; {@code slices} must be all
   *     resources then
   */
  Round(Catalogue catalogue, Collection<Slice> slices, boolean full) {
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
      List<Step> plan = planner.plan(desired, observed);
      plan.removeIf(
          step -> failures.containsKey(step.key()) || blind.containsKey(step.key().kind()));
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
      execute(plan);
    }
  }

  private void observe() {
    Map<ObjectKey, Object> seen = new HashMap<>();
    blind.clear();
    Set<ObjectKey> keys = new LinkedHashSet<>(desired.keySet());
    keys.addAll(orphans);
    Map<Kind, List<ObjectKey>> groups = Catalogue.byKind(keys);
    for (Kind kind : full ? catalogue.kinds() : groups.keySet()) {
      Operations<ObjectKey, Object> operations = catalogue.operations(kind);
      try {
        seen.putAll(
            full ? operations.observe() : operations.observe(groups.getOrDefault(kind, List.of())));
      } catch (OperationException e) {
        blind.put(kind, e);
      } catch (RuntimeException e) {
        blind.put(kind, unexpected(kind.name() + " cannot be observed", e));
      }
    }
    observed = seen;
  }

  private void execute(List<Step> plan) {
    for (Step step : plan) {
      ObjectKey container = step.key().container();
      if (step.action() != Step.Action.DELETE
          && container != null
          && failures.containsKey(container)) {
        failures.put(step.key(), failures.get(container));
        continue;
      }
      try {
        apply(step);
        done.add(step);
      } catch (OperationException e) {
        failures.put(step.key(), e);
      } catch (RuntimeException e) {
        failures.put(step.key(), unexpected(step.key() + " cannot be reconciled", e));
      }
    }
    finish(plan);
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
      operations.create(step.key(), wished);
    } else {
      operations.replace(step.key(), now, wished);
    }
  }

  /** The steps that were applied. */
  List<Step> done() {
    return done;
  }

  /** Why a resource is not as wished; empty if it is. */
  Map<ObjectKey, OperationException> failuresOf(Slice slice) {
    Map<ObjectKey, OperationException> found = new LinkedHashMap<>();
    Set<ObjectKey> keys = new LinkedHashSet<>(slice.objects().keySet());
    keys.addAll(slice.orphans());
    for (ObjectKey key : keys) {
      OperationException failure = failures.get(key);
      if (failure == null) {
        failure = blind.get(key.kind());
      }
      if (failure != null) {
        found.put(key, failure);
      }
    }
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
    gone.removeIf(key ->
        observed.containsKey(key) || failures.containsKey(key) || blind.containsKey(key.kind()));
    return gone;
  }
}
