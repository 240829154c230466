package net.culvert.node.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import net.culvert.api.resource.ResourceState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WishesTest {

  private static final Thing NET = Thing.namespace("net1");
  private static final Thing VETH = Thing.link(NET, "veth0");
  private static final Thing ROUTE = Thing.route("r");
  private static final Thing LINK = Thing.link("l");

  private final MapStore store = new MapStore();
  private final Bench bench = new Bench(store);

  @AfterEach
  void close() {
    bench.close();
  }

  private Wishes impatient() {
    return new Wishes(bench.table, bench.board, bench.schedule, Duration.ZERO);
  }

  @Test
  void createsAndAnswersOnceTheKernelIsSo() throws Exception {
    Wishes.Outcome<Expansion> outcome = bench.put("a", NET, "n", VETH, "l");

    assertThat(outcome.created()).isTrue();
    assertThat(outcome.pending()).isFalse();
    assertThat(bench.kernel.ours()).containsOnlyKeys(NET, VETH);
    assertThat(bench.wishes.get(bench.things, "a")).contains(outcome.wish());
    assertThat(bench.wishes.list(bench.things)).containsExactly(outcome.wish());
    bench.assertClean("after the answer");
  }

  @Test
  void touchesNothingForTheSameBodyAgain() throws Exception {
    Wishes.Outcome<Expansion> first = bench.put("a", NET, "n", VETH, "l");
    int calls = bench.kernel.calls();

    Wishes.Outcome<Expansion> again = bench.put("a", NET, "n", VETH, "l");

    assertThat(again.created()).isFalse();
    assertThat(again.wish()).isEqualTo(first.wish());
    assertThat(bench.kernel.calls()).isEqualTo(calls);
    bench.assertClean("after the answer");
  }

  @Test
  void touchesOnlyWhatChanged() throws Exception {
    bench.put("a", NET, "n", VETH, "l", ROUTE, "r");
    bench.kernel.takeLog();

    assertThat(bench.put("a", NET, "n", VETH, "l2", LINK, "l").created()).isFalse();

    assertThat(bench.kernel.takeLog())
        .containsExactly("delete route r", "create link l", "replace " + VETH);
    bench.assertClean("after the answer");
  }

  @Test
  void answersPendingPastTheWait() throws Exception {
    Wishes.Outcome<Expansion> outcome =
        impatient().put(bench.things, "a", Literal.of(ROUTE, "r"), Precondition.NONE);

    assertThat(outcome.pending()).isTrue();
    assertThat(outcome.created()).isTrue();
    assertThat(bench.wishes.standing(outcome.wish().id())).isNull();
    assertThat(bench.table.remembered()).isZero();
    bench.turn();
    assertThat(bench.kernel.ours()).containsOnlyKeys(ROUTE);
    bench.assertClean("after the loop went on");
  }

  @Test
  void keepsAWishThatFailsOnlyAfterTheWait() throws Exception {
    bench.put("a", ROUTE, "r");
    bench.kernel.breakThing(ROUTE);
    impatient().put(bench.things, "a", Literal.of(ROUTE, "r2"), Precondition.NONE);
    Standing pending = Objects.requireNonNull(bench.wishes.standing(new ResourceId("things", "a")));
    assertThat(pending.state()).isEqualTo(ResourceState.PENDING);
    assertThat(pending.observed()).isEqualTo(bench.kernel.ours());

    bench.turn();

    assertThat(bench.standing(bench.things, "a").state()).isEqualTo(ResourceState.FAILED);
    assertThat(bench.table.get(bench.things, "a").orElseThrow().body())
        .isEqualTo(Literal.of(ROUTE, "r2"));
    bench.kernel.mendAll();
    bench.assertClean("after the retry");
  }

  @Test
  void leavesNothingOfANewWishThatIsRefused() throws Exception {
    bench.kernel.putForeign(ROUTE, "foreign");

    assertThatThrownBy(() -> bench.put("a", NET, "n", VETH, "l", ROUTE, "r"))
        .isInstanceOf(OperationException.class)
        .hasMessage("route r exists and is not this node's");

    assertThat(bench.kernel.ours()).isEmpty();
    assertThat(bench.table.get(bench.things, "a")).isEmpty();
    bench.assertClean("after the refusal");
  }

  @Test
  void restoresTheOldBodyOfAReplacementThatIsRefused() throws Exception {
    Wish<Expansion> old = bench.put("a", NET, "n", VETH, "l").wish();
    bench.kernel.putForeign(ROUTE, "foreign");

    assertThatThrownBy(() -> bench.put("a", NET, "n2", ROUTE, "r"))
        .hasMessage("route r exists and is not this node's");

    assertThat(bench.kernel.ours()).isEqualTo(Literal.of(NET, "n", VETH, "l").objects());
    assertThat(bench.table.get(bench.things, "a")).contains(old);
    bench.assertClean("after the refusal");
  }

  @Test
  void keepsARefusedWishThatTheStoreCannotForget() throws Exception {
    bench.kernel.breakThing(ROUTE);
    Future<?> answer =
        bench.start(
            () -> bench.wishes.put(bench.things, "a", Literal.of(ROUTE, "r"), Precondition.NONE));
    while (bench.schedule.next().isEmpty()) {
      Thread.onSpinWait();
    }
    store.full = true;
    bench.turn();

    assertThat(assertThrows(Exception.class, answer::get).getCause())
        .hasMessage("route r is broken")
        .satisfies(failure ->
            assertThat(failure.getSuppressed()).singleElement().isInstanceOf(StoreException.class));
    assertThat(bench.table.get(bench.things, "a")).isPresent();
    assertThat(bench.standing(bench.things, "a").state()).isEqualTo(ResourceState.FAILED);
    bench.kernel.mendAll();
    bench.assertClean("after the retry");
  }

  @Test
  void triesAFailedResourceAtOnceForTheSameBody() throws Exception {
    bench.put("a", ROUTE, "r");
    bench.kernel.lose(ROUTE);
    bench.kernel.breakThing(ROUTE);
    bench.schedule.notice(List.of(new ResourceId("things", "a")), bench.now.get());
    bench.turn();
    assertThat(bench.standing(bench.things, "a").state()).isEqualTo(ResourceState.FAILED);

    assertThatThrownBy(() -> bench.put("a", ROUTE, "r")).hasMessage("route r is broken");
    assertThat(bench.table.get(bench.things, "a")).isPresent();

    bench.kernel.mendAll();
    assertThat(bench.put("a", ROUTE, "r").pending()).isFalse();
    bench.assertClean("after the retry");
  }

  @Test
  void deletesAndAnswersOnceTheKernelIsSo() throws Exception {
    bench.put("a", NET, "n", VETH, "l");

    assertThat(bench.delete(bench.things, "a")).isTrue();

    assertThat(bench.kernel.ours()).isEmpty();
    bench.assertClean("after the answer");
    assertThatThrownBy(() -> bench.delete(bench.things, "a"))
        .isInstanceOf(WishRefusedException.class)
        .hasMessage("there is no things/a");
  }

  @Test
  void saysWhenADeletionIsNotDoneWithinTheWait() throws Exception {
    bench.put("a", ROUTE, "r");

    assertThat(impatient().delete(bench.things, "a", Precondition.NONE)).isFalse();

    assertThat(bench.kernel.ours()).isNotEmpty();
    bench.turn();
    assertThat(bench.kernel.ours()).isEmpty();
    bench.assertClean("after the loop went on");
  }

  @Test
  void putsBackWhatCannotBeDeleted() throws Exception {
    Wish<Expansion> old = bench.put("a", NET, "n", VETH, "l", ROUTE, "r").wish();
    // Three looks and two removals: the veth goes with its namespace.
    bench.kernel.failAt(5, FakeKernel.Fault.REFUSED);

    assertThatThrownBy(() -> bench.delete(bench.things, "a"))
        .isInstanceOf(OperationException.class)
        .hasMessageEndingWith("was refused");

    assertThat(bench.kernel.ours())
        .isEqualTo(Literal.of(NET, "n", VETH, "l", ROUTE, "r").objects());
    assertThat(bench.table.get(bench.things, "a")).contains(old);
    bench.assertClean("after the refusal");
  }

  @Test
  void letsWritersOfOneResourceFollowOneAnother() throws Exception {
    Future<?> first =
        bench.start(
            () -> bench.wishes.put(bench.things, "a", Literal.of(ROUTE, "r"), Precondition.NONE));
    while (bench.schedule.next().isEmpty()) {
      Thread.onSpinWait();
    }
    Future<?> second =
        bench.start(
            () -> bench.wishes.put(bench.things, "a", Literal.of(ROUTE, "r2"), Precondition.NONE));
    assertThat(bench.put("b", LINK, "l").created()).isTrue();
    first.get();
    while (!second.isDone()) {
      bench.turn();
    }
    second.get();

    assertThat(bench.kernel.ours()).isEqualTo(Literal.of(ROUTE, "r2", LINK, "l").objects());
    bench.assertClean("after both");
  }

  @Test
  void refusesAWriterWhoseTurnDoesNotCome() throws Exception {
    Wishes hasty = new Wishes(bench.table, bench.board, bench.schedule, Duration.ofMillis(30));
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    Future<Wishes.Outcome<Expansion>> first =
        bench.start(() ->
            hasty.put(
                bench.things,
                "a",
                Literal.of(ROUTE, "r"),
                revision -> {
                  inside.countDown();
                  try {
                    return go.await(20, TimeUnit.SECONDS);
                  } catch (InterruptedException e) {
                    return false;
                  }
                }));
    inside.await();

    assertThatThrownBy(
            () -> hasty.put(bench.things, "a", Literal.of(ROUTE, "r2"), Precondition.NONE))
        .isInstanceOf(WishRefusedException.class)
        .hasMessage("another change of things/a is under way");
    go.countDown();
    assertThat(first.get().pending()).isTrue();
    bench.turn();
    assertThat(bench.kernel.ours()).isEqualTo(Literal.of(ROUTE, "r").objects());
  }

  @Test
  void tellsAChildThatWasDeletedWithItsParentWhileItWaited() throws Exception {
    bench.put(bench.tunnelling.tunnels, "tun0", new Tunnelling.Tunnel(1472));
    bench.settle();
    Future<?> child =
        bench.start(() ->
            bench.wishes.put(
                bench.tunnelling.peers,
                "tun0/b",
                new Tunnelling.Peer("10.1.2.0/24", 1500),
                Precondition.NONE));
    while (bench.schedule.next().isEmpty()) {
      Thread.onSpinWait();
    }

    Future<Boolean> parent =
        bench.start(() -> bench.wishes.delete(bench.tunnelling.tunnels, "tun0", Precondition.NONE));
    // The loop is not turned before, or it could settle the child while its parent is still there.
    while (bench.wishes.get(bench.tunnelling.tunnels, "tun0").isPresent()) {
      Thread.onSpinWait();
    }
    boolean gone = bench.request(() -> parent.get());
    assertThat(gone).isTrue();

    assertThat(assertThrows(Exception.class, child::get).getCause())
        .isInstanceOf(WishRefusedException.class)
        .hasMessage("peers/tun0/b was deleted together with what it belongs to");
    bench.assertClean("after both");
  }
}
