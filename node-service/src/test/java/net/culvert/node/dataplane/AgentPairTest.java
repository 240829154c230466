package net.culvert.node.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.culvert.node.dataplane.AgentPair.Input;
import org.junit.jupiter.api.Test;

class AgentPairTest {

  private static final long MICROS = 1_000;
  private static final long MILLIS = 1_000_000;

  private final FakeAgent out = new FakeAgent("out-test");
  private final FakeAgent in = new FakeAgent("in-test");
  private final AgentPair pair = new AgentPair(out, in);
  private int leaderWakes;
  private int followerWakes;
  private long now = 1_000_000_000L;

  AgentPairTest() {
    pair.wakeBy(() -> leaderWakes++, () -> followerWakes++);
  }

  /** Does what it was given, once. */
  private static final class FakeAgent implements Agent {
    private final String name;
    private int packets;
    private boolean full;
    private int turns;
    private boolean fails;

    FakeAgent(String name) {
      this.name = name;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public int doWork(long nowNanos) {
      turns++;
      if (fails) {
        throw new IllegalStateException(name);
      }
      int done = packets;
      packets = 0;
      return done;
    }

    @Override
    public boolean isDrained() {
      return !full;
    }
  }

  private int lead(long later, int outbound, int inbound) {
    now += later;
    out.packets = outbound;
    in.packets = inbound;
    return pair.leader().doWork(now);
  }

  private int follow(long later, int inbound) {
    now += later;
    in.packets = inbound;
    return pair.follower().doWork(now);
  }

  private boolean isTogether() {
    return pair.leaderInput() == Input.ALL && pair.followerInput() == Input.NONE;
  }

  private void part() {
    for (int i = 0; i < AgentPair.BUSY_TURNS; i++) {
      assertThat(isTogether()).isTrue();
      lead(MICROS, 1, 0);
    }
    assertThat(isTogether()).isFalse();
  }

  @Test
  void oneThreadTurnsBothWhilePacketsAreFew() {
    for (int i = 0; i < 1000; i++) {
      assertThat(lead(5 * MILLIS, 1, 0)).isEqualTo(1);
      assertThat(lead(MICROS, 0, 1)).isEqualTo(1);
      assertThat(pair.leader().isDrained()).as("it looks again before it waits").isFalse();
      lead(MICROS, 0, 0);
    }
    assertThat(isTogether()).isTrue();
    int turns = in.turns;
    assertThat(follow(0, 1)).isZero();
    assertThat(in.turns).as("not turned by the other thread").isEqualTo(turns);
    assertThat(pair.follower().longestWaitNanos()).isEqualTo(AgentRunner.IDLE_NANOS);
    assertThat(followerWakes).isZero();
  }

  @Test
  void eachTurnsItsOwnWhenWorkDoesNotEnd() {
    part();
    assertThat(followerWakes).isEqualTo(1);
    assertThat(pair.leaderInput()).isEqualTo(Input.OWN);
    assertThat(pair.followerInput()).isEqualTo(Input.OWN);
    int turns = in.turns;
    assertThat(lead(MICROS, 1, 1)).isEqualTo(1);
    assertThat(in.turns).isEqualTo(turns);
    assertThat(pair.leader().isDrained()).isTrue();
    assertThat(follow(0, 3)).isEqualTo(3);
    assertThat(pair.follower().isDrained()).isTrue();
    in.full = true;
    assertThat(pair.follower().isDrained()).isFalse();
    assertThat(pair.follower().longestWaitNanos()).isEqualTo(AgentPair.CALM_NANOS);
  }

  @Test
  void eachTurnsItsOwnWhenABatchIsFullOrLarge() {
    in.full = true;
    lead(MICROS, 0, 1);
    assertThat(isTogether()).isFalse();
    in.full = false;
    follow(MICROS, 0);
    follow(AgentPair.CALM_NANOS, 0);
    assertThat(isTogether()).isTrue();
    lead(MICROS, AgentPair.BUSY_PACKETS, 0);
    assertThat(isTogether()).isFalse();
  }

