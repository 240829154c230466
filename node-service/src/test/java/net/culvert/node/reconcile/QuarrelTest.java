package net.culvert.node.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import net.culvert.api.resource.ResourceState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of an object that somebody else changes each time that it is put back. */
class QuarrelTest {

  private static final Thing LINK = Thing.link("l");
  private static final Thing SETTING = Thing.setting(LINK, "forwarding");
  private static final Thing ROUTE = Thing.route("r");

  private final Bench bench = new Bench();

  @BeforeEach
  void wish() {
    bench.table.accept(
        bench.table.put(
            bench.things,
            "a",
            Literal.of(LINK, "l", SETTING, "on", ROUTE, "r"),
            Precondition.NONE));
    bench.turn();
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private Standing standing() {
    return bench.standing(bench.things, "a");
  }

  /** Takes it away, and lets the reconciler look. */
  private void lose(Thing thing) {
    bench.kernel.lose(thing);
    look(Duration.ofMillis(100));
  }

  private void look(Duration later) {
    bench.advance(later);
    bench.schedule.add(List.of(new ResourceId("things", "a")), bench.now.get());
    bench.turn();
  }

  @Test
  void fourCorrectionsAreNone() {
    for (int i = 0; i < Quarrels.CORRECTIONS - 1; i++) {
      lose(ROUTE);
    }
    assertThat(standing().contest()).isNull();
    look(Quarrels.WINDOW.plusSeconds(1));
    lose(ROUTE);
    assertThat(standing().contest()).isNull();
    assertThat(standing().corrections()).isEqualTo(Quarrels.CORRECTIONS);
    assertThat(standing().state()).isEqualTo(ResourceState.APPLIED);
  }

  @Test
  void theFifthRestsAndSaysSo() {
    for (int i = 0; i < Quarrels.CORRECTIONS; i++) {
      lose(ROUTE);
    }
    assertThat(standing().contest()).contains("route r was put back 5 times");
    assertThat(standing().state()).isEqualTo(ResourceState.APPLIED);

    lose(ROUTE);

    assertThat(bench.kernel.ours()).doesNotContainKey(ROUTE).containsKey(SETTING);
    assertThat(standing().state()).isEqualTo(ResourceState.FAILED);
    assertThat(standing().failure())
        .hasMessageContaining("route r was put back 5 times")
        .hasMessageContaining("It seems to be the test.");
    assertThat(bench.contests).hasSize(1);
    assertThat(bench.board.contested()).hasSize(1);
  }

  @Test
  void restsLongerEachTimeUpToABound() {
    for (int i = 0; i < Quarrels.CORRECTIONS; i++) {
      lose(ROUTE);
    }
    Duration rest = Quarrels.FIRST_REST;
    for (int i = 0; i < 10; i++) {
      bench.kernel.lose(ROUTE);
      look(rest.minusMillis(1));
      assertThat(bench.kernel.ours()).as("after less than %s", rest).doesNotContainKey(ROUTE);
      look(Duration.ofMillis(1));
      assertThat(bench.kernel.ours()).as("after %s", rest).containsKey(ROUTE);
      rest = rest.multipliedBy(2);
      rest = rest.compareTo(Quarrels.LAST_REST) > 0 ? Quarrels.LAST_REST : rest;
    }
    assertThat(rest).isEqualTo(Quarrels.LAST_REST);
    assertThat(standing().corrections()).isEqualTo(Quarrels.CORRECTIONS + 10);
  }

  @Test
  void theReconcilerComesBackByItself() {
    for (int i = 0; i <= Quarrels.CORRECTIONS; i++) {
      lose(ROUTE);
    }
    assertThat(bench.kernel.ours()).doesNotContainKey(ROUTE);
    bench.settle();
    assertThat(bench.kernel.ours()).containsKey(ROUTE);
    assertThat(standing().state()).isEqualTo(ResourceState.APPLIED);
    bench.assertClean("after the other gave in");
  }

  @Test
  void aContestThatIsOverIsForgotten() {
    for (int i = 0; i < Quarrels.CORRECTIONS; i++) {
      lose(ROUTE);
    }
    look(Quarrels.WINDOW.plusSeconds(1));
    assertThat(standing().contest()).isNull();
    lose(ROUTE);
    assertThat(bench.kernel.ours()).containsKey(ROUTE);
    assertThat(standing().contest()).isNull();
  }

  @Test
  void aNewWishIsTriedAtOnce() {
    for (int i = 0; i <= Quarrels.CORRECTIONS; i++) {
      lose(ROUTE);
    }
    assertThat(bench.kernel.ours()).doesNotContainKey(ROUTE);
    bench.table.accept(
        bench.table.put(
            bench.things, "a", Literal.of(LINK, "l", ROUTE, "another"), Precondition.NONE));
    bench.turn();
    assertThat(standing().state()).isEqualTo(ResourceState.APPLIED);
    assertThat(standing().contest()).isNull();
  }

  @Test
  void whatIsNotWishedAnyMoreGoesAtOnce() {
    for (int i = 0; i < Quarrels.CORRECTIONS; i++) {
      lose(ROUTE);
    }
    assertThat(bench.kernel.ours()).containsKey(ROUTE);
    bench.table.accept(bench.table.delete(new ResourceId("things", "a"), Precondition.NONE));
    bench.turn();
    assertThat(bench.kernel.ours()).isEmpty();
    bench.assertClean("after a contested resource was deleted");
  }

  @Test
  void whatGoesWithItsContainerIsNotContested() {
    for (int i = 0; i < Quarrels.CORRECTIONS; i++) {
      lose(LINK);
    }
    assertThat(standing().contest()).startsWith("link l was put back");
    // The link rests; its setting, whose loss was none of its own, does not.
    lose(SETTING);
    assertThat(bench.kernel.ours()).containsKeys(LINK, SETTING);
  }
}
