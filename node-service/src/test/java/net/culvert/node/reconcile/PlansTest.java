package net.culvert.node.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import net.culvert.node.testing.TestSize;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a batch would do is what it then does, and telling it changes nothing. */
class PlansTest {

  /** A namespace is not made anew under what is in it. */
  private static final List<String> STEADY = List.of("x", "y", "z");

  private static final List<String> VALUES = List.of("x", "y", "z", "remade 1", "remade 2");

  private final MapStore store = new MapStore();
  private final Bench bench = new Bench(store);
  private final Plans plans =
      new Plans(bench.table, bench.reconciler, bench.schedule, Duration.ofSeconds(20));

  @AfterEach
  void close() {
    bench.close();
  }

  private Batch.Put<Expansion> thing(String name, Object... keysAndTexts) {
    return new Batch.Put<>(bench.things, name, Literal.of(keysAndTexts));
  }

  private static ResourceId id(String name) {
    return new ResourceId("things", name);
  }

  private List<PlannedStep> plan(Batch batch) throws Exception {
    Future<List<PlannedStep>> answer = bench.start(() -> plans.plan(batch));
    while (!answer.isDone()) {
      bench.turn();
      Thread.onSpinWait();
    }
    try {
      return answer.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  private static List<String> words(List<PlannedStep> steps) {
    return steps.stream()
        .map(each -> each.step().action().name().toLowerCase(Locale.ROOT) + " " + each.step().key())
        .toList();
  }

  @Test
  void tellsWhatWouldBeDoneAndDoesNothing() throws Exception {
    Thing net = Thing.namespace("n");
    Thing link = Thing.link(net, "l");
    bench.put("old", Thing.route("r"), "x");
    Map<ResourceId, Wish<?>> before = Map.copyOf(store.wishes);
    long revision = bench.table.whole().revision();
    bench.kernel.takeLog();
    Batch batch =
        new Batch(
            List.of(thing("new", Thing.address(link, "a"), "x", link, "x", net, "x")),
            Set.of(id("old")));
    List<PlannedStep> steps = plan(batch);
    assertThat(words(steps))
        .containsExactly(
            "delete route r", "create " + net, "create " + link, "create address a of " + link);
    assertThat(steps)
        .extracting(PlannedStep::resource)
        .containsExactly(id("old"), id("new"), id("new"), id("new"));
    assertThat(steps.getFirst().description().words()).isEqualTo("remove route r");
    assertThat(bench.kernel.takeLog()).isEmpty();
    assertThat(store.wishes).isEqualTo(before);
    assertThat(bench.table.whole().revision()).isEqualTo(revision);
    bench.assertClean("planned only");
    bench.request(() -> bench.wishes.apply(batch));
    assertThat(bench.kernel.takeLog()).isEqualTo(words(steps));
    assertThat(plan(new Batch(batch.puts(), Set.of()))).isEmpty();
  }

  @Test
  void theKernelsPresentStateCounts() throws Exception {
    Thing link = Thing.link("l");
    bench.put("a", link, "x", Thing.address(link, "1"), "x");
    bench.kernel.lose(Thing.address(link, "1"));
    bench.kernel.change(link, "y");
    bench.kernel.putOurs(Thing.route("leftover"), "x");
    List<PlannedStep> steps =
        plan(new Batch(List.of(thing("a", link, "x", Thing.address(link, "1"), "x")), Set.of()));
    assertThat(words(steps))
        .containsExactly("delete route leftover", "replace link l", "create address 1 of link l");
    assertThat(steps.getFirst().resource()).isNull();
  }

  @Test
  void whatIsMadeAnewIsFilledAgain() throws Exception {
    Thing link = Thing.link("l");
    bench.put("a", link, "x", Thing.address(link, "1"), "x");
    assertThat(
            words(
                plan(
                    new Batch(
                        List.of(thing("a", link, "remade", Thing.address(link, "1"), "x")),
                        Set.of()))))
        .containsExactly("replace link l", "create address 1 of link l");
  }

  @Test
  void aRefusedBatchHasNoPlan() throws Exception {
    bench.put("a", Thing.route("r"), "x");
    assertThatThrownBy(
            () -> plan(new Batch(List.of(thing("b", Thing.route("r"), "y")), Set.of(id("absent")))))
        .isInstanceOfSatisfying(
            BatchRefusedException.class,
            e -> assertThat(e.refusals().keySet()).containsExactly(id("absent"), id("b")));
  }

  @Test
  void aKernelThatCannotBeSeenHasNoPlan() {
    bench.kernel.hide(Thing.route("r"));
    assertThatThrownBy(() -> plan(new Batch(List.of(thing("a", Thing.route("r"), "x")), Set.of())))
        .isInstanceOf(OperationException.class)
        .hasMessageContaining("cannot be seen");
  }

  /**
   * Random tables, one after the other: the plan is the list of writes that the kernel then gets.
   */
  @Test
  void everyPlanComesTrue() throws Exception {
    Random random = new Random(TestSize.seed(PlansTest.class));
    int cases = TestSize.cases(2_000, 50_000);
    for (int i = 0; i < cases; i++) {
      List<Batch.Put<?>> puts = new ArrayList<>();
      Set<ResourceId> deletions = new HashSet<>();
      bench.table.whole().wishes().forEach(wish -> deletions.add(wish.id()));
      for (int resource = 0; resource < 4; resource++) {
        if (random.nextInt(4) != 0) {
          Batch.Put<?> put = thing("r" + resource, random(random, "" + resource));
          puts.add(put);
          deletions.remove(put.id());
        }
      }
      Batch batch = new Batch(puts, deletions);
      List<String> planned = words(plan(batch));
      bench.kernel.takeLog();
      bench.request(() -> bench.wishes.apply(batch));
      bench.settle();
      assertThat(bench.kernel.takeLog()).as("case " + i).isEqualTo(planned);
    }
  }

  private static Object[] random(Random random, String name) {
    List<Object> wished = new ArrayList<>();
    Thing net = Thing.namespace(name);
    Thing link = Thing.link(net, name);
    add(random, wished, net, STEADY);
    if (random.nextBoolean()) {
      add(random, wished, link, VALUES);
      for (Thing within : List.of(Thing.setting(link, "s"), Thing.address(link, "a"))) {
        if (random.nextBoolean()) {
          add(random, wished, within, VALUES);
        }
      }
    }
    if (random.nextBoolean()) {
      add(random, wished, Thing.route(name), VALUES);
    }
    return wished.toArray();
  }

  private static void add(Random random, List<Object> wished, Thing thing, List<String> values) {
    wished.add(thing);
    wished.add(values.get(random.nextInt(values.size())));
  }
}
