package net.culvert.node.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import net.culvert.api.resource.ResourceState;
import org.jspecify.annotations.Nullable;

/**
 * Runs a round over the resources that are due. It has no thread and no timer: {@link
 * ReconcilerLoop} calls it, and tests do with a time of their own.
 */
public final class Reconciler {

  private static final Duration FIRST_RETRY = Duration.ofMillis(250);
  private static final Duration LAST_RETRY = Duration.ofSeconds(30);

  private final DesiredTable table;
  private final Catalogue catalogue;
  private final StatusBoard board;
  private final Schedule schedule;
  private final InstantSource clock;
  private final long resyncNanos;
  private final Consumer<String> drift;
  private long lastResync;

  /**
   * @param resync how often everything is looked at, whether or not the kernel said something
   * @param drift told of every correction, in words
   */
  public Reconciler(
      DesiredTable table,
      Collection<? extends Operations<?, ?>> operations,
      StatusBoard board,
      Schedule schedule,
      InstantSource clock,
      Duration resync,
      Consumer<String> drift) {
    this.table = table;
    this.catalogue = new Catalogue(operations);
    this.board = board;
    this.schedule = schedule;
    this.clock = clock;
    this.resyncNanos = resync.toNanos();
    this.drift = drift;
  }

  /**
   * Looks at what is due.
   *
   * @return when to call again at the latest, in the same time as {@code nowNanos}
   */
  public long runDue(long nowNanos) {
    boolean full = schedule.takeResync() || nowNanos - lastResync >= resyncNanos;
    Set<ResourceId> due = schedule.take(nowNanos);
    if (full) {
      lastResync = nowNanos;
      due = table.ids();
    }
    if (full || !due.isEmpty()) {
      run(due, full, nowNanos);
    }
    return lastResync + resyncNanos;
  }

  private void run(Set<ResourceId> due, boolean full, long nowNanos) {
    List<Slice> slices = due.stream().map(table::slice).toList();
    Round round = new Round(catalogue, slices, full);
    round.run();
    Map<ResourceId, Standing> settled = new HashMap<>();
    for (Slice slice : slices) {
      Standing standing = judge(slice, round);
      settled.put(slice.id(), standing);
      table.buried(slice.id(), round.goneOf(slice), slice.generation());
      if (standing.state() == ResourceState.FAILED) {
        schedule.add(List.of(slice.id()), nowNanos + backoff(standing.attempts()).toNanos());
      }
    }
    board.settle(settled);
    if (full) {
      board.retain(due);
    }
  }

  private Standing judge(Slice slice, Round round) {
    Map<ObjectKey, OperationException> failures = round.failuresOf(slice);
    Standing before = board.peek(slice.id());
    ResourceState state = failures.isEmpty() ? ResourceState.APPLIED : ResourceState.FAILED;
    @Nullable OperationException failure = failures.values().stream().findFirst().orElse(null);
    int attempts = 1;
    Instant since = clock.instant();
    if (before != null && before.generation() == slice.generation() && before.state() == state) {
      attempts = state == ResourceState.FAILED ? before.attempts() + 1 : before.attempts();
      since = before.since();
    }
    long corrections = before == null ? 0 : before.corrections();
    String lastCorrection = before == null ? null : before.lastCorrection();
    if (before != null && before.state() == ResourceState.APPLIED) {
      for (Step step : round.done()) {
        if (step.desired() != null
            && step.desired().equals(before.desired().get(step.key()))
            && slice.objects().containsKey(step.key())) {
          corrections++;
          lastCorrection = step.drift();
          drift.accept(slice.id() + ": " + lastCorrection);
        }
      }
    }
    return new Standing(
        slice.generation(),
        state,
        failure,
        attempts,
        since,
        corrections,
        lastCorrection,
        round.observedOf(slice),
        slice.objects());
  }

  private static Duration backoff(int attempts) {
    Duration wait = FIRST_RETRY.multipliedBy(1L << Math.min(attempts - 1, 10));
    return wait.compareTo(LAST_RETRY) > 0 ? LAST_RETRY : wait;
  }
}
