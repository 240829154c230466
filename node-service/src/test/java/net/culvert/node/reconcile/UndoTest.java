package net.culvert.node.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
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

class UndoTest {

  private static final Thing ROUTE = Thing.route("r");
  private static final Thing LINK = Thing.link("l");
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
  void holdsForAWriterWhatItsWriteTookAwayUntilThatStands() {
    accepted("a", Literal.body(says -> says.object(ROUTE, "x").claim(7000, "port 7000")));
    accepted("user", Literal.of(LINK, "x"));
    accepted("a2", Literal.body(says -> says.use(LINK)));
    Written<Expansion> written = put("a", Literal.of(Thing.link("other"), "x"));
    Written<Expansion> unused = put("a2", Literal.body(says -> {}));

    assertRefused(
        () -> put("b", Literal.of(ROUTE, "x")),
        Reason.CONFLICT,
        "route r is still held by things/a, whose change is under way");
    assertRefused(
        () -> put("b", Literal.body(says -> says.claim(7000, "port 7000"))),
        Reason.CONFLICT,
        "port 7000 is still held by things/a, whose change is under way");
    assertRefused(
        () -> table.delete(id("user"), NONE),
        Reason.CONFLICT,
        "link l is in use by things/a2, whose change is under way");

    table.accept(written);
    table.accept(unused);
    accepted("b", Literal.body(says -> says.object(ROUTE, "x").claim(7000, "port 7000")));
    table.accept(table.delete(id("user"), NONE));
  }

  @Test
  void undoesANewWishWithTheChildrenItGotSince() {
    Written<Expansion> parent = put("parent", Literal.of(LINK, "x"));
    accepted("child", Literal.body(says -> says.parent(id("parent")).object(ROUTE, "x")));

    assertThat(table.undo(parent)).containsOnlyKeys(id("parent"), id("child"));

    assertThat(table.list(things)).isEmpty();
    assertThat(store.wishes).isEmpty();
    assertThat(table.slices())
        .extracting(Slice::orphans)
        .containsExactly(Set.of(ROUTE), Set.of(LINK));
  }

  @Test
  void undoesAReplacementToTheOldBodyAndRevision() {
    Expansion old = Literal.body(says -> says.object(ROUTE, "x").claim(7000, "port 7000"));
    Written<Expansion> first = accepted("a", old);
    Written<Expansion> second = put("a", Literal.of(LINK, "x"));

    Map<ResourceId, Long> generations = table.undo(second);

    assertThat(generation(generations)).isGreaterThan(second.generation());
    assertThat(table.get(things, "a")).contains(first.current());
    assertThat(store.wishes).containsValue(first.current());
    assertThat(table.slices())
        .containsExactly(
            new Slice(id("a"), generation(generations), old.objects(), Set.of(LINK), null));
    assertRefused(
        () -> put("b", Literal.body(says -> says.claim(7000, "port 7000"))),
        Reason.CONFLICT,
        "port 7000 is already used by things/a");
  }

  @Test
  void undoesNothingThatWasOvertakenOrStands() {
    Written<Expansion> first = put("a", Literal.of(ROUTE, "x"));
    Written<Expansion> second = put("a", Literal.of(ROUTE, "y"));
    assertThat(table.undo(first)).isEmpty();
    table.accept(second);
    assertThat(table.undo(second)).isEmpty();
    assertThat(table.undo(put("a", Literal.of(ROUTE, "y")))).isEmpty();
    assertThat(table.get(things, "a")).contains(second.current());

    Written<Expansion> third = put("a", Literal.of(ROUTE, "z"));
    Deleted deleted = table.delete(id("a"), NONE);
    assertThat(table.undo(third)).isEmpty();
    table.accept(third);
    accepted("a", Literal.of(ROUTE, "new"));
    assertThat(table.undo(deleted)).isEmpty();
    assertThat(table.get(things, "a").orElseThrow().body()).isEqualTo(Literal.of(ROUTE, "new"));
  }

  @Test
  void undoesADeletionParentsFirst() {
    accepted("parent", Literal.of(LINK, "x"));
    accepted("child", Literal.body(says -> says.parent(id("parent")).use(LINK).claim(1, "one")));
    List<Wish<Expansion>> before = table.list(things);
    Deleted deleted = table.delete(id("parent"), NONE);
    assertRefused(
        () -> put("b", Literal.of(LINK, "x")),
        Reason.CONFLICT,
        "link l is still held by things/parent, whose change is under way");

    assertThat(table.undo(deleted)).containsOnlyKeys(id("parent"), id("child"));

    assertThat(table.list(things)).isEqualTo(before);
    assertThat(store.wishes).containsOnlyKeys(id("parent"), id("child"));
    assertRefused(
        () -> put("b", Literal.body(says -> says.claim(1, "one"))),
        Reason.CONFLICT,
        "one is already used by things/child");
  }

  @Test
  void doesNotPutBackAChildWhoseParentIsGone() {
    accepted("parent", Literal.of(LINK, "x"));
    accepted("child", Literal.body(says -> says.parent(id("parent")).object(ROUTE, "x")));
    Deleted child = table.delete(id("child"), NONE);
    table.accept(table.delete(id("parent"), NONE));

    assertThat(table.undo(child)).isEmpty();
    assertThat(table.list(things)).isEmpty();
  }
}
