package net.culvert.node.reconcile;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The difference between what is wished and what is observed, in the order in which it can be
 * applied. Pure.
 */
final class Planner {

  private final Catalogue catalogue;

  Planner(Catalogue catalogue) {
    this.catalogue = catalogue;
  }

  /**
   * Removals come first, contents before containers, so that a name, an address or a port is free
   * when something else is to have it; then changes and creations, containers before contents. What
   * goes with its container has no step of its own, unless the container could not be removed.
   *
   * @param failed what has been tried in vain
   */
  List<Step> plan(
      Map<ObjectKey, Object> desired, Map<ObjectKey, Object> observed, Set<ObjectKey> failed) {
    List<Step> removals = new ArrayList<>();
    Set<ObjectKey> removed = new HashSet<>();
    observed.forEach((key, value) -> {
      if (!desired.containsKey(key)) {
        removals.add(new Step(Step.Action.DELETE, key, value, null));
        removed.add(key);
      }
    });
    removed.removeAll(failed);
    removals.removeIf(step -> goesWithContainer(step.key(), removed));
    removals.sort(byOrder(Step::observed).reversed());

    List<Step> changes = new ArrayList<>();
    desired.forEach((key, value) -> {
      Object now = observed.get(key);
      if (now == null) {
        changes.add(new Step(Step.Action.CREATE, key, null, value));
      } else if (!catalogue.operations(key.kind()).satisfies(now, value)) {
        changes.add(new Step(Step.Action.REPLACE, key, now, value));
      }
    });
    changes.sort(byOrder(Step::desired));

    List<Step> plan = new ArrayList<>(removals);
    plan.addAll(changes);
    return plan;
  }

  private static boolean goesWithContainer(ObjectKey key, Set<ObjectKey> removed) {
    for (ObjectKey at = key.container(); at != null; at = at.container()) {
      if (removed.contains(at)) {
        return true;
      }
    }
    return false;
  }

  private Comparator<Step> byOrder(Function<Step, @Nullable Object> value) {
    return Comparator.<Step>comparingInt(step -> step.key().kind().order())
        .thenComparingInt(step -> {
          Object of = value.apply(step);
          return of == null ? 0 : catalogue.operations(step.key().kind()).rank(of);
        })
        .thenComparing(step -> step.key().toString());
  }
}
