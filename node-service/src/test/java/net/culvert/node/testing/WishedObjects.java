package net.culvert.node.testing;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.culvert.node.object.Kinds;
import net.culvert.node.reconcile.DesiredTable;
import net.culvert.node.reconcile.Kind;
import net.culvert.node.reconcile.ObjectKey;
import net.culvert.node.reconcile.Operations;
import net.culvert.node.reconcile.Reconciler;
import net.culvert.node.reconcile.ResourceId;
import net.culvert.node.reconcile.Schedule;
import net.culvert.node.reconcile.StatusBoard;

/**
 * A kernel that takes whatever it is given, behind the real engine: what it holds is what the
 * wishes mean.
 */
public final class WishedObjects implements DesiredTable.DirtyListener {

  private final Map<ObjectKey, Object> held = new HashMap<>();
  private final Schedule schedule = new Schedule();
  private long nanos = 1;

  @Override
  public void dirty(Set<ResourceId> ids) {
    schedule.add(ids, nanos);
  }

  /** The keys of all that is wished now. */
  public Set<ObjectKey> keys(DesiredTable table) {
    settle(table);
    return Set.copyOf(held.keySet());
  }

  /** What is wished of one object. */
  public Optional<Object> of(DesiredTable table, ObjectKey key) {
    settle(table);
    return Optional.ofNullable(held.get(key));
  }

  private void settle(DesiredTable table) {
    List<Operations<?, ?>> operations =
        List.of(
            new Holder(Kinds.NAMESPACE),
            new Holder(Kinds.TUNNEL),
            new Holder(Kinds.LINK),
            new Holder(Kinds.SETTING),
            new Holder(Kinds.ADDRESS),
            new Holder(Kinds.NEIGHBOUR),
            new Holder(Kinds.ROUTE),
            new Holder(Kinds.PEER));
    schedule.resync();
    new Reconciler(
            table,
            operations,
            new StatusBoard(),
            schedule,
            InstantSource.system(),
            Duration.ofHours(1),
            words -> {})
        .runDue(nanos++);
  }

  private final class Holder implements Operations<ObjectKey, Object> {
    private final Kind kind;

    Holder(Kind kind) {
      this.kind = kind;
    }

    @Override
    public Kind kind() {
      return kind;
    }

    @Override
    public Map<ObjectKey, Object> observe() {
      Map<ObjectKey, Object> observed = new HashMap<>(held);
      observed.keySet().removeIf(key -> !key.kind().equals(kind));
      return observed;
    }

    @Override
    public Map<ObjectKey, Object> observe(Collection<ObjectKey> keys) {
      Map<ObjectKey, Object> observed = new HashMap<>(held);
      observed.keySet().retainAll(Set.copyOf(keys));
      return observed;
    }

    @Override
    public void create(ObjectKey key, Object desired) {
      held.put(key, desired);
    }

    @Override
    public void replace(ObjectKey key, Object observed, Object desired) {
      held.put(key, desired);
    }

    @Override
    public void delete(ObjectKey key, Object observed) {
      held.remove(key);
    }
  }
}
