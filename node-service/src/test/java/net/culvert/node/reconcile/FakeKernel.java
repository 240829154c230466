package net.culvert.node.reconcile;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import net.culvert.node.reconcile.Thing.Value;
import org.jspecify.annotations.Nullable;

/**
 * A kernel in memory: things in containers, some of them ours, some of somebody else. Any call can
 * be told to fail. Safe for use by several threads.
 */
final class FakeKernel {

  /** How a call fails. */
  enum Fault {
    /** Refused, with nothing done. */
    REFUSED,
    /** Done, but the caller is told that it failed. */
    DONE_ALL_THE_SAME,
    /** Not even an error of the kernel's. */
    BUG,
    /** The node is killed before the call does anything. */
    KILLED_BEFORE,
    /** The node is killed when the call has done its work. */
    KILLED_AFTER;

    /** Those after which the node goes on. */
    static final List<Fault> REFUSALS = List.of(REFUSED, DONE_ALL_THE_SAME, BUG);
  }

  /** Where a node that is killed ends: nothing of it runs on. */
  static final class Killed extends Error {
    Killed() {
      super("the node was killed", null, false, false);
    }
  }

  private record Held(Value value, boolean ours) {}

  private final Map<Thing, Held> things = new HashMap<>();
  private final List<String> log = new ArrayList<>();
  private final Map<Integer, Fault> faults = new HashMap<>();
  private final Set<Thing> broken = new HashSet<>();
  private final Set<Thing> invisible = new HashSet<>();
  private final Set<Kind> unobservable = new HashSet<>();
  private final Set<Thing> restless = new HashSet<>();
  private int calls;
  private int writes;

  List<Operations<?, ?>> operations() {
    return List.of(
        new ThingOperations(Thing.NAMESPACE),
        new ThingOperations(Thing.LINK),
        new ThingOperations(Thing.SETTING),
        new ThingOperations(Thing.ADDRESS),
        new ThingOperations(Thing.ROUTE));
  }

  /** The n-th call from now, the first being 1, fails. */
  synchronized void failAt(int n, Fault fault) {
    faults.put(calls + n, fault);
  }

  /** How many calls are still to fail. */
  synchronized int pendingFaults() {
    return faults.size();
  }

  /** Every write of that thing fails, until it is mended. */
  synchronized void breakThing(Thing key) {
    broken.add(key);
  }

  /** Nothing that is looked at together with that thing can be seen. */
  synchronized void hide(Thing key) {
    invisible.add(key);
  }

  /** Nothing of that kind can be listed. */
  synchronized void blind(Kind kind) {
    unobservable.add(kind);
  }

  /** The thing changes as soon as it is written. */
  synchronized void unsettle(Thing key) {
    restless.add(key);
  }

  synchronized void mendAll() {
    broken.clear();
    invisible.clear();
    unobservable.clear();
    restless.clear();
    faults.clear();
  }

  /** Somebody else makes a thing. */
  synchronized void putForeign(Thing key, String value) {
    things.put(key, new Held(Value.of(value), false));
  }

  /** A thing with our mark that no wish of now made. */
  synchronized void putOurs(Thing key, String value) {
    things.put(key, new Held(Value.of(value), true));
  }

  /** Somebody else removes a thing, with what is in it. */
  synchronized void lose(Thing key) {
    removeWithContents(key);
  }

  /** Somebody else changes a thing of ours. */
  synchronized void change(Thing key, String value) {
    if (things.containsKey(key)) {
      things.put(key, new Held(Value.of(value), true));
    }
  }

  /** What is there and ours. */
  synchronized Map<ObjectKey, Object> ours() {
    Map<ObjectKey, Object> ours = new HashMap<>();
    things.forEach((key, held) -> {
      if (held.ours()) {
        ours.put(key, held.value());
      }
    });
    return ours;
  }

  /** What is there and somebody else's. */
  synchronized Map<String, String> foreign() {
    Map<String, String> foreign = new TreeMap<>();
    things.forEach((key, held) -> {
      if (!held.ours()) {
        foreign.put(key.toString(), held.value().text());
      }
    });
    return foreign;
  }

  synchronized int calls() {
    return calls;
  }

  synchronized int writes() {
    return writes;
  }

  /** The writes since the last time, as {@code create link a}. */
  synchronized List<String> takeLog() {
    List<String> taken = List.copyOf(log);
    log.clear();
    return taken;
  }

  private void removeWithContents(Thing key) {
    things.remove(key);
    for (Thing inside : new ArrayList<>(things.keySet())) {
      if (key.equals(inside.within())) {
        removeWithContents(inside);
      }
    }
  }

