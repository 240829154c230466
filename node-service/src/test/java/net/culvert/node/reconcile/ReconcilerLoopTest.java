package net.culvert.node.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import net.culvert.api.resource.ResourceState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ReconcilerLoopTest {

  private static final Thing ROUTE = Thing.route("r");
  private static final ResourceId ID = new ResourceId("things", "a");

  private final FakeKernel kernel = new FakeKernel();
  private final Literal things = new Literal("things");
  private final Schedule schedule = new Schedule();
  private final StatusBoard board = new StatusBoard();
  private final BlockingQueue<Throwable> surprises = new LinkedBlockingQueue<>();
  private final AtomicReference<Throwable> surprise = new AtomicReference<>();
  private final InstantSource clock =
      () -> {
        Throwable thrown = surprise.getAndSet(null);
        if (thrown instanceof Error error) {
          throw error;
        }
        if (thrown instanceof RuntimeException exception) {
          throw exception;
        }
        return Instant.now();
      };
  private final DesiredTable table =
      new DesiredTable(
          DesiredStore.inMemory(), List.of(things), ids -> schedule.add(ids, System.nanoTime()));
  private final ReconcilerLoop loop =
      new ReconcilerLoop(
          new Reconciler(
              table, kernel.operations(), board, schedule, clock, Duration.ofHours(1), words -> {}),
          schedule,
          surprises::add);
  private final Wishes wishes = new Wishes(table, board, schedule, Duration.ofSeconds(30));

  @BeforeEach
  void start() {
    loop.start();
  }

  @AfterEach
  void stop() throws InterruptedException {
    loop.close();
    assertThat(loop.isAlive()).isFalse();
  }

  @Test
  void appliesAWishAndAnswers() throws Exception {
    assertThat(wishes.put(things, "a", Literal.of(ROUTE, "r"), Precondition.NONE).pending())
        .isFalse();
    assertThat(kernel.ours()).containsOnlyKeys(ROUTE);
    assertThat(wishes.delete(things, "a", Precondition.NONE)).isTrue();
    assertThat(kernel.ours()).isEmpty();
  }

  @Test
  void putsBackWhatAnEventTellsOfWithinASecond() throws Exception {
    wishes.put(things, "a", Literal.of(ROUTE, "r"), Precondition.NONE);
    long edition = board.edition();
    kernel.lose(ROUTE);
    loop.changed(table.concerned(List.of(ROUTE)));

    assertThat(board.awaitNews(edition, System.nanoTime() + TimeUnit.SECONDS.toNanos(1))).isTrue();
    assertThat(kernel.ours()).containsOnlyKeys(ROUTE);
    assertThat(board.standing(ID).orElseThrow().corrections()).isEqualTo(1);
  }

  @Test
  void looksAgainWhenAsked() throws Exception {
    wishes.put(things, "a", Literal.of(ROUTE, "r"), Precondition.NONE);
    long edition = board.edition();
    kernel.lose(ROUTE);
    wishes.lookAt(ID);

    assertThat(board.awaitNews(edition, System.nanoTime() + TimeUnit.SECONDS.toNanos(30))).isTrue();
    assertThat(kernel.ours()).containsOnlyKeys(ROUTE);
  }

  @Test
  void survivesExceptionsAndErrors() throws Exception {
    for (Throwable thrown :
        List.of(new IllegalStateException("a bug"), new StackOverflowError("a worse one"))) {
      long turn = loop.lastTurnNanos();
      surprise.set(thrown);
      table.accept(table.put(things, "a", Literal.of(ROUTE, thrown.toString()), Precondition.NONE));
      assertThat(surprises.take()).isSameAs(thrown);

      // The same wish again waits for the look that was broken off.
      wishes.put(things, "a", Literal.of(ROUTE, thrown.toString()), Precondition.NONE);
      assertThat(board.standing(ID).orElseThrow().state()).isEqualTo(ResourceState.APPLIED);
      assertThat(loop.isAlive()).isTrue();
      assertThat(loop.lastTurnNanos() - turn).isPositive();
    }
    assertThat(surprises).isEmpty();
  }

  @Test
  void leavesTheKernelAsItIsWhenItEnds() throws Exception {
    wishes.put(things, "a", Literal.of(ROUTE, "r"), Precondition.NONE);
    loop.close();

    assertThat(loop.isAlive()).isFalse();
    assertThat(kernel.ours()).containsOnlyKeys(ROUTE);
  }
}
