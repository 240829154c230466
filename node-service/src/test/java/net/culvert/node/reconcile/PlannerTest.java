package net.culvert.node.reconcile;

import static net.culvert.node.reconcile.FakeKernel.things;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.culvert.node.reconcile.Thing.Value;
import org.junit.jupiter.api.Test;

class PlannerTest {

  private static final Thing NET = Thing.namespace("net1");
  private static final Thing VETH = Thing.link(NET, "veth0");
  private static final Thing ADDRESS = Thing.address(VETH, "10.1.1.2");
  private static final Thing SETTING = Thing.setting(VETH, "forwarding");
  private static final Thing ROUTE = Thing.route("default");

  private final Planner planner = new Planner(new Catalogue(new FakeKernel().operations()));

  private List<String> plan(
      Map<ObjectKey, Object> desired, Map<ObjectKey, Object> observed, ObjectKey... failed) {
    return planner.plan(desired, observed, Set.of(failed)).stream()
        .map(step -> step.action() + " " + step.key())
        .toList();
  }

  @Test
  void doesNothingWhereAllIsAsWished() {
    Map<ObjectKey, Object> things = things(NET, "up", VETH, "up", ADDRESS, "there");

    assertThat(plan(things, things)).isEmpty();
    assertThat(plan(Map.of(), Map.of())).isEmpty();
  }

  @Test
  void makesContainersBeforeContents() {
    assertThat(plan(things(ROUTE, "r", ADDRESS, "a", SETTING, "s", VETH, "l", NET, "n"), Map.of()))
        .containsExactly(
            "CREATE " + NET,
            "CREATE " + VETH,
            "CREATE " + SETTING,
            "CREATE " + ADDRESS,
            "CREATE " + ROUTE);
  }

  @Test
  void removesContentsBeforeContainersAndOnlyWhatDoesNotGoWithThem() {
    assertThat(plan(Map.of(), things(NET, "n", VETH, "l", ADDRESS, "a", ROUTE, "r")))
        .containsExactly("DELETE " + ROUTE, "DELETE " + NET);
    assertThat(plan(things(NET, "n"), things(NET, "n", VETH, "l", ADDRESS, "a")))
        .containsExactly("DELETE " + VETH);
    assertThat(plan(things(NET, "n", VETH, "l"), things(NET, "n", VETH, "l", ADDRESS, "a")))
        .containsExactly("DELETE " + ADDRESS);
  }

  @Test
  void removesTheContentsOfAContainerThatCouldNotBeRemoved() {
    assertThat(plan(Map.of(), things(NET, "n", VETH, "l", ADDRESS, "a"), NET))
        .containsExactly("DELETE " + VETH, "DELETE " + NET);
    assertThat(plan(Map.of(), things(NET, "n", VETH, "l", ADDRESS, "a"), NET, VETH))
        .containsExactly("DELETE " + ADDRESS, "DELETE " + VETH, "DELETE " + NET);
  }

  @Test
  void removesBeforeItChangesAndMakes() {
    assertThat(
            plan(
                things(NET, "changed", Thing.route("new"), "r"),
                things(NET, "n", Thing.route("old"), "r")))
        .containsExactly("DELETE route old", "REPLACE " + NET, "CREATE route new");
  }

  @Test
  void looksAtRanksWithinAKind() {
    Map<ObjectKey, Object> links = new HashMap<>();
    links.put(Thing.link("bridge"), new Value("x", 0));
    links.put(Thing.link("a-port"), new Value("x", 1));
    links.put(Thing.link("a-port-of-that"), new Value("x", 2));

    assertThat(plan(links, Map.of()))
        .containsExactly("CREATE link bridge", "CREATE link a-port", "CREATE link a-port-of-that");
    assertThat(plan(Map.of(), links))
        .containsExactly("DELETE link a-port-of-that", "DELETE link a-port", "DELETE link bridge");
  }

  @Test
  void takesAWishThatLeavesSomethingOpenAsSatisfied() {
    assertThat(plan(things(NET, "any"), things(NET, "inode 4711"))).isEmpty();
  }

  @Test
  void isTheSamePlanEveryTime() {
    Map<ObjectKey, Object> desired = new HashMap<>();
    for (int i = 0; i < 50; i++) {
      desired.put(Thing.route("r" + (char) ('a' + i % 26) + i), Value.of("x"));
    }

    assertThat(plan(desired, Map.of()))
        .isSorted()
        .isEqualTo(plan(new HashMap<>(desired), Map.of()));
  }

  @Test
  void knowsOneSetOfOperationsAKind() {
    List<Operations<?, ?>> twice =
        List.of(new FakeKernel().operations().getFirst(), new FakeKernel().operations().getFirst());

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Catalogue(twice))
        .withMessage("two operations for the kind namespace");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Catalogue(List.of()).operations(Thing.LINK))
        .withMessage("no operations for the kind link");
  }
}
