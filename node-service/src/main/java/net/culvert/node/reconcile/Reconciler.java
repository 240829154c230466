package net.culvert.node.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
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

  /**
   * An event may bring a retry forward (what was in the way has gone), but not faster than this:
   * the attempt itself makes events.
   */
  private static final Duration EVENTS_HELD = Duration.ofSeconds(1);

  private static final long SURPRISED_NANOS = Duration.ofSeconds(1).toNanos();

  private final DesiredTable table;
  private final Catalogue catalogue;
  private final StatusBoard board;
  private final Schedule schedule;
  private final InstantSource clock;
  private final long resyncNanos;
  private final Consumer<String> drift;
  private volatile RoundListener listener = RoundListener.NONE;
  private long lastResync;
  private boolean begun;

  /**
   * @param resync how often everything is looked at, whether or not the kernel said something
   * @param drift told of every correction, in words, on the reconciler's thread
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

  /** Who is told of everything that is found and done. */
  public void listenBy(RoundListener newListener) {
    listener = newListener;
  }

  /**
   * Removes everything of ours from the kernel, wished or not; what is wished stays wished, and
   * comes back with the next start. On the loop's thread, which does nothing after it.
   *
   * @return why something is still there
   */
  List<OperationException> removeAll() {
    List<Slice> doomed = new ArrayList<>();
    for (Slice slice : table.slices()) {
      Set<ObjectKey> objects = new HashSet<>(slice.orphans());
      objects.addAll(slice.objects().keySet());
      doomed.add(new Slice(slice.id(), slice.generation(), Map.of(), objects, null));
    }
    Round round = new Round(catalogue, doomed, true);
    round.watchBy(new RoundWatcher(doomed, board, listener));
    round.run();
    return round.failures();
  }

  /**
   * Looks at what is due.
   *
   * @return when to call again at the latest, in the same time as {@code nowNanos}
   */
  public long runDue(long nowNanos) {
    schedule.takeQuestions().forEach(Runnable::run);
    if (!begun) {
      begun = true;
      List<Slice> first = table.firstSlices();
      if (!first.isEmpty()) {
        run(first, false, nowNanos);
      }
    }
    boolean full = schedule.takeResync() || nowNanos - lastResync >= resyncNanos;
    Set<ResourceId> due = schedule.take(nowNanos);
    if (!full && due.isEmpty()) {
      return lastResync + resyncNanos;
    }
    try {
      run(full ? table.slices() : table.slices(due), full, nowNanos);
    } catch (RuntimeException | Error e) {
      // What was taken is not done: it is due again, but not at once, lest the loop spins.
      schedule.add(due, nowNanos + SURPRISED_NANOS);
      if (full) {
        lastResync = nowNanos - resyncNanos + SURPRISED_NANOS;
      }
      throw e;
    }
    if (full) {
      lastResync = nowNanos;
    }
    return lastResync + resyncNanos;
  }

  /**
   * What the kernel has of these, and with {@code full} of all that is ours; on the loop's thread.
   */
  Map<ObjectKey, Object> look(List<Slice> slices, boolean full) throws OperationException {
    return new Round(catalogue, slices, full).look();
  }

  /** What would be done to a kernel that has that. Any thread. */
  List<PlannedStep> foresee(Preview preview, Map<ObjectKey, Object> observed) {
    return new Foresight(catalogue, preview, observed).steps();
  }

  private void run(List<Slice> slices, boolean full, long nowNanos) {
    Round round = new Round(catalogue, slices, full && table.isWhole());
    round.watchBy(new RoundWatcher(slices, board, listener));
    round.run();
    Map<ResourceId, Standing> settled = new HashMap<>();
    List<ResourceId> gone = new ArrayList<>();
    for (Slice slice : slices) {
      Standing standing = judge(slice, round);
      if (table.buried(slice.id(), round.goneOf(slice), slice.generation())) {
        gone.add(slice.id());
        continue;
      }
      settled.put(slice.id(), standing);
      if (standing.state() == ResourceState.FAILED) {
        long wait = backoff(standing.attempts()).toNanos();
        schedule.retry(
            slice.id(), nowNanos + wait, nowNanos + Math.min(wait, EVENTS_HELD.toNanos()));
      }
    }
    for (Step step : round.pruned()) {
      drift.accept(step.drift());
      listener.drifted(step, null, true);
    }
    settled.forEach((id, standing) -> {
      Standing before = board.peek(id);
      if (before == null
          || before.state() != standing.state()
          || before.generation() != standing.generation()) {
        listener.settled(id, standing);
      }
    });
    board.settle(settled, gone);
  }

  private Standing judge(Slice slice, Round round) {
    Standing before = board.peek(slice.id());
    OperationException failure = failure(slice, round);
    ResourceState state = failure == null ? ResourceState.APPLIED : ResourceState.FAILED;
    int attempts = 1;
    Instant since = clock.instant();
    if (before != null && before.generation() == slice.generation() && before.state() == state) {
      attempts = state == ResourceState.FAILED ? before.attempts() + 1 : before.attempts();
      since = before.since();
    }
    long corrections = before == null ? 0 : before.corrections();
    String lastCorrection = before == null ? null : before.lastCorrection();
    if (before != null && before.state() == ResourceState.APPLIED) {
      for (Map.Entry<ObjectKey, Object> wished : slice.objects().entrySet()) {
        Step step = round.correction(wished.getKey());
        if (step != null && wished.getValue().equals(before.desired().get(wished.getKey()))) {
          corrections++;
          lastCorrection = step.drift();
          drift.accept(slice.id() + ": " + lastCorrection);
          listener.drifted(step, slice.id(), true);
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

  private static @Nullable OperationException failure(Slice slice, Round round) {
    if (slice.refusal() != null) {
      return new OperationException(
          OperationException.Reason.REFUSED, "it is not accepted any more: " + slice.refusal());
    }
    return round.failuresOf(slice).values().stream().findFirst().orElse(null);
  }

  private static Duration backoff(int attempts) {
    Duration wait = FIRST_RETRY.multipliedBy(1L << Math.min(attempts - 1, 10));
    return wait.compareTo(LAST_RETRY) > 0 ? LAST_RETRY : wait;
  }
}
