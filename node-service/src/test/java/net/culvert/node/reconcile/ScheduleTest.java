package net.culvert.node.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ScheduleTest {

  private static final ResourceId A = new ResourceId("things", "a");
  private static final ResourceId B = new ResourceId("things", "b");

  private final Schedule schedule = new Schedule();

  @Test
  void beginsWithALookAtEverything() {
    assertThat(schedule.takeResync()).isTrue();
    assertThat(schedule.takeResync()).isFalse();
    schedule.resync();
    assertThat(schedule.takeResync()).isTrue();
  }

  @Test
  void givesWhatIsDueOnce() {
    schedule.add(List.of(A), 10);
    schedule.add(List.of(B), 20);

    assertThat(schedule.take(9)).isEmpty();
    assertThat(schedule.next()).hasValue(10);
    assertThat(schedule.take(10)).isEqualTo(Set.of(A));
    assertThat(schedule.take(10)).isEmpty();
    assertThat(schedule.take(30)).isEqualTo(Set.of(B));
    assertThat(schedule.next()).isEmpty();
  }

  @Test
  void keepsTheEarlierTime() {
    schedule.add(List.of(A), 20);
    schedule.add(List.of(A), 10);
    schedule.add(List.of(A), 30);

    assertThat(schedule.take(10)).isEqualTo(Set.of(A));
    assertThat(schedule.take(1_000)).isEmpty();
  }

  @Test
  void holdsOneEntryAResourceHoweverOftenItIsAdded() {
    for (int i = 100_000; i > 0; i--) {
      schedule.add(List.of(A, B), i);
      schedule.retry(A, i, i);
    }

    assertThat(schedule.size()).isEqualTo(2);
  }

  @Test
  void comparesTimesAcrossTheOverflowOfNanoTime() {
    schedule.add(List.of(A), Long.MAX_VALUE);
    schedule.add(List.of(B), Long.MIN_VALUE + 10);

    assertThat(schedule.take(Long.MAX_VALUE)).isEqualTo(Set.of(A));
    assertThat(schedule.take(Long.MIN_VALUE + 9)).isEmpty();
    assertThat(schedule.take(Long.MIN_VALUE + 10)).isEqualTo(Set.of(B));
  }

  @Test
  void lookedAtAfterAFailureNoSoonerThanItsEventsAreHeld() {
    schedule.retry(A, 1_000, 100);
    schedule.notice(List.of(A), 50);

    assertThat(schedule.next()).hasValue(100);
    schedule.add(List.of(A), 60);
    assertThat(schedule.next()).hasValue(60);
    schedule.notice(List.of(A), 50);
    assertThat(schedule.next()).hasValue(50);
  }

  @Test
  void forgetsAHoldOnceTheResourceIsTaken() {
    schedule.retry(A, 1_000, 100);
    assertThat(schedule.take(1_000)).isEqualTo(Set.of(A));
    schedule.notice(List.of(A), 50);

    assertThat(schedule.next()).hasValue(50);
    assertThat(schedule.take(50)).isEqualTo(Set.of(A));
    assertThat(schedule.size()).isZero();
  }

  @Test
  void keepsAWriteThatCameDuringTheFailedRound() {
    schedule.add(List.of(A), 5);
    schedule.retry(A, 1_000, 100);

    assertThat(schedule.next()).hasValue(5);
    schedule.notice(List.of(A), 1);
    assertThat(schedule.next()).hasValue(1);
  }

  @Test
  void wakesWhenSomethingIsDue() {
    schedule.takeResync();
    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> {
          schedule.add(List.of(A), System.nanoTime());
          schedule.await(System.nanoTime() + Duration.ofHours(1).toNanos());
          schedule.take(System.nanoTime());
          schedule.await(System.nanoTime());
        });
  }

  @Test
  void wakesOfAWaitUnderWay() {
    schedule.takeResync();
    for (Runnable waker :
        List.<Runnable>of(
            () -> schedule.add(List.of(A), System.nanoTime()),
            () -> schedule.notice(List.of(A), System.nanoTime()),
            () -> schedule.retry(A, System.nanoTime(), System.nanoTime()),
            schedule::resync,
            schedule::stop)) {
      assertTimeoutPreemptively(
          Duration.ofSeconds(20),
          () -> {
            CountDownLatch about = new CountDownLatch(1);
            Thread waiter =
                Thread.ofPlatform()
                    .start(() -> {
                      about.countDown();
                      try {
                        schedule.await(System.nanoTime() + Duration.ofHours(1).toNanos());
                      } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                      }
                    });
            about.await();
            waker.run();
            waiter.join();
          });
      schedule.take(System.nanoTime());
      schedule.takeResync();
    }
  }
}
