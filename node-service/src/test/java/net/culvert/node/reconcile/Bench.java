package net.culvert.node.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An engine over a {@link FakeKernel}, with a time that moves only where the test says so. Requests
 * run on a thread of their own while the test's thread turns the reconciler.
 */
final class Bench implements AutoCloseable {

  static final Duration RESYNC = Duration.ofMinutes(10);

  private static final int MAX_TURNS = 1_000;

  final FakeKernel kernel;
  final Literal things = new Literal("things");
  final Literal others = new Literal("others");
  final Tunnelling tunnelling;
  final Schedule schedule = new Schedule();
  final StatusBoard board = new StatusBoard();
  final AtomicLong now;
  final List<String> drift = new ArrayList<>();
  final List<String> contests = new ArrayList<>();
  final DesiredTable table;
  final Reconciler reconciler;
  final Wishes wishes;
  private final ExecutorService requests = Executors.newCachedThreadPool();

  Bench() {
    this(DesiredStore.inMemory());
  }

  Bench(DesiredStore store) {
    this(store, Duration.ofSeconds(20));
  }

  /**
   * @param wait of a request, in real time
   */
  Bench(DesiredStore store, Duration wait) {
    this(store, wait, new FakeKernel(), new Tunnelling(), new AtomicLong(1_000));
  }

  private Bench(
      DesiredStore store, Duration wait, FakeKernel kernel, Tunnelling tunnelling, AtomicLong now) {
    this.kernel = kernel;
    this.tunnelling = tunnelling;
    this.now = now;
    table =
        new DesiredTable(
            store,
            List.of(things, others, tunnelling.tunnels, tunnelling.peers, tunnelling.nets),
            ids -> schedule.add(ids, now.get()));
    reconciler =
        new Reconciler(
            table,
            kernel.operations(),
            board,
            schedule,
            () -> Instant.EPOCH.plusNanos(now.get()),
            RESYNC,
            key -> "It seems to be the test.",
            new DriftListener() {
              @Override
              public void corrected(Drift told) {
                drift.add(told.toString());
              }

              @Override
              public void contested(ResourceId resource, ObjectKey object, String sentence) {
                contests.add(sentence);
              }
            });
    wishes = new Wishes(table, board, schedule, wait);
    table.restore();
    turn();
  }

  /** What another start finds: the same kernel and facts, and what the store has. */
  Bench restarted(DesiredStore store, Duration wait) {
    close();
    return new Bench(store, wait, kernel, tunnelling, now);
  }

  /** One look at what is due now. */
  long turn() {
    return reconciler.runDue(now.get());
  }

  void advance(Duration by) {
    now.addAndGet(by.toNanos());
  }

  /** Moves on to whatever is due next, until nothing is. */
  void settle() {
    for (int turns = 0; turns < MAX_TURNS; turns++) {
      OptionalLong next = schedule.next();
      if (next.isEmpty()) {
        return;
      }
      now.accumulateAndGet(next.getAsLong(), Math::max);
      turn();
    }
    throw new AssertionError("still not settled after " + MAX_TURNS + " turns");
  }

  <B> Wishes.Outcome<B> put(ResourceType<B> type, String name, B body) throws Exception {
    return request(() -> wishes.put(type, name, body, Precondition.NONE));
  }

  Wishes.Outcome<Expansion> put(String name, Object... keysAndTexts) throws Exception {
    return put(things, name, Literal.of(keysAndTexts));
  }

  boolean delete(ResourceType<?> type, String name) throws Exception {
    return request(() -> wishes.delete(type, name, Precondition.NONE));
  }

  /** Runs a request, turning the reconciler until it is answered. */
  <T> T request(Callable<T> call) throws Exception {
    Future<T> answer = requests.submit(call);
    while (true) {
      try {
        return answer.get(200, TimeUnit.MICROSECONDS);
      } catch (TimeoutException e) {
        OptionalLong next = schedule.next();
        if (next.isPresent()) {
          now.accumulateAndGet(next.getAsLong(), Math::max);
          turn();
        }
      } catch (ExecutionException e) {
        throw e.getCause() instanceof Exception cause ? cause : e;
      }
    }
  }

  <T> Future<T> start(Callable<T> call) {
    return requests.submit(call);
  }

  Standing standing(ResourceType<?> type, String name) {
    return board.standing(new ResourceId(type.name(), name)).orElseThrow();
  }

  /** Everything that the table wishes. */
  Map<ObjectKey, Object> wished() {
    Map<ObjectKey, Object> wished = new HashMap<>();
    for (Slice slice : table.slices()) {
      wished.putAll(slice.objects());
    }
    return wished;
  }

  /**
   * Once settled, the kernel is as wished, and nothing is remembered of what is gone. A write that
   * came between two steps of a turn may have left one more look to be taken.
   */
  void assertClean(String told) {
    settle();
    Map<ObjectKey, Object> ours = kernel.ours();
    assertThat(ours.keySet()).as(told).isEqualTo(wished().keySet());
    wished()
        .forEach((key, value) -> {
          if (!value.equals(Thing.Value.of("any"))) {
            assertThat(ours.get(key)).as(told + ": " + key).isEqualTo(value);
          }
        });
    assertThat(board.failed()).as(told).isEmpty();
    assertThat(table.remembered()).as(told).isZero();
    assertThat(schedule.size()).as(told).isZero();
    assertThat(board.size())
        .as(told)
        .isEqualTo(table.count().values().stream().mapToInt(Integer::intValue).sum());
  }

  @Override
  public void close() {
    requests.shutdownNow();
  }
}
