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
import java.util.OptionalLong;
import java.util.Set;
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
  private final DriftListener drift;
  private final Quarrels quarrels;
  private volatile RoundListener listener = RoundListener.NONE;
  private long lastResync;
  private boolean begun;

  /** One that does not know who others are. */
  public Reconciler(
      DesiredTable table,
      Collection<? extends Operations<?, ?>> operations,
      StatusBoard board,
      Schedule schedule,
      InstantSource clock,
      Duration resync,
      DriftListener drift) {
    this(table, operations, board, schedule, clock, resync, Opponents.UNKNOWN, drift);
  }

  /**
   * @param resync how often everything is looked at, whether or not the kernel said something
   * @param opponents asked who may be behind a quarrel
   * @param drift told of every correction
   */
  public Reconciler(
      DesiredTable table,
      Collection<? extends Operations<?, ?>> operations,
      StatusBoard board,
      Schedule schedule,
      InstantSource clock,
      Duration resync,
      Opponents opponents,
      DriftListener drift) {
    this.quarrels = new Quarrels(opponents);
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
    Round round = new Round(catalogue, doomed, true, Round.Past.NONE);
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
    long begun = System.nanoTime();
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
      board.lookedAtAll(System.nanoTime() - begun);
      quarrels.forgetOver(nowNanos);
    }
    return lastResync + resyncNanos;
  }

  /**
   * What the kernel has of these, and with {@code full} of all that is ours; on the loop's thread.
   */
  Map<ObjectKey, Object> look(List<Slice> slices, boolean full) throws OperationException {
    return new Round(catalogue, slices, full, Round.Past.NONE).look();
  }

  /** What would be done to a kernel that has that. Any thread. */
  List<PlannedStep> foresee(Preview preview, Map<ObjectKey, Object> observed) {
    return new Foresight(catalogue, preview, observed).steps();
  }

  private void run(List<Slice> slices, boolean full, long nowNanos) {
    Past past = new Past(slices, nowNanos);
    Round round = new Round(catalogue, slices, full && table.isWhole(), past);
    round.watchBy(new RoundWatcher(slices, board, listener));
    round.run();
    Map<ResourceId, Standing> settled = new HashMap<>();
    List<ResourceId> gone = new ArrayList<>();
    for (Slice slice : slices) {
      Standing standing = judge(slice, round, past, nowNanos);
      if (table.buried(slice.id(), round.goneOf(slice), slice.generation())) {
        gone.add(slice.id());
        continue;
      }
      settled.put(slice.id(), standing);
      if (standing.state() == ResourceState.FAILED) {
        long wait = rest(slice, round, nowNanos).orElse(backoff(standing.attempts()).toNanos());
        schedule.retry(
            slice.id(), nowNanos + wait, nowNanos + Math.min(wait, EVENTS_HELD.toNanos()));
      }
    }
    Instant now = clock.instant();
    for (Step step : round.pruned()) {
      drift.corrected(new Drift(null, step.key(), step.drift(), now));
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

  /** How long until the first object may be put back that rests; empty where none does. */
  private OptionalLong rest(Slice slice, Round round, long nowNanos) {
    return round.failuresOf(slice).keySet().stream()
        .mapToLong(key -> quarrels.restLeft(key, nowNanos))
        .filter(left -> left > 0)
        .min();
  }

  /** What the board and the quarrels know of the objects of a round. */
  private final class Past implements Round.Past {
    private final Map<ObjectKey, Object> held = new HashMap<>();
    private final List<ObjectKey> news = new ArrayList<>();
    private final long nowNanos;

    Past(Collection<Slice> slices, long nowNanos) {
      this.nowNanos = nowNanos;
      for (Slice slice : slices) {
        Standing before = board.peek(slice.id());
        if (before == null) {
          continue;
        }
        if (before.generation() != slice.generation()) {
          slice.objects().keySet().forEach(quarrels::forget);
          slice.orphans().forEach(quarrels::forget);
        }
        slice
            .objects()
            .forEach((key, value) -> {
              Object last =
                  before.state() == ResourceState.APPLIED
                      ? before.observed().get(key)
                      : quarrels.held(key);
              if (last != null && value.equals(before.desired().get(key))) {
                held.put(key, last);
              }
            });
      }
    }

    @Override
    public @Nullable Object held(ObjectKey key) {
      return held.get(key);
    }

    @Override
    public @Nullable OperationException rest(ObjectKey key) {
      if (quarrels.restLeft(key, nowNanos) == 0) {
        return null;
      }
      if (quarrels.changedAgain(key)) {
        news.add(key);
      }
      return new OperationException(OperationException.Reason.CONFLICT, quarrels.sentence(key));
    }

    /** Objects of a resource that were seen to be changed for the first time since they rest. */
    List<ObjectKey> news(Slice slice) {
      return news.stream().filter(slice.objects()::containsKey).toList();
    }
  }

  private Standing judge(Slice slice, Round round, Past past, long nowNanos) {
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
    Drift lastCorrection = before == null ? null : before.lastCorrection();
    for (ObjectKey key : slice.objects().keySet()) {
      Step step = round.correction(key);
      Object held = past.held(key);
      if (step != null && held != null) {
        corrections++;
        lastCorrection = new Drift(slice.id(), key, step.drift(), clock.instant());
        drift.corrected(lastCorrection);
        listener.drifted(step, slice.id(), true);
        if (round.isFirstCause(key)) {
          quarrels.corrected(key, held, nowNanos);
        }
      }
    }
    past.news(slice).forEach(key -> drift.contested(slice.id(), key, quarrels.sentence(key)));
    return new Standing(
        slice.generation(),
        state,
        failure,
        attempts,
        since,
        corrections,
        lastCorrection,
        contest(slice, nowNanos),
        round.observedOf(slice),
        slice.objects());
  }

  private @Nullable String contest(Slice slice, long nowNanos) {
    for (ObjectKey key : quarrels.size() == 0 ? Set.<ObjectKey>of() : slice.objects().keySet()) {
      if (quarrels.isContested(key, nowNanos)) {
        return quarrels.sentence(key);
      }
    }
    return null;
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
