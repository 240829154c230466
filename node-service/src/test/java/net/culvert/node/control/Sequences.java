package net.culvert.node.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs random sequences of calls against a node and a {@link ControlModel}: every answer is of the
 * status that the model says, what is wished is what it says, and so is the kernel after each
 * settle. A sequence that fails is made as short as it still fails, and told.
 */
final class Sequences {

  private static final int MAX_SHRINKS = 400;
  private static final JsonMapper JSON = new JsonMapper();

  private final RestNode node;
  private final Duration patience;
  private final int looksEvery;
  private final SortedSet<String> foreign;
  private int calls;
  private int refused;

  /**
   * @param patience with the kernel
   * @param looksEvery after how many calls the kernel is looked at, and at the end in any case
   */
  Sequences(RestNode node, Duration patience, int looksEvery) {
    this.node = node;
    this.patience = patience;
    this.looksEvery = looksEvery;
    this.foreign = node.inventory();
  }

  /** Runs so many sequences; the same seed gives the same ones. */
  void run(long seed, int count) {
    for (int i = 0; i < count; i++) {
      List<Call> sequence = new CallGenerator(new Random(seed + i)).sequence();
      Throwable failure = failure(sequence);
      if (failure != null) {
        List<Call> shortest = shrink(sequence);
        Throwable last = failure(shortest);
        throw new AssertionError(
            "with -Dculvert.test.seed=%d -Dculvert.test.cases=1 (%d calls, shrunk to %d):%n%s"
                .formatted(
                    seed + i,
                    sequence.size(),
                    shortest.size(),
                    shortest.stream().map(Call::toString).collect(Collectors.joining("\n"))),
            last == null ? failure : last);
      }
    }
    reset();
    System.out.printf("%d sequences, %d calls, %d of them refused%n", count, calls, refused);
    assertThat(refused).isLessThan(calls);
  }

  private @Nullable Throwable failure(List<Call> sequence) {
    try {
      runOne(sequence);
      return null;
    } catch (Exception | AssertionError e) {
      return e;
    }
  }

  /** Leaves out half of it, a quarter, and so on, as long as it still fails. */
  private List<Call> shrink(List<Call> sequence) {
    List<Call> shortest = sequence;
    int tries = 0;
    for (int part = Math.max(1, sequence.size() / 2); part >= 1; part /= 2) {
      for (int from = shortest.size() - part; from >= 0 && tries < MAX_SHRINKS; from--) {
        if (from + part > shortest.size()) {
          continue;
        }
        List<Call> shorter = new ArrayList<>(shortest);
        shorter.subList(from, from + part).clear();
        tries++;
        if (failure(shorter) != null) {
          shortest = shorter;
        }
      }
    }
    return shortest;
  }

  private void reset() {
    assertThat(node.call("DELETE", Call.TOPOLOGY, "").status()).isEqualTo(204);
    awaitKernel(new ControlModel());
  }

  private void runOne(List<Call> sequence) {
    reset();
    ControlModel model = new ControlModel();
    int position = 0;
    for (Call call : sequence) {
      step(model, call);
      if (++position % looksEvery == 0) {
        awaitKernel(model);
      }
    }
    awaitKernel(model);
    assertThat(wished()).isEqualTo(model.wishes().keySet());
  }

  private void step(ControlModel model, Call call) {
    Set<Integer> refusals = model.refusals(call);
    boolean document =
        call.verb() == Call.Verb.PUT && call.path().equals(Call.TOPOLOGY) && !call.malformed();
    RestNode.Answer answer =
        node.call(
            call.verb().name(),
            call.path(),
            document ? model.document(call) : call.body(),
            headers(call));
    calls++;
    if (refusals.isEmpty()) {
      assertThat(answer.status()).as("%s: %s", call, answer.body()).isBetween(200, 204);
      model.take(call);
    } else {
      refused++;
      assertThat(refusals).as("%s: %s", call, answer.body()).contains(answer.status());
      assertThat(JSON.readTree(answer.body()).path("type").asString())
          .as("%s: %s", call, answer.body())
          .startsWith("urn:culvert:problem:");
    }
  }

  private String[] headers(Call call) {
    return switch (call.condition()) {
      case NONE -> new String[0];
      case STALE -> new String[] {"If-Match", "\"0\""};
      case CURRENT -> {
        RestNode.Answer now = node.call("GET", call.path(), "");
        yield new String[] {"If-Match", now.status() == 200 ? now.etag() : "\"7\""};
      }
    };
  }

  private void awaitKernel(ControlModel model) {
    SortedSet<String> expected = new TreeSet<>(model.inventory());
    expected.addAll(foreign);
    if (node.inventory().equals(expected)) {
      return;
    }
    long until = System.nanoTime() + patience.toNanos();
    while (!node.inventory().equals(expected) && System.nanoTime() < until) {
      LockSupport.parkNanos(2_000_000);
    }
    // Looked at once more, so that the difference is told.
    assertThat(node.inventory()).isEqualTo(expected);
  }

  /** The paths of all that the node says is wished. */
  private SortedSet<String> wished() {
    SortedSet<String> paths = new TreeSet<>();
    JsonNode document = JSON.readTree(node.call("GET", Call.TOPOLOGY, "").body());
    document
        .properties()
        .forEach(section ->
            section
                .getValue()
                .properties()
                .forEach(each -> {
                  if (section.getKey().equals("peers")) {
                    each.getValue()
                        .propertyNames()
                        .forEach(peer -> paths.add("tunnels/" + each.getKey() + "/peers/" + peer));
                  } else {
                    paths.add(section.getKey() + "/" + each.getKey());
                  }
                }));
    return paths;
  }
}
