package net.culvert.node.reconcile;

import static net.culvert.node.reconcile.FakeKernel.things;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.culvert.node.reconcile.Thing.Value;
import org.junit.jupiter.api.Test;

class RoundTest {

  private static final Thing NET = Thing.namespace("net1");
  private static final Thing VETH = Thing.link(NET, "veth0");
  private static final Thing ADDRESS = Thing.address(VETH, "10.1.1.2");
  private static final Thing ROUTE = Thing.route("default");

  private final FakeKernel kernel = new FakeKernel();
  private final Catalogue catalogue = new Catalogue(kernel.operations());

  private static Slice slice(String name, Map<ObjectKey, Object> objects, ObjectKey... orphans) {
    return new Slice(new ResourceId("things", name), 1, objects, Set.of(orphans), null);
  }

  private Round run(boolean full, Slice... slices) {
    Round round = new Round(catalogue, List.of(slices), full, Round.Past.NONE);
    round.run();
    return round;
  }

  @Test
  void looksAgainUntilNothingIsLeftToDo() {
    Slice before = slice("a", things(NET, "n", VETH, "l", ADDRESS, "a"));
    run(false, before);
    kernel.takeLog();

    Round round = run(false, slice("a", things(NET, "remade n", VETH, "l", ADDRESS, "a")));

    assertThat(kernel.takeLog())
        .containsExactly("replace " + NET, "create " + VETH, "create " + ADDRESS);
    assertThat(round.failuresOf(before)).isEmpty();
    // What a later pass made again was lost by the round's own work.
    assertThat(round.correction(NET)).isNotNull();
    assertThat(round.correction(VETH)).isNull();
  }

  @Test
  void givesUpAQuarrel() {
    kernel.unsettle(ROUTE);
    Slice slice = slice("a", things(ROUTE, "r"));

    Round round = run(false, slice);

    assertThat(kernel.takeLog()).hasSize(3);
    assertThat(round.failuresOf(slice).get(ROUTE))
        .hasMessage(
            "route default does not stay as it is wished; something else seems to change it");
  }

  @Test
  void failsTheContentsOfWhatFailedAndNothingElse() {
    kernel.breakThing(NET);
    Slice one = slice("a", things(NET, "n", VETH, "l", ADDRESS, "a"));
    Slice other = slice("b", things(ROUTE, "r"));

    Round round = run(false, one, other);

    assertThat(kernel.takeLog()).containsExactly("create " + NET, "create " + ROUTE);
    assertThat(round.failuresOf(one).keySet()).containsExactlyInAnyOrder(NET, VETH, ADDRESS);
    assertThat(round.failuresOf(one).values())
        .extracting(Throwable::getMessage)
        .containsOnly(NET + " is broken");
    assertThat(round.failuresOf(other)).isEmpty();
  }

  @Test
  void looksAtEachAloneWhereOneHidesTheOthers() {
    Map<ObjectKey, Object> routes = new HashMap<>();
    for (int i = 0; i < 100; i++) {
      routes.put(Thing.route("r" + i), Value.of("r"));
    }
    kernel.hide(Thing.route("r17"));
    kernel.hide(Thing.route("r80"));
    Slice slice = slice("a", routes);

    Round round = run(false, slice);

    assertThat(round.failuresOf(slice).keySet())
        .containsExactlyInAnyOrder(Thing.route("r17"), Thing.route("r80"));
    assertThat(kernel.ours()).hasSize(98);
  }

  @Test
  void doesNotLookForEverWhereNothingCanBeSeen() {
    Map<ObjectKey, Object> routes = new HashMap<>();
    for (int i = 0; i < 10_000; i++) {
      routes.put(Thing.route("r" + i), Value.of("r"));
      kernel.hide(Thing.route("r" + i));
    }
    Slice slice = slice("a", routes);

    Round round = run(false, slice);

    assertThat(round.failuresOf(slice)).hasSize(10_000);
    assertThat(kernel.calls()).isLessThan(200);
    assertThat(kernel.writes()).isZero();
  }

  @Test
  void makesNothingInWhatItCannotSee() {
    kernel.hide(NET);
    Slice slice = slice("a", things(NET, "n", VETH, "l", ADDRESS, "a"));

    Round round = run(false, slice);

    assertThat(kernel.writes()).isZero();
    assertThat(round.failuresOf(slice)).hasSize(3);
  }

  @Test
  void prunesOnlyWhatCarriesOurMarkAndOnlyWhenItLooksAtAll() {
    kernel.putOurs(Thing.route("left over"), "r");
    kernel.putForeign(Thing.route("foreign"), "r");
    Slice slice = slice("a", things(ROUTE, "r"));

    assertThat(run(false, slice).pruned()).isEmpty();
    assertThat(kernel.takeLog()).containsExactly("create route default");

    assertThat(run(true, slice).pruned())
        .extracting(Step::drift)
        .containsExactly("route left over is this node's, but nothing wishes it: it was removed");
    assertThat(kernel.takeLog()).containsExactly("delete route left over");
    assertThat(kernel.foreign()).containsOnlyKeys("route foreign");
  }

  @Test
  void prunesNothingOfAKindThatItCannotList() {
    kernel.putOurs(Thing.route("left over"), "r");
    kernel.putOurs(Thing.link("left over"), "l");
    kernel.blind(Thing.ROUTE);
    Slice slice = slice("a", things(ROUTE, "r"));

    Round round = run(true, slice);

    // What is named can still be looked at.
    assertThat(kernel.takeLog()).containsExactly("delete link left over", "create route default");
    assertThat(round.failuresOf(slice)).isEmpty();
    assertThat(kernel.ours()).containsKey(Thing.route("left over"));
  }

  @Test
  void tellsWhatIsGoneFromWhatCouldNotBeRemoved() {
    run(false, slice("a", things(NET, "n", VETH, "l", ROUTE, "r")));
    kernel.breakThing(NET);
    Slice deleted = slice("a", Map.of(), NET, VETH, ROUTE);

    Round round = run(false, deleted);

    assertThat(round.goneOf(deleted)).containsExactlyInAnyOrder(VETH, ROUTE);
    assertThat(round.failuresOf(deleted).keySet()).containsExactly(NET);
    assertThat(kernel.ours().keySet()).containsExactly(NET);
  }

  @Test
  void takesABugForARefusal() {
    kernel.failAt(2, FakeKernel.Fault.BUG);
    Slice slice = slice("a", things(ROUTE, "r"));

    assertThat(run(false, slice).failuresOf(slice).get(ROUTE))
        .hasMessage(
            "route default cannot be reconciled: java.lang.IllegalStateException: a bug in create"
                + " route default")
        .hasCauseInstanceOf(IllegalStateException.class);
  }

  @Test
  void doesNotRemoveAnOrphanThatAnotherWishesByNow() {
    run(false, slice("a", things(ROUTE, "r")));
    kernel.takeLog();

    run(false, slice("a", Map.of(), ROUTE), slice("b", things(ROUTE, "r")));

    assertThat(kernel.takeLog()).isEmpty();
  }
}
