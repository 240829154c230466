package net.culvert.node.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import net.culvert.api.event.NodeEvent;
import net.culvert.node.web.stream.ServerEvent;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EventCursorTest {

  private static final int CAPACITY = 8;

  private final EventLog log = new EventLog(CAPACITY, "e1", () -> Instant.EPOCH);

  private EventCursor cursor(@Nullable String lastId, String... types) {
    return new EventCursor(log, Set.of(types), lastId);
  }

  private void tell(int from, int to) {
    for (int i = from; i <= to; i++) {
      log.resource("created", "things/" + i, (long) i, null);
    }
  }

  /** The rest, as {@code id resource} or {@code reset}. */
  private static List<String> drain(EventCursor cursor) throws InterruptedException {
    List<String> all = new ArrayList<>();
    for (ServerEvent event = cursor.poll(0); event != null; event = cursor.poll(0)) {
      all.add(
          event.data() instanceof NodeEvent told
              ? event.id() + " " + told.resource()
              : event.name());
    }
    return all;
  }

  @Test
  void beginsWithWhatComes() throws Exception {
    tell(1, 3);
    EventCursor cursor = cursor(null);
    assertThat(cursor.position()).isEqualTo("e1-3");
    assertThat(drain(cursor)).isEmpty();
    tell(4, 5);
    assertThat(drain(cursor)).containsExactly("e1-4 things/4", "e1-5 things/5");
    assertThat(cursor.ended()).isFalse();
  }

  @Test
  void resumesAfterTheLastThatWasSeen() throws Exception {
    tell(1, 5);
    assertThat(drain(cursor("e1-3"))).containsExactly("e1-4 things/4", "e1-5 things/5");
    assertThat(drain(cursor("e1-5"))).isEmpty();
    assertThat(drain(cursor("e1-0"))).hasSize(5);
  }

  @Test
  void saysWhatCannotBeResumed() throws Exception {
    tell(1, 3);
    for (String id : List.of("e0-2", "e1-", "e1-x", "rubbish", "e1-99", "e1--1", "", "e1-4")) {
      EventCursor cursor = cursor(id);
      assertThat(drain(cursor)).as(id).containsExactly("reset");
      assertThat(cursor.position()).isEqualTo("e1-3");
    }
    tell(4, 3 + CAPACITY);
    assertThat(drain(cursor("e1-2"))).containsExactly("reset");
    // The whole ring is as far back as it goes.
    assertThat(drain(cursor("e1-3"))).hasSize(CAPACITY).startsWith("e1-4 things/4");
  }

  @Test
  void goesOnAfterAReset() throws Exception {
    tell(1, 3);
    EventCursor cursor = cursor("other-1");
    tell(4, 4);
    assertThat(drain(cursor)).containsExactly("reset", "e1-4 things/4");
  }

  @Test
  void whoIsOvertakenIsToldAndCutOff() throws Exception {
    EventCursor cursor = cursor(null);
    tell(1, CAPACITY);
    assertThat(cursor.poll(0)).isNotNull();
    tell(CAPACITY + 1, 2 * CAPACITY + 1);
    assertThat(drain(cursor)).containsExactly("reset");
    assertThat(cursor.ended()).isTrue();
    assertThat(cursor.position()).isEqualTo("e1-" + (2 * CAPACITY + 1));
    assertThat(drain(cursor)).isEmpty();
  }

  @Test
  void tellsOnlyWhatIsWantedAndResumesAfterTheRestToo() throws Exception {
    EventCursor cursor = cursor(null, "peer");
    tell(1, 3);
    log.peer("up", "peers/tun0/b", "192.0.2.2:7000");
    tell(5, 6);
    assertThat(drain(cursor)).containsExactly("e1-4 peers/tun0/b");
    assertThat(cursor.position()).isEqualTo("e1-6");
  }

  @Test
  void aWaitEndsWithAnEvent() throws Exception {
    EventCursor cursor = cursor(null);
    CompletableFuture<Void> teller = CompletableFuture.runAsync(() -> tell(1, 1));
    ServerEvent event = cursor.poll(TimeUnit.SECONDS.toNanos(30));
    assertThat(Objects.requireNonNull(event).name()).isEqualTo("resource");
    teller.join();
  }

  /** Several tellers and a reader that resumes again and again: no gap, nothing twice. */
  @Test
  void aResumingReaderMissesNothing() throws Exception {
    EventLog large = new EventLog(4_096, "e", () -> Instant.EPOCH);
    int tellers = 4;
    int each = 500;
    List<CompletableFuture<Void>> told = new ArrayList<>();
    EventCursor cursor = new EventCursor(large, Set.of(), null);
    for (int i = 0; i < tellers; i++) {
      told.add(
          CompletableFuture.runAsync(() -> {
            for (int n = 0; n < each; n++) {
              large.step("created", null, "x", null);
            }
          }));
    }
    for (long expected = 1; expected <= (long) tellers * each; expected++) {
      ServerEvent event = cursor.poll(TimeUnit.SECONDS.toNanos(30));
      assertThat(Objects.requireNonNull(event).id()).isEqualTo("e-" + expected);
      if (expected % 7 == 0) {
        cursor = new EventCursor(large, Set.of(), event.id());
      }
    }
    told.forEach(CompletableFuture::join);
    assertThat(cursor.poll(0)).isNull();
  }
}