  @Test
  void oneThreadTurnsBothAgainWhenItIsCalm() {
    part();
    follow(MICROS, 1);
    for (int i = 0; i < AgentPair.CALM_PACKETS / 2; i++) {
      lead(MICROS, 1, 0);
    }
    follow(MICROS, AgentPair.CALM_PACKETS / 2 + 1);
    follow(AgentPair.CALM_NANOS, 0);
    assertThat(isTogether()).as("one packet too many").isFalse();
    lead(MICROS, 1, 0);
    follow(AgentPair.CALM_NANOS, 1);
    assertThat(isTogether()).isTrue();
    assertThat(leaderWakes).isEqualTo(1);
    assertThat(follow(MICROS, 1)).isZero();
    assertThat(lead(MICROS, 0, 1)).isEqualTo(1);
  }

  @Test
  void whoFailsHoldsUpOnlyItself() {
    in.fails = true;
    assertThat(lead(MICROS, 1, 0)).as("the other's failure is not its own").isEqualTo(1);
    assertThat(isTogether()).isFalse();
    assertThatThrownBy(() -> follow(MICROS, 0)).hasMessage("in-test");
    in.fails = false;
    follow(AgentPair.CALM_NANOS, 0);
    assertThat(isTogether()).isTrue();

    out.fails = true;
    assertThatThrownBy(() -> lead(MICROS, 1, 0)).hasMessage("out-test");
    assertThat(isTogether()).isFalse();
    follow(MICROS, 0);
    assertThat(follow(AgentPair.CALM_NANOS, 1)).isEqualTo(1);
    assertThat(isTogether()).as("it waits after a failure, and must not keep both").isFalse();
    out.fails = false;
    lead(MICROS, 0, 0);
    follow(AgentPair.CALM_NANOS, 0);
    assertThat(isTogether()).isTrue();
  }

  /** A packet every 5 ms whose answer comes 60 µs later. */
  private int ping() {
    lead(5 * MILLIS, 1, 0);
    int looks = 0;
    for (int i = 0; i < 59; i++) {
      looks += lead(MICROS, 0, 0);
    }
    lead(MICROS, 0, 1);
    for (int i = 0; i < 200 && lead(MICROS, 0, 0) != 0; i++) {
      looks++;
    }
    return looks;
  }

  @Test
  void itLooksForAnAnswerThatUsuallyComesSoonAndForNothingElse() {
    ping();
    ping();
    ping();
    assertThat(ping()).as("for the answer alone").isEqualTo(59);
    // Nobody answers any more: it stops looking.
    int looks = 0;
    for (int i = 0; i < 10; i++) {
      lead(5 * MILLIS, 1, 0);
      looks = 0;
      while (lead(MICROS, 0, 0) != 0) {
        looks++;
      }
    }
    assertThat(looks).isZero();
  }

  @Test
  void itLooksForABoundedTime() {
    for (int i = 0; i < 4; i++) {
      ping();
    }
    lead(5 * MILLIS, 1, 0);
    int looks = 0;
    while (lead(MICROS, 0, 0) != 0) {
      looks++;
    }
    assertThat(looks * MICROS).isLessThanOrEqualTo(AgentPair.LOOK_NANOS);
  }

  @Test
  void itLooksForAFifthOfAllTimeAtMost() {
    long begun = now;
    int looks = 0;
    for (int i = 0; i < 20_000; i++) {
      lead(MICROS, 1, 0);
      for (int wait = 0; wait < 90; wait++) {
        looks += lead(MICROS, 0, 0);
      }
      lead(MICROS, 0, 1);
    }
    assertThat(looks * MICROS).isBetween((now - begun) / 10, (now - begun) / 5 + 3 * MILLIS);
  }
}
