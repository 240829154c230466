package net.culvert.node.control;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import net.culvert.node.kernel.sys.SystemCallException;
import net.culvert.node.object.LinkKey;
import net.culvert.node.object.LinkState;
import net.culvert.node.object.Refused;
import net.culvert.node.object.RouteKey;
import net.culvert.node.object.RouteState;
import net.culvert.node.object.SettingKey;
import net.culvert.node.reconcile.Kind;
import net.culvert.node.reconcile.ObjectKey;
import net.culvert.node.reconcile.OperationException;
import net.culvert.node.reconcile.Operations;
import org.jspecify.annotations.Nullable;

/**
 * A kernel in memory behind the real resources: it holds what it is given, takes along what is in a
 * thing that goes, and tells of that. One of its calls can be told to fail with an error number,
 * before or after it has done its work. Thread-safe.
 */
final class MemoryKernel {

  private final Map<ObjectKey, Object> objects = new HashMap<>();
  private Consumer<Collection<ObjectKey>> listener = keys -> {};
  private int calls;
  private int callsBefore;
  private int failing;
  private int errno;
  private boolean doneAllTheSame;

  /** Who is told of what went along with something else. */
  synchronized void listener(Consumer<Collection<ObjectKey>> told) {
    listener = told;
  }

  /**
   * The n-th call from now, the first being 1, is refused.
   *
   * @param done whether it does its work before
   */
  synchronized void failAt(int n, int withErrno, boolean done) {
    failing = calls + n;
    errno = withErrno;
    doneAllTheSame = done;
  }

  /** Lets every call through again; answers whether the failure had happened. */
  synchronized boolean disarm() {
    boolean happened = failing != 0 && calls >= failing;
    failing = 0;
    return happened;
  }

  /** Whether nothing was called since this was asked last. */
  synchronized boolean isQuiet() {
    boolean quiet = calls == callsBefore;
    callsBefore = calls;
    return quiet;
  }

  /** What there is and {@code ip} would show, and the switches that are on. */
  synchronized SortedSet<String> inventory() {
    SortedSet<String> all = new TreeSet<>();
    objects.forEach((key, value) -> {
      if (!(key instanceof SettingKey) || (key + "=" + value).startsWith("proxy ARP")) {
        all.add(key.toString());
      }
      if (value instanceof LinkState link && link.parent() != null) {
        all.add(key + " on " + link.parent());
      }
    });
    return all;
  }

  /** The same with every value. */
  synchronized Map<ObjectKey, Object> objects() {
    return Map.copyOf(objects);
  }

  /** In place of the real ones of that kind. */
  Operations<?, ?> operations(Operations<?, ?> real) {
    @SuppressWarnings("unchecked") // It is asked about values of its own kind alone.
    Operations<ObjectKey, Object> same = (Operations<ObjectKey, Object>) real;
    return new Memory(same);
  }

  private void remove(ObjectKey key, List<ObjectKey> gone) {
    Object was = objects.remove(key);
    if (was == null) {
      return;
    }
    gone.add(key);
    for (ObjectKey each : List.copyOf(objects.keySet())) {
      if (key.equals(each.container()) || goesAlong(each, key, was)) {
        remove(each, gone);
      }
    }
  }

  private boolean goesAlong(ObjectKey each, ObjectKey key, Object was) {
    if (!(key instanceof LinkKey link) || !(was instanceof LinkState state)) {
      return false;
    }
    if (each.equals(state.peer())) {
      return true;
    }
    if (each instanceof RouteKey route && objects.get(each) instanceof RouteState way) {
      return link.name().equals(way.link()) && Objects.equals(link.namespace(), route.namespace());
    }
    return link.namespace() == null
        && objects.get(each) instanceof LinkState other
        && link.name().equals(other.parent());
  }

  /** What a call does; the things that went along with what it removed come back. */
  @FunctionalInterface
  private interface Effect {
    List<ObjectKey> run() throws OperationException;
  }

  private void call(@Nullable ObjectKey key, Kind kind, Effect effect) throws OperationException {
    List<ObjectKey> gone = List.of();
    boolean fails;
    int with;
    synchronized (this) {
      calls++;
      fails = calls == failing;
      with = errno;
      if (!fails || doneAllTheSame) {
        gone = effect.run();
      }
    }
    if (!gone.isEmpty()) {
      listener.accept(gone);
    }
    if (fails) {
      ObjectKey about = key == null ? new Everything(kind) : key;
      throw Refused.by(about, new SystemCallException("call", with, about.toString()));
    }
  }

  /** What a listing is about. */
  private record Everything(Kind kind) implements ObjectKey {
    @Override
    public String toString() {
      return "every " + kind.name();
    }
  }

  private final class Memory implements Operations<ObjectKey, Object> {
    private final Operations<ObjectKey, Object> real;
    private final Kind kind;

    Memory(Operations<ObjectKey, Object> real) {
      this.real = real;
      this.kind = real.kind();
    }

    @Override
    public Kind kind() {
      return kind;
    }

    @Override
    public boolean isMarked() {
      return real.isMarked();
    }

    @Override
    public int rank(Object value) {
      return real.rank(value);
    }

    @Override
    public Map<ObjectKey, Object> observe() throws OperationException {
      Map<ObjectKey, Object> seen = new HashMap<>();
      call(
          null,
          kind,
          () -> {
            seen.putAll(objects);
            seen.keySet().removeIf(key -> !key.kind().equals(kind));
            return List.of();
          });
      return seen;
    }

    @Override
    public Map<ObjectKey, Object> observe(Collection<ObjectKey> keys) throws OperationException {
      Map<ObjectKey, Object> seen = new HashMap<>();
      call(
          null,
          kind,
          () -> {
            for (ObjectKey key : keys) {
              Object value = objects.get(key);
              if (value != null) {
                seen.put(key, value);
              }
            }
            return List.of();
          });
      return seen;
    }

    @Override
    public void create(ObjectKey key, Object desired) throws OperationException {
      call(
          key,
          kind,
          () -> {
            requirePlace(key, desired);
            objects.put(key, desired);
            return List.of();
          });
    }

    private void requirePlace(ObjectKey key, Object desired) throws OperationException {
      ObjectKey container = key.container();
      if (container != null && !objects.containsKey(container)) {
        throw Refused.missing(key, container);
      }
      if (key instanceof RouteKey route
          && desired instanceof RouteState way
          && way.link() != null) {
        LinkKey link = new LinkKey(route.namespace(), way.link());
        if (!objects.containsKey(link)) {
          throw Refused.missing(key, link);
        }
      }
    }

    @Override
    public void replace(ObjectKey key, Object observed, Object desired) throws OperationException {
      call(
          key,
          kind,
          () -> {
            List<ObjectKey> gone = new ArrayList<>();
            if (observed instanceof LinkState was
                && desired instanceof LinkState now
                && (!was.kind().equals(now.kind()) || !Objects.equals(was.peer(), now.peer()))) {
              remove(key, gone);
              gone.remove(key);
            }
            requirePlace(key, desired);
            objects.put(key, desired);
            return gone;
          });
    }

    @Override
    public void delete(ObjectKey key, Object observed) throws OperationException {
      call(
          key,
          kind,
          () -> {
            List<ObjectKey> gone = new ArrayList<>();
            remove(key, gone);
            gone.remove(key);
            return gone;
          });
    }
  }
}