  /** Something that a call does. */
  @FunctionalInterface
  private interface Effect {
    void run() throws OperationException;
  }

  private synchronized void call(String what, Effect effect) throws OperationException {
    calls++;
    Fault fault = faults.remove(calls);
    if (fault == Fault.BUG) {
      throw new IllegalStateException("a bug in " + what);
    }
    if (fault == Fault.KILLED_BEFORE) {
      throw new Killed();
    }
    if (fault != Fault.REFUSED) {
      effect.run();
    }
    if (fault == Fault.KILLED_AFTER) {
      throw new Killed();
    }
    if (fault != null) {
      throw refused(what + " was refused");
    }
  }

  private static OperationException refused(String words) {
    return new OperationException(
        OperationException.Reason.REFUSED, words, "EBUSY", "fake", "a sentence", null);
  }

  private final class ThingOperations implements Operations<Thing, Value> {
    private final Kind kind;

    ThingOperations(Kind kind) {
      this.kind = kind;
    }

    @Override
    public Kind kind() {
      return kind;
    }

    /** As with the real ones: a switch does not tell who turned it. */
    @Override
    public boolean isMarked() {
      return !kind.equals(Thing.SETTING);
    }

    @Override
    public Map<Thing, Value> observe() throws OperationException {
      Map<Thing, Value> seen = new HashMap<>();
      call(
          "list " + kind.name(),
          () -> {
            if (unobservable.contains(kind)) {
              throw refused(kind.name() + " cannot be listed");
            }
            things.forEach((key, held) -> {
              if (key.kind().equals(kind) && held.ours()) {
                seen.put(key, held.value());
              }
            });
          });
      return seen;
    }

    @Override
    public Map<Thing, Value> observe(Collection<Thing> keys) throws OperationException {
      Map<Thing, Value> seen = new HashMap<>();
      call(
          "look at " + new TreeSet<>(keys.stream().map(Thing::toString).toList()),
          () -> {
            for (Thing key : keys) {
              if (invisible.contains(key)) {
                throw refused(key + " cannot be seen");
              }
              Held held = things.get(key);
              if (held != null && held.ours()) {
                seen.put(key, held.value());
              }
            }
          });
      return seen;
    }

    @Override
    public void create(Thing key, Value desired) throws OperationException {
      write(
          "create",
          key,
          () -> {
            Held held = things.get(key);
            if (held != null && !held.ours()) {
              throw new OperationException(
                  OperationException.Reason.NOT_OURS, key + " exists and is not this node's");
            }
            if (key.within() != null && !things.containsKey(key.within())) {
              throw refused(key + " has nothing to be made in");
            }
            set(key, desired);
          });
    }

    @Override
    public void replace(Thing key, Value observed, Value desired) throws OperationException {
      write(
          "replace",
          key,
          () -> {
            requireOurs(key);
            if (desired.text().startsWith("remade")) {
              removeWithContents(key);
            }
            set(key, desired);
          });
    }

    @Override
    public void delete(Thing key, Value observed) throws OperationException {
      write(
          "delete",
          key,
          () -> {
            if (things.containsKey(key)) {
              requireOurs(key);
              removeWithContents(key);
            }
          });
    }

    @Override
    public boolean remakes(Value observed, Value desired) {
      return desired.text().startsWith("remade");
    }

    private void set(Thing key, Value value) {
      Value kept = restless.contains(key) ? Value.of(value.text() + " no more") : value;
      things.put(key, new Held(kept, true));
    }

    private void requireOurs(Thing key) {
      Held held = things.get(key);
      if (held == null || !held.ours()) {
        throw new AssertionError(key + " is not ours and was touched");
      }
    }

    private void write(String verb, Thing key, Effect effect) throws OperationException {
      call(
          verb + " " + key,
          () -> {
            writes++;
            log.add(verb + " " + key);
            if (broken.contains(key)) {
              throw refused(key + " is broken");
            }
            effect.run();
          });
    }

    @Override
    public int rank(Value value) {
      return value.rank();
    }

    @Override
    public boolean satisfies(Value observed, Value desired) {
      return desired.text().equals("any") || observed.equals(desired);
    }
  }

  /** The values of some things, for comparison. */
  static Map<ObjectKey, Object> things(@Nullable Object... keysAndTexts) {
    Map<ObjectKey, Object> map = new HashMap<>();
    for (int i = 0; i < keysAndTexts.length; i += 2) {
      if (keysAndTexts[i] instanceof Thing key && keysAndTexts[i + 1] instanceof String text) {
        map.put(key, Value.of(text));
      }
    }
    return map;
  }
}
