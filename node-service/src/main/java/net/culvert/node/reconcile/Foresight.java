package net.culvert.node.reconcile;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The steps of all passes of a round, found without taking any: after each planned pass the kernel
 * is imagined as it would be, with what it takes along by itself, and planned again. Pure; used
 * once, by one thread.
 */
final class Foresight {

  /** As many as a {@link Round} makes before it calls the rest a quarrel. */
  private static final int MAX_PASSES = 4;

  private final Catalogue catalogue;
  private final Preview preview;
  private final Map<ObjectKey, Object> now;
  private final Map<ObjectKey, Set<ObjectKey>> above = new HashMap<>();
  private final Set<ObjectKey> made = new HashSet<>();

  /**
   * @param observed what the kernel has
   */
  Foresight(Catalogue catalogue, Preview preview, Map<ObjectKey, Object> observed) {
    this.catalogue = catalogue;
    this.preview = preview;
    this.now = new HashMap<>(observed);
  }

  List<PlannedStep> steps() {
    Map<ObjectKey, Object> desired = preview.desired();
    Map<ObjectKey, ResourceId> owners = preview.owners();
    Planner planner = new Planner(catalogue);
    now.forEach(this::standOn);
    List<PlannedStep> steps = new ArrayList<>();
    for (int pass = 0; pass < MAX_PASSES; pass++) {
      List<Step> plan = planner.plan(desired, now, Set.of());
      if (plan.isEmpty()) {
        break;
      }
      Set<ObjectKey> replaced = new HashSet<>();
      for (Step step : plan) {
        ObjectKey container = step.key().container();
        if (step.action() == Step.Action.REPLACE) {
          replaced.add(step.key());
          if (container != null && replaced.contains(container)) {
            // As a round does: what is in a changed container is looked at again first.
            continue;
          }
        }
        // What went along with an earlier step is no step of its own, or one of the next pass.
        if (now.containsKey(step.key()) != (step.action() == Step.Action.CREATE)) {
          steps.add(new PlannedStep(step, owners.get(step.key()), describe(step)));
          imagine(step);
        }
      }
    }
    return steps;
  }

  private Description describe(Step step) {
    return catalogue
        .operations(step.key().kind())
        .describe(step.key(), step.observed(), step.desired(), made::contains);
  }

  private void imagine(Step step) {
    ObjectKey key = step.key();
    Object before = step.observed();
    Object desired = step.desired();
    if (desired == null) {
      remove(key);
      return;
    }
    if (before != null && catalogue.operations(key.kind()).remakes(before, desired)) {
      remove(key);
    }
    if (before == null) {
      made.add(key);
    }
    now.put(key, desired);
    standOn(key, desired);
  }

  /** Notes what an object ends with. */
  private void standOn(ObjectKey key, Object value) {
    ObjectKey container = key.container();
    if (container != null) {
      above.computeIfAbsent(container, any -> new LinkedHashSet<>()).add(key);
    }
    standOnOthers(key, value);
    // A wish may know what an observation does not tell, such as a pair's other end.
    standOnOthers(key, preview.wishedNow(key));
  }

  private void standOnOthers(ObjectKey key, @Nullable Object value) {
    if (value != null) {
      for (ObjectKey other : catalogue.operations(key.kind()).standsOn(key, value)) {
        above.computeIfAbsent(other, any -> new LinkedHashSet<>()).add(key);
      }
    }
  }

  private void remove(ObjectKey key) {
    Deque<ObjectKey> ending = new ArrayDeque<>(List.of(key));
    while (!ending.isEmpty()) {
      ObjectKey each = ending.remove();
      if (now.remove(each) != null) {
        made.remove(each);
        ending.addAll(above.getOrDefault(each, Set.of()));
      }
    }
  }
}
