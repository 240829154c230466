package net.culvert.node.reconcile;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.culvert.api.resource.ResourceState;
import org.jspecify.annotations.Nullable;

/** Tells a listener what a round does, and whose the objects are. One round, one thread. */
final class RoundWatcher implements Round.Watcher {

  private final List<Slice> slices;
  private final StatusBoard board;
  private final RoundListener listener;
  private final Map<ObjectKey, ResourceId> owners = new HashMap<>();
  private final Set<ObjectKey> orphans = new HashSet<>();

  RoundWatcher(List<Slice> slices, StatusBoard board, RoundListener listener) {
    this.slices = slices;
    this.board = board;
    this.listener = listener;
  }

  @Override
  public void planned(List<Step> firstPass) {
    // Most rounds do nothing, and need not know whose anything is.
    for (Slice slice : slices) {
      slice.objects().keySet().forEach(key -> owners.putIfAbsent(key, slice.id()));
      orphans.addAll(slice.orphans());
    }
    for (Slice slice : slices) {
      slice.orphans().forEach(key -> owners.putIfAbsent(key, slice.id()));
    }
    for (Step step : firstPass) {
      if (isDrift(step)) {
        listener.drifted(step, owners.get(step.key()), false);
      }
    }
  }

  private boolean isDrift(Step step) {
    Object desired = step.desired();
    if (desired == null) {
      return !orphans.contains(step.key());
    }
    ResourceId owner = owners.get(step.key());
    Standing before = owner == null ? null : board.peek(owner);
    return before != null
        && before.state() == ResourceState.APPLIED
        && desired.equals(before.desired().get(step.key()));
  }

  @Override
  public void taken(Step step, @Nullable OperationException failure) {
    listener.stepped(step, owners.get(step.key()), failure);
  }
}
