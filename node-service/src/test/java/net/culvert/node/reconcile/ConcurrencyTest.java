package net.culvert.node.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import net.culvert.node.reconcile.Tunnelling.Net;
import net.culvert.node.reconcile.Tunnelling.Peer;
import net.culvert.node.reconcile.Tunnelling.Tunnel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many writers, the loop on its own thread, a kernel that refuses now and then. */
class ConcurrencyTest {

  private static final int WRITERS = 12;
  private static final int REQUESTS = 150;

  private final FakeKernel kernel = new FakeKernel();
  private final Tunnelling types = new Tunnelling();
  private final Literal things = new Literal("things");
  private final Schedule schedule = new Schedule();
  private final StatusBoard board = new StatusBoard();
  private final DesiredTable table =
      new DesiredTable(
          DesiredStore.inMemory(),
          List.of(things, types.tunnels, types.peers, types.nets),
          ids -> schedule.add(ids, System.nanoTime()));
  private final Reconciler reconciler =
      new Reconciler(
          table,
          kernel.operations(),
          board,
          schedule,
          InstantSource.system(),
          Duration.ofMinutes(10),
          words -> {});
  private final Wishes wishes = new Wishes(table, board, schedule, Duration.ofSeconds(20));
  private final ConcurrentLinkedQueue<Throwable> surprises = new ConcurrentLinkedQueue<>();

  @Test
  @Timeout(120)
  void endInWhatTheTableSays() throws Exception {
    long seed = System.nanoTime();
    System.out.println("ConcurrencyTest seed " + seed);
    ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
    try (ReconcilerLoop loop = new ReconcilerLoop(reconciler, schedule, surprises::add)) {
      loop.start();
      List<Future<?>> done = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        Random random = new Random(seed + i);
        done.add(writers.submit(() -> write(random)));
      }
      for (Future<?> each : done) {
        each.get();
      }
      assertThat(loop.isAlive()).isTrue();
      kernel.mendAll();
      while (schedule.next().isPresent() || !board.failed().isEmpty() || table.remembered() > 0) {
        long edition = board.edition();
        schedule.resync();
        board.awaitNews(edition, System.nanoTime() + TimeUnit.SECONDS.toNanos(1));
      }
    } finally {
      writers.shutdownNow();
    }

    Map<ObjectKey, Object> wished = new HashMap<>();
    table.slices().forEach(slice -> wished.putAll(slice.objects()));
    assertThat(kernel.ours().keySet()).as("seed %d", seed).isEqualTo(wished.keySet());
    wished.values().removeIf(Thing.Value.of("any")::equals);
    assertThat(kernel.ours()).as("seed %d", seed).containsAllEntriesOf(wished);
    assertThat(surprises).isEmpty();
    assertThat(board.size())
        .isEqualTo(table.count().values().stream().mapToInt(Integer::intValue).sum());
    assertThat(schedule.size()).isZero();
  }

  private void write(Random random) {
    for (int i = 0; i < REQUESTS; i++) {
      try {
        request(random);
      } catch (WishRefusedException | OperationException e) {
        // A conflict with another writer, or the kernel's refusal: both are answers.
        assertThat(e.getMessage()).isNotBlank();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private void request(Random random) throws OperationException, InterruptedException {
    String tunnel = "tun" + random.nextInt(2);
    String peer = tunnel + "/p" + random.nextInt(3);
    String net = "net" + random.nextInt(3);
    String thing = "t" + random.nextInt(4);
    Precondition none = Precondition.NONE;
    switch (random.nextInt(10)) {
      case 0, 1 -> wishes.put(types.tunnels, tunnel, new Tunnel(1400 + random.nextInt(3)), none);
      case 2 -> wishes.delete(types.tunnels, tunnel, none);
      case 3, 4 ->
          wishes.put(
              types.peers,
              peer,
              new Peer("10.1." + random.nextInt(5) + ".0/24", 1390 + random.nextInt(20)),
              none);
      case 5 -> wishes.delete(types.peers, peer, none);
      case 6 -> wishes.put(types.nets, net, new Net("10.2.0." + random.nextInt(4)), none);
      case 7 -> wishes.delete(types.nets, net, none);
      case 8 -> {
        Thing route = Thing.route("r" + random.nextInt(3));
        if (random.nextInt(4) == 0) {
          kernel.failAt(1 + random.nextInt(10), FakeKernel.Fault.REFUSED);
        }
        wishes.put(things, thing, Literal.of(route, "v" + random.nextInt(2)), none);
      }
      default -> wishes.delete(things, thing, none);
    }
  }
}
