package net.culvert.node.events;

import net.culvert.node.reconcile.DesiredTable;
import net.culvert.node.reconcile.OperationException;
import net.culvert.node.reconcile.ResourceId;
import net.culvert.node.reconcile.RoundListener;
import net.culvert.node.reconcile.Standing;
import net.culvert.node.reconcile.Step;
import net.culvert.node.reconcile.Wish;
import org.jspecify.annotations.Nullable;

/** Tells the log what is wished and what the reconciler does. On their threads, briefly. */
public final class ReconcileEvents implements RoundListener, DesiredTable.WriteListener {

  private final EventLog log;

  public ReconcileEvents(EventLog log) {
    this.log = log;
  }

  @Override
  public void written(Wish<?> wish, boolean created) {
    log.resource(created ? "created" : "changed", wish.id().toString(), wish.revision(), null);
  }

  @Override
  public void deleted(ResourceId id, long revision) {
    log.resource("deleted", id.toString(), revision, null);
  }

  @Override
  public void settled(ResourceId id, Standing now) {
    OperationException failure = now.failure();
    log.resource(
        "settled",
        id.toString(),
        null,
        now.state().name(),
        failure == null ? null : failure.getMessage());
  }

  @Override
  public void stepped(
      Step step, @Nullable ResourceId resource, @Nullable OperationException failure) {
    String action =
        switch (step.action()) {
          case CREATE -> "created";
          case REPLACE -> "changed";
          case DELETE -> "deleted";
        };
    log.step(
        failure == null ? action : "failed",
        text(resource),
        step.key().toString(),
        failure == null ? null : failure.getMessage());
  }

  @Override
  public void drifted(Step step, @Nullable ResourceId resource, boolean putBack) {
    log.drift(
        putBack ? "put-back" : "seen",
        text(resource),
        step.key().toString(),
        putBack ? step.drift() : step.finding());
  }

  private static @Nullable String text(@Nullable ResourceId id) {
    return id == null ? null : id.toString();
  }
}
