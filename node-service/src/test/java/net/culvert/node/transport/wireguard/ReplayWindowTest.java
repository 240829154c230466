package net.culvert.node.transport.wireguard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The window against a model that remembers everything. */
class ReplayWindowTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 100, 8_000, 20_000})
  void agreesWithASlowModel(int spread) {
    Random random = new Random(spread);
    ReplayWindow window = new ReplayWindow();
    Set<Long> seen = new HashSet<>();
    long newest = 0;
    for (int i = 0; i < 100_000; i++) {
      long counter = Math.max(0, newest + random.nextInt(-spread, spread + 1));
      boolean expected = newest - counter <= ReplayWindow.SIZE && seen.add(counter);
      newest = Math.max(newest, counter);
      assertThat(window.accept(counter))
          .as("counter %s, newest %s", counter, newest)
          .isEqualTo(expected);
    }
  }

  @Test
  void theEdges() {
    ReplayWindow window = new ReplayWindow();
    assertThat(window.accept(0)).isTrue();
    assertThat(window.accept(0)).isFalse();
    assertThat(window.accept(8128)).isTrue();
    assertThat(window.accept(1)).isTrue();
    assertThat(window.accept(8129 + 63)).isTrue();
    assertThat(window.accept(63)).isFalse();
    assertThat(window.accept(64)).isTrue();
    assertThat(window.accept(64)).isFalse();
  }

  @Test
  void theLastCounters() {
    ReplayWindow window = new ReplayWindow();
    long last = -(1L << 13) - 2;
    assertThat(window.accept(last + 1)).isFalse();
    assertThat(window.accept(-1)).isFalse();
    assertThat(window.accept(last)).isTrue();
    assertThat(window.accept(last)).isFalse();
    assertThat(window.accept(last - 8128)).isTrue();
    assertThat(window.accept(last - 8129)).isFalse();
    assertThat(window.accept(5)).isFalse();
  }

  @Test
  void threadsThatRaceAcceptEachCounterOnce() throws InterruptedException {
    ReplayWindow window = new ReplayWindow();
    AtomicInteger accepted = new AtomicInteger();
    Thread[] threads = new Thread[4];
    for (int i = 0; i < threads.length; i++) {
      threads[i] =
          Thread.ofPlatform()
              .start(() -> {
                for (long counter = 0; counter < 8_000; counter++) {
                  if (window.accept(counter)) {
                    accepted.incrementAndGet();
                  }
                }
              });
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(accepted).hasValue(8_000);
  }
}
