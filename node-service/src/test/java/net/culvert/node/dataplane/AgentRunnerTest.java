package net.culvert.node.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongToIntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class AgentRunnerTest {

  /** Waits on a semaphore and remembers what it was asked. */
  private static final class TestIdle implements Idle {
    private final Semaphore wakes = new Semaphore(0);
    private final AtomicInteger awaits = new AtomicInteger();
    private final AtomicInteger pauses = new AtomicInteger();
    private final AtomicLong longest = new AtomicLong();

    @Override
    public void await(long maxNanos) {
      awaits.incrementAndGet();
      longest.accumulateAndGet(maxNanos, Math::max);
      take(maxNanos);
    }

    @Override
    public void pause(long maxNanos) {
      pauses.incrementAndGet();
      longest.accumulateAndGet(maxNanos, Math::max);
      take(1_000_000);
    }

    private void take(long nanos) {
      try {
        if (wakes.tryAcquire(nanos, TimeUnit.NANOSECONDS)) {
          wakes.drainPermits();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void wake() {
      wakes.release();
    }

    @Override
    public void close() {}
  }

  private static Agent agent(LongToIntFunction work) {
    return new Agent() {
      @Override
      public String name() {
        return "out-test";
      }

      @Override
      public int doWork(long nowNanos) {
        return work.applyAsInt(nowNanos);
      }
    };
  }

  @Test
  void turnsWhileThereIsWorkAndThenWaitsAtMostASecond() throws InterruptedException {
    CountDownLatch turns = new CountDownLatch(100);
    TestIdle idle = new TestIdle();
    AtomicInteger left = new AtomicInteger(99);
    AgentRunner runner =
        new AgentRunner(
            agent(now -> {
              turns.countDown();
              return Math.max(0, left.getAndDecrement());
            }),
            idle,
            System::nanoTime);
    runner.start();
    turns.await();
    assertThat(runner.status().alive()).isTrue();
    runner.stop();
    assertThat(runner.join(5_000_000_000L)).isTrue();
    assertThat(idle.longest.get()).isLessThanOrEqualTo(AgentRunner.IDLE_NANOS);
    assertThat(idle.awaits.get()).isBetween(0, 2);
    assertThat(runner.status().alive()).isFalse();
  }

  @Test
  void survivesWhateverItsAgentThrowsAndShowsALastingFailure() throws InterruptedException {
    CountDownLatch failed = new CountDownLatch(20);
    AtomicInteger works = new AtomicInteger();
    TestIdle idle = new TestIdle();
    AgentRunner runner =
        new AgentRunner(
            agent(now -> {
              failed.countDown();
              if (works.get() == 0) {
                throw new AssertionError("the device is gone");
              }
              works.incrementAndGet();
              return 0;
            }),
            idle,
            System::nanoTime);
    runner.start();
    failed.await();
    AgentStatus dead = runner.status();
    assertThat(dead.alive()).isFalse();
    assertThat(dead.failure()).isEqualTo("the device is gone");
    assertThat(dead.failures()).isGreaterThanOrEqualTo(19);

    works.set(1);
    while (works.get() < 3) {
      idle.wake();
      Thread.onSpinWait();
    }
    assertThat(runner.status().alive()).isTrue();
    assertThat(runner.status().failure()).isNull();
    runner.stop();
    assertThat(runner.join(5_000_000_000L)).isTrue();
    assertThat(idle.pauses.get()).isGreaterThanOrEqualTo(19);
  }

  @Test
  void anAgentThatHangsCountsAsDead() throws InterruptedException {
    CountDownLatch entered = new CountDownLatch(1);
    AtomicLong clock = new AtomicLong(1_000);
    Semaphore hang = new Semaphore(0);
    AgentRunner runner =
        new AgentRunner(
            agent(now -> {
              entered.countDown();
              hang.acquireUninterruptibly();
              return 0;
            }),
            new TestIdle(),
            clock::get);
    runner.start();
    entered.await();
    assertThat(runner.status().alive()).isTrue();
    clock.addAndGet(AgentRunner.DEAD_AFTER_NANOS);
    assertThat(runner.status().alive()).isFalse();
    runner.stop();
    assertThat(runner.join(50_000_000)).isFalse();
    hang.release(100);
    assertThat(runner.join(5_000_000_000L)).isTrue();
  }

  @Test
  void aRunnerThatNeverStartedHasEnded() {
    assertThat(new AgentRunner(agent(now -> 0), new TestIdle(), System::nanoTime).join(1)).isTrue();
  }
}
