package net.culvert.node.reconcile;

import static net.culvert.node.reconcile.FakeKernel.things;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import net.culvert.node.reconcile.Tunnelling.Net;
import net.culvert.node.reconcile.Tunnelling.Peer;
import net.culvert.node.reconcile.Tunnelling.Tunnel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Several writes and deletions as one: all of them, or none. */
class BatchTest {

  private static final Thing ONE = Thing.route("one");
  private static final Thing TWO = Thing.route("two");
  private static final Thing LINK = Thing.link("l");

  private final MapStore store = new MapStore();
  private final Bench bench = new Bench(store);

  @AfterEach
  void close() {
    bench.close();
  }

  private static ResourceId id(String name) {
    return new ResourceId("things", name);
  }

  private Batch.Put<Expansion> thing(String name, Object... keysAndTexts) {
    return new Batch.Put<>(bench.things, name, Literal.of(keysAndTexts));
  }

  private boolean apply(List<Batch.Put<?>> puts, ResourceId... deletions) throws Exception {
    return bench.request(() -> bench.wishes.apply(new Batch(puts, Set.of(deletions))));
  }

  @Test
  void twoExchangeWhatTheyHave() throws Exception {
    bench.put("a", ONE, "x");
    bench.put("b", TWO, "x");
    assertThat(apply(List.of(thing("a", TWO, "y"), thing("b", ONE, "y")))).isTrue();
    assertThat(bench.kernel.ours()).isEqualTo(things(ONE, "y", TWO, "y"));
    bench.assertClean("exchanged");
    assertThat(store.wishes).containsOnlyKeys(id("a"), id("b"));
  }

  @Test
  void oneTakesWhatADeletedOneHad() throws Exception {
    bench.put("a", ONE, "x");
    assertThat(apply(List.of(thing("b", ONE, "y")), id("a"))).isTrue();
    assertThat(bench.kernel.ours()).isEqualTo(things(ONE, "y"));
    bench.assertClean("taken over");
  }

  @Test
  void partsNeedOneAnotherInAnyOrder() throws Exception {
    List<Batch.Put<?>> puts =
        List.of(
            new Batch.Put<>(bench.tunnelling.peers, "tun0/p", new Peer("q", 1300)),
            new Batch.Put<>(bench.tunnelling.nets, "n", new Net("a")),
            new Batch.Put<>(bench.tunnelling.tunnels, "tun0", new Tunnel(1400)));
    assertThat(apply(puts)).isTrue();
    bench.assertClean("made");
    assertThat(bench.kernel.ours().get(Tunnelling.veth("n"))).isEqualTo(Thing.Value.of("mtu 1300"));
    assertThat(apply(List.of(), new ResourceId("tunnels", "tun0"))).isTrue();
    bench.assertClean("deleted with what is below it");
    assertThat(store.wishes.keySet()).containsExactly(new ResourceId("nets", "n"));
  }

  @Test
  void whatIsAsItWasIsNotTouched() throws Exception {
    bench.put("a", ONE, "x");
    long revision = bench.table.get(bench.things, "a").orElseThrow().revision();
    bench.kernel.takeLog();
    assertThat(apply(List.of(thing("a", ONE, "x"), thing("b", TWO, "x")))).isTrue();
    assertThat(bench.kernel.takeLog()).containsExactly("create route two");
    assertThat(bench.table.get(bench.things, "a").orElseThrow().revision()).isEqualTo(revision);
  }

  @Test
  void everyRefusedPartIsNamedAndNothingIsDone() throws Exception {
    bench.put("a", ONE, "x");
    bench.put("user", LINK, "l");
    Map<ResourceId, Wish<?>> before = Map.copyOf(store.wishes);
    bench.kernel.takeLog();
    assertThatThrownBy(() ->
            apply(
                List.of(
                    thing("fine", TWO, "x"),
                    thing("b", ONE, "y"),
                    new Batch.Put<>(bench.tunnelling.peers, "tun9/p", new Peer("q", 1300))),
                id("absent")))
        .isInstanceOfSatisfying(
            BatchRefusedException.class,
            e ->
                assertThat(e.refusals().keySet())
                    .containsExactly(new ResourceId("peers", "tun9/p"), id("absent"), id("b")));
    assertThat(store.wishes).isEqualTo(before);
    assertThat(bench.kernel.takeLog()).isEmpty();
    bench.assertClean("as before");
  }

  @Test
  void whatTheKernelRefusesUndoesAllOfIt() throws Exception {
    bench.put("a", ONE, "x");
    bench.put("gone", LINK, "l");
    Map<ResourceId, Wish<?>> before = Map.copyOf(store.wishes);
    bench.kernel.breakThing(TWO);
    assertThatThrownBy(() -> apply(List.of(thing("a", ONE, "y"), thing("b", TWO, "x")), id("gone")))
        .isInstanceOf(OperationException.class)
        .hasMessage("route two is broken");
    bench.kernel.mendAll();
    bench.assertClean("undone");
    assertThat(bench.kernel.ours()).isEqualTo(things(ONE, "x", LINK, "l"));
    assertThat(store.wishes).isEqualTo(before);
  }

  @Test
  void whatSomebodyWroteSinceIsLeftToThem() throws Exception {
    bench.put("a", ONE, "x");
    Applied applied =
        bench.table.apply(new Batch(List.of(thing("a", ONE, "y"), thing("b", TWO, "x")), Set.of()));
    bench.table.accept(bench.table.put(bench.things, "a", Literal.of(ONE, "z"), Precondition.NONE));
    bench.table.undo(applied);
    bench.assertClean("undone in part");
    assertThat(bench.kernel.ours()).isEqualTo(things(ONE, "z"));
  }

  @Test
  void aStoreThatFailsChangesNothing() throws Exception {
    bench.put("a", ONE, "x");
    store.full = true;
    assertThatThrownBy(() -> apply(List.of(thing("a", ONE, "y")), id("a")))
        .isInstanceOf(StoreException.class);
    store.full = false;
    bench.assertClean("as before");
    assertThat(bench.kernel.ours()).isEqualTo(things(ONE, "x"));
  }
}
