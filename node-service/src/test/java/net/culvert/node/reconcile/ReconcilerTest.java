package net.culvert.node.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import net.culvert.api.resource.ResourceState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReconcilerTest {

  private static final Thing NET = Thing.namespace("net1");
  private static final Thing VETH = Thing.link(NET, "veth0");
  private static final Thing ROUTE = Thing.route("r");
  private static final Thing LINK = Thing.link("l");
  private static final Thing SETTING = Thing.setting(LINK, "forwarding");

  private final Bench bench = new Bench();

  @AfterEach
  void close() {
    bench.close();
  }

  private void write(String name, Expansion body) {
    bench.table.accept(bench.table.put(bench.things, name, body, Precondition.NONE));
  }

  private Standing standing(String name) {
    return bench.standing(bench.things, name);
  }

  @Test
  void makesWhatIsWishedAndSaysSo() {
    write("a", Literal.of(NET, "n", VETH, "l"));
    assertThat(bench.board.standing(new ResourceId("things", "a"))).isEmpty();

    bench.turn();

    assertThat(bench.kernel.takeLog()).containsExactly("create " + NET, "create " + VETH);
    Standing standing = standing("a");
    assertThat(standing.state()).isEqualTo(ResourceState.APPLIED);
    assertThat(standing.failure()).isNull();
    assertThat(standing.attempts()).isEqualTo(1);
    assertThat(standing.corrections()).isZero();
    assertThat(standing.observed()).isEqualTo(bench.kernel.ours());
    assertThat(standing.since().toEpochMilli()).isZero();
  }

  @Test
  void looksAtNothingThatIsNotDue() {
    write("a", Literal.of(ROUTE, "r"));
    bench.turn();
    int calls = bench.kernel.calls();

    long next = bench.turn();

    assertThat(bench.kernel.calls()).isEqualTo(calls);
    assertThat(next - bench.now.get()).isEqualTo(Bench.RESYNC.toNanos());
  }

  @Test
  void putsBackWhatDriftedAndTells() {
    write("a", Literal.of(ROUTE, "r", LINK, "l"));
    bench.turn();
    bench.kernel.lose(ROUTE);
    bench.kernel.change(LINK, "down");
    bench.advance(Duration.ofSeconds(5));

    bench.schedule.notice(bench.table.concerned(List.of(ROUTE)), bench.now.get());
    bench.turn();

    assertThat(standing("a").corrections()).isEqualTo(2);
    assertThat(standing("a").state()).isEqualTo(ResourceState.APPLIED);
    assertThat(standing("a").since().toEpochMilli()).isZero();
    assertThat(bench.drift)
        .containsExactlyInAnyOrder(
            "things/a: route r was gone and was made again",
            "things/a: link l was changed and was put back");
    assertThat(Objects.requireNonNull(standing("a").lastCorrection()).what())
        .isIn("route r was gone and was made again", "link l was changed and was put back");
    bench.assertClean("after drift");
  }

  @Test
  void callsItsOwnWorkNoDrift() {
    write("a", Literal.of(NET, "n", VETH, "l"));
    bench.turn();
    write("a", Literal.of(NET, "remade", VETH, "l"));
    bench.turn();

    assertThat(standing("a").corrections()).isZero();
    assertThat(bench.drift).isEmpty();
    bench.assertClean("after a container was remade");
  }

  @Test
  void countsDriftOfWhatSeveralShareForEach() {
    write("l", Literal.of(LINK, "l"));
    write("a", Literal.of(SETTING, "on"));
    write("b", Literal.of(SETTING, "on"));
    bench.turn();
    bench.kernel.change(SETTING, "off");
    bench.schedule.notice(bench.table.concerned(List.of(SETTING)), bench.now.get());
    bench.turn();

    assertThat(bench.kernel.takeLog()).filteredOn(line -> line.startsWith("replace")).hasSize(1);
    assertThat(standing("a").corrections()).isEqualTo(1);
    assertThat(standing("b").corrections()).isEqualTo(1);
    assertThat(standing("l").corrections()).isZero();
  }

  @Test
  void triesAgainLaterAndLater() {
    bench.kernel.breakThing(ROUTE);
    write("a", Literal.of(ROUTE, "r"));
    bench.turn();
    List<Long> waits = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      OptionalLong next = bench.schedule.next();
      waits.add(Duration.ofNanos(next.orElseThrow() - bench.now.get()).toMillis());
      bench.now.set(next.orElseThrow() - 1);
      assertThat(bench.kernel.takeLog()).hasSize(1);
      bench.turn();
      assertThat(bench.kernel.takeLog()).isEmpty();
      bench.now.set(next.orElseThrow());
      bench.turn();
    }

    assertThat(waits)
        .containsExactly(
            250L, 500L, 1_000L, 2_000L, 4_000L, 8_000L, 16_000L, 30_000L, 30_000L, 30_000L);
    Standing standing = standing("a");
    assertThat(standing.state()).isEqualTo(ResourceState.FAILED);
    assertThat(standing.attempts()).isEqualTo(11);
    assertThat(standing.failure()).hasMessage("route r is broken");
    assertThat(standing.since().toEpochMilli()).isZero();
    assertThat(bench.board.failed()).containsOnlyKeys(new ResourceId("things", "a"));

    bench.kernel.mendAll();
    bench.settle();
    assertThat(standing("a").state()).isEqualTo(ResourceState.APPLIED);
    assertThat(standing("a").attempts()).isEqualTo(1);
    assertThat(standing("a").since().toEpochMilli()).isGreaterThan(120_000);
    assertThat(standing("a").corrections()).isZero();
    bench.assertClean("after the retry");
  }

  @Test
  void beginsToCountAgainAfterAWrite() {
    bench.kernel.breakThing(ROUTE);
    write("a", Literal.of(ROUTE, "r"));
    bench.turn();
    bench.now.set(bench.schedule.next().orElseThrow());
    bench.turn();
    assertThat(standing("a").attempts()).isEqualTo(2);

    write("a", Literal.of(ROUTE, "other"));
    bench.turn();

    assertThat(standing("a").attempts()).isEqualTo(1);
    assertThat(bench.schedule.next().orElseThrow() - bench.now.get())
        .isEqualTo(Duration.ofMillis(250).toNanos());
  }

  @Test
  void isNotDrivenByTheEventsOfItsOwnAttempts() {
    bench.kernel.breakThing(ROUTE);
    write("a", Literal.of(ROUTE, "r"));
    int attempts = 0;
    // Every attempt is followed by an event, as that of a link made and removed again would be.
    for (long end = bench.now.get() + Duration.ofSeconds(60).toNanos(); bench.now.get() < end; ) {
      bench.turn();
      attempts += bench.kernel.takeLog().size();
      bench.schedule.notice(List.of(new ResourceId("things", "a")), bench.now.get());
      bench.now.set(bench.schedule.next().orElseThrow());
    }

    assertThat(attempts).isLessThan(65);
  }

  @Test
  void doesNotLetOneFailureTouchAnother() {
    bench.kernel.breakThing(ROUTE);
    write("a", Literal.of(ROUTE, "r"));
    write("b", Literal.of(LINK, "l"));
    bench.turn();

    assertThat(standing("a").state()).isEqualTo(ResourceState.FAILED);
    assertThat(standing("b").state()).isEqualTo(ResourceState.APPLIED);
  }

  @Test
  void looksAtEverythingOnceAResyncPeriodAndPrunesOnlyItsOwn() {
    write("a", Literal.of(ROUTE, "r"));
    bench.turn();
    bench.kernel.lose(ROUTE);
    bench.kernel.putOurs(Thing.link("left"), "l");
    bench.kernel.putForeign(Thing.link("foreign"), "l");
    bench.turn();
    assertThat(bench.kernel.ours()).containsOnlyKeys(Thing.link("left"));

    bench.advance(Bench.RESYNC);
    bench.turn();

    assertThat(bench.drift)
        .containsExactlyInAnyOrder(
            "things/a: route r was gone and was made again",
            "link left is this node's, but nothing wishes it: it was removed");
    assertThat(bench.kernel.foreign()).containsOnlyKeys("link foreign");
    bench.assertClean("after the resync");
  }

  @Test
  void resyncsAtOnceWhenToldTo() {
    bench.kernel.putOurs(Thing.link("left"), "l");
    bench.schedule.resync();
    bench.turn();

    assertThat(bench.kernel.ours()).isEmpty();
  }

  @Test
  void failsAWishOfWhatIsNotItsOwnAndLeavesThatAlone() {
    bench.kernel.putForeign(ROUTE, "foreign");
    write("a", Literal.of(ROUTE, "r"));
    bench.turn();

    assertThat(standing("a").failure())
        .isNotNull()
        .hasMessage("route r exists and is not this node's")
        .extracting(OperationException::reason)
        .isEqualTo(OperationException.Reason.NOT_OURS);
    bench.table.accept(bench.table.delete(new ResourceId("things", "a"), Precondition.NONE));
    bench.settle();

    assertThat(bench.kernel.foreign()).containsEntry("route r", "foreign");
    bench.assertClean("after the deletion");
  }

  @Test
  void triesADeletionAgainUntilNothingIsLeft() {
    write("a", Literal.of(NET, "n", VETH, "l", ROUTE, "r"));
    bench.turn();
    bench.kernel.breakThing(NET);
    bench.table.accept(bench.table.delete(new ResourceId("things", "a"), Precondition.NONE));
    bench.turn();

    assertThat(bench.kernel.ours()).containsOnlyKeys(NET);
    assertThat(standing("a").state()).isEqualTo(ResourceState.FAILED);

    bench.kernel.mendAll();
    bench.settle();
    assertThat(bench.kernel.ours()).isEmpty();
    bench.assertClean("after the retry");
  }

  @Test
  void removesWhatAReplacementGaveUp() {
    write("a", Literal.of(NET, "n", VETH, "l"));
    bench.turn();
    write("a", Literal.of(NET, "n"));
    bench.turn();

    assertThat(bench.kernel.ours()).containsOnlyKeys(NET);
    bench.assertClean("after the replacement");
  }

  @Test
  void handsAnObjectOverWithoutTouchingIt() {
    write("a", Literal.of(ROUTE, "r"));
    bench.turn();
    bench.kernel.takeLog();
    bench.table.accept(bench.table.delete(new ResourceId("things", "a"), Precondition.NONE));
    write("b", Literal.of(ROUTE, "r"));
    bench.turn();

    assertThat(bench.kernel.takeLog()).isEmpty();
    bench.assertClean("after the change of hands");
  }

  @Test
  void doesWhatASurpriseLeftUndone() {
    Schedule schedule = bench.schedule;
    List<String> told = new ArrayList<>();
    boolean[] throwing = {true};
    Reconciler surprised =
        new Reconciler(
            bench.table,
            bench.kernel.operations(),
            bench.board,
            schedule,
            () -> {
              if (throwing[0]) {
                throw new IllegalStateException("no clock");
              }
              return java.time.Instant.EPOCH;
            },
            Bench.RESYNC,
            drift -> told.add(drift.toString()));
    long now = bench.now.get();
    surprised.runDue(now);
    write("a", Literal.of(ROUTE, "r"));
    assertThatIllegalStateException().isThrownBy(() -> surprised.runDue(now));
    assertThat(schedule.next()).hasValue(now + Duration.ofSeconds(1).toNanos());

    throwing[0] = false;
    surprised.runDue(schedule.next().orElseThrow());
    assertThat(standing("a").state()).isEqualTo(ResourceState.APPLIED);

    throwing[0] = true;
    schedule.resync();
    assertThatIllegalStateException().isThrownBy(() -> surprised.runDue(now));
    throwing[0] = false;
    bench.kernel.lose(ROUTE);
    // A full look that was broken off is due again a second later, and not before.
    surprised.runDue(now);
    assertThat(bench.kernel.ours()).isEmpty();
    surprised.runDue(now + Duration.ofSeconds(1).toNanos());
    assertThat(bench.kernel.ours()).containsOnlyKeys(ROUTE);
  }
}
