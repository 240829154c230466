package net.culvert.node.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.culvert.node.reconcile.DesiredTable.Deleted;
import net.culvert.node.reconcile.DesiredTable.Written;
import net.culvert.node.reconcile.WishRefusedException.Reason;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class DesiredTableTest {

  private static final Thing ROUTE = Thing.route("r");
  private static final Thing LINK = Thing.link("l");
  private static final Thing SETTING = Thing.setting(LINK, "forwarding");
  private static final Precondition NONE = Precondition.NONE;

  private final Literal things = new Literal("things");
  private final MapStore store = new MapStore();
  private final List<Set<ResourceId>> dirty = new ArrayList<>();
  private final DesiredTable table =
      new DesiredTable(store, List.of(things, new Literal("others")), dirty::add);

  private static ResourceId id(String name) {
    return new ResourceId("things", name);
  }

  private static long generation(Map<ResourceId, Long> generations) {
    return generations.getOrDefault(id("a"), -1L);
  }

  private Written<Expansion> put(String name, Expansion body) {
    return table.put(things, name, body, NONE);
  }

  /** A write that the kernel has answered. */
  private Written<Expansion> accepted(String name, Expansion body) {
    Written<Expansion> written = put(name, body);
    table.accept(written);
    return written;
  }

  private void assertRefused(ThrowingCallable call, Reason reason, String message) {
    int told = dirty.size();
    Map<ResourceId, Wish<?>> before = Map.copyOf(store.wishes);
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            WishRefusedException.class, e -> assertThat(e.reason()).isEqualTo(reason))
        .hasMessage(message);
    assertThat(store.wishes).isEqualTo(before);
    assertThat(dirty).hasSize(told);
  }

  @Test
  void keepsAWishAndTellsOfIt() {
    Written<Expansion> written = put("a", Literal.of(ROUTE, "x"));

    assertThat(written.previous()).isNull();
    assertThat(written.changed()).isTrue();
    assertThat(table.get(things, "a")).contains(written.current());
    assertThat(table.list(things)).containsExactly(written.current());
    assertThat(table.count()).isEqualTo(Map.of("things", 1, "others", 0));
    assertThat(store.wishes).containsOnlyKeys(id("a"));
    assertThat(dirty).containsExactly(Set.of(id("a")));
    assertThat(table.slices())
        .containsExactly(
            new Slice(
                id("a"), written.generation(), Literal.of(ROUTE, "x").objects(), Set.of(), null));
  }

  @Test
  void takesTheSameBodyAgainForNoChange() {
    Written<Expansion> first = accepted("a", Literal.of(ROUTE, "x"));

    Written<Expansion> again = put("a", Literal.of(ROUTE, "x"));

    assertThat(again.changed()).isFalse();
    assertThat(again.current()).isEqualTo(first.current());
    assertThat(again.generation()).isEqualTo(first.generation());
    assertThat(dirty).hasSize(1);
  }

  @Test
  void growsRevisionsAndRemembersWhatWasThere() {
    Written<Expansion> one = accepted("a", Literal.of(ROUTE, "x"));
    Written<Expansion> two = accepted("a", Literal.of(LINK, "x"));

    assertThat(two.current().revision()).isGreaterThan(one.current().revision());
    assertThat(two.previous()).isEqualTo(one.current());
    assertThat(table.slices())
        .containsExactly(
            new Slice(
                id("a"), two.generation(), Literal.of(LINK, "x").objects(), Set.of(ROUTE), null));
  }

  @Test
  void refusesAWriteOfAnotherRevision() {
    Written<Expansion> one = accepted("a", Literal.of(ROUTE, "x"));
    Precondition other = revision -> revision.orElse(0) == 999;

    assertRefused(
        () -> table.put(things, "a", Literal.of(ROUTE, "y"), other),
        Reason.STALE,
        "things/a has revision " + one.current().revision());
    assertRefused(
        () -> table.put(things, "b", Literal.of(LINK, "y"), other),
        Reason.STALE,
        "there is no things/b");
    assertRefused(
        () -> table.delete(id("a"), other),
        Reason.STALE,
        "things/a has revision " + one.current().revision());
  }

  @Test
  void refusesWhatAnotherHasAndSaysWho() {
    accepted("a", Literal.body(says -> says.object(ROUTE, "x").claim(7000, "port 7000")));

    assertRefused(
        () -> put("b", Literal.of(ROUTE, "x")),
        Reason.CONFLICT,
        "route r is already used by things/a");
    assertRefused(
        () -> put("b", Literal.body(says -> says.claim(7000, "port 7000"))),
        Reason.CONFLICT,
        "port 7000 is already used by things/a");
    assertThat(table.get(things, "b")).isEmpty();
    accepted("b", Literal.body(says -> says.claim(7001, "port 7001")));
  }

  @Test
  void freesWhatWasGivenUp() {
    accepted("a", Literal.body(says -> says.object(ROUTE, "x").claim(7000, "port 7000")));
    accepted("a", Literal.of(LINK, "x"));
    accepted("b", Literal.body(says -> says.object(ROUTE, "x").claim(7000, "port 7000")));
    table.accept(table.delete(id("b"), NONE));
    accepted("c", Literal.body(says -> says.object(ROUTE, "y").claim(7000, "port 7000")));

    // Whoever had it first no longer has it to remove.
    assertThat(table.slices()).allSatisfy(slice -> assertThat(slice.orphans()).isEmpty());
  }

  @Test
  void sharesWhatMayBeSharedAsLongAsAllWishTheSame() {
    accepted("a", Literal.of(SETTING, "on"));
    accepted("b", Literal.of(SETTING, "on"));

    assertRefused(
        () -> put("c", Literal.of(SETTING, "off")),
        Reason.CONFLICT,
        SETTING + " is already used by things/a");
    assertRefused(
        () -> put("b", Literal.of(SETTING, "off")),
        Reason.CONFLICT,
        SETTING + " is already used by things/a");

    table.accept(table.delete(id("a"), NONE));
    assertThat(table.slices()).allSatisfy(slice -> assertThat(slice.orphans()).isEmpty());
    accepted("b", Literal.of(SETTING, "off"));
    table.accept(table.delete(id("b"), NONE));
    assertThat(table.slices())
        .anySatisfy(slice -> assertThat(slice.orphans()).containsExactly(SETTING));
  }

  @Test
  void refusesAWishThatContradictsItself() {
    assertThatThrownBy(() -> Literal.of(ROUTE, "x", ROUTE, "y"))
        .isInstanceOf(WishRefusedException.class)
        .hasMessage("route r is wished twice, and differently");
    assertThat(Literal.of(ROUTE, "x", ROUTE, "x").objects()).hasSize(1);
  }

  @Test
  void keepsWhatIsInUse() {
    accepted("a", Literal.of(LINK, "x"));
    accepted("b", Literal.body(says -> says.object(ROUTE, "r").use(LINK)));

    assertRefused(
        () -> table.delete(id("a"), NONE), Reason.CONFLICT, "link l is in use by things/b");
    assertRefused(
        () -> put("a", Literal.of(Thing.link("other"), "x")),
        Reason.CONFLICT,
        "link l is in use by things/b");
    accepted("a", Literal.of(LINK, "changed"));

    accepted("b", Literal.of(ROUTE, "r"));
    table.delete(id("a"), NONE);
    assertRefused(() -> table.delete(id("a"), NONE), Reason.ABSENT, "there is no things/a");
  }

  @Test
  void deletesChildrenFirstAndNamesParentsFirst() {
    accepted("parent", Literal.of(LINK, "x"));
    accepted("child1", Literal.body(says -> says.parent(id("parent")).use(LINK)));
    accepted("child2", Literal.body(says -> says.parent(id("parent")).object(ROUTE, "x")));
    accepted("grandchild", Literal.body(says -> says.parent(id("child2")).use(ROUTE)));
    accepted("stranger", Literal.body(says -> says.use(ROUTE)));

    assertRefused(
        () -> table.delete(id("parent"), NONE),
        Reason.CONFLICT,
        "route r is in use by things/stranger");
    table.accept(table.delete(id("stranger"), NONE));
    Deleted deleted = table.delete(id("parent"), NONE);

    assertThat(deleted.wishes())
        .extracting(wish -> wish.id().name())
        .containsExactly("parent", "child1", "child2", "grandchild");
    assertThat(deleted.generations().get(id("parent")))
        .isGreaterThan(deleted.generations().get(id("grandchild")));
    assertThat(table.list(things)).isEmpty();
    assertThat(store.wishes).isEmpty();
  }

  @Test
  void changesNothingWhenTheStoreCannot() {
    Written<Expansion> written = put("a", Literal.of(ROUTE, "x"));
    List<Slice> before = table.slices();
    store.full = true;

    for (ThrowingCallable write :
        List.<ThrowingCallable>of(
            () -> put("a", Literal.of(ROUTE, "y")),
            () -> put("b", Literal.of(LINK, "y")),
            () -> table.delete(id("a"), NONE),
            () -> table.undo(written))) {
      assertThatThrownBy(write)
          .isInstanceOf(StoreException.class)
          .hasMessage("No space left on device");
    }

    assertThat(table.slices()).isEqualTo(before);
    assertThat(dirty).hasSize(1);
    store.full = false;
    assertThat(put("a", Literal.of(ROUTE, "x")).changed()).isFalse();
  }

  @Test
  void remembersADeletionUntilItsObjectsAreGone() {
    accepted("a", Literal.of(ROUTE, "x", LINK, "x"));
    Deleted deleted = table.delete(id("a"), NONE);
    table.accept(deleted);
    long generation = generation(deleted.generations());

    assertThat(table.mourns(id("a"), generation)).isTrue();
    assertThat(table.buried(id("a"), Set.of(ROUTE), generation)).isFalse();
    assertThat(table.mourns(id("a"), generation)).isTrue();
    assertThat(table.buried(id("a"), Set.of(LINK), generation)).isTrue();
    assertThat(table.mourns(id("a"), generation)).isFalse();
    assertThat(table.slices()).isEmpty();
    assertThat(table.slices(List.of(id("a"), id("never")))).isEmpty();
    assertThat(table.remembered()).isZero();
  }

  @Test
  void forgetsNoDeletionThatCameAfterTheLook() {
    accepted("a", Literal.of(ROUTE, "x"));
    Deleted first = table.delete(id("a"), NONE);
    table.accept(first);
    accepted("a", Literal.of(ROUTE, "x"));
    Deleted second = table.delete(id("a"), NONE);
    table.accept(second);

    assertThat(table.buried(id("a"), Set.of(), generation(first.generations()))).isFalse();
    assertThat(table.mourns(id("a"), generation(first.generations()))).isFalse();
    assertThat(table.mourns(id("a"), generation(second.generations()))).isTrue();
  }

  @Test
  void knowsItsTypes() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new DesiredTable(store, List.of(things, things), dirty::add))
        .withMessage("two resource types are called things");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> table.list(new Literal("unknown")))
        .withMessage("no resource type is called unknown");
  }
}
