package net.culvert.node.dataplane;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Does for a tunnel what must not hold up packets: carries out the commands of other threads, one
 * after the other, and publishes what they change; speaks for the transport; and looks after the
 * peers' paths.
 */
final class ConductorAgent implements Agent {

  /** Commands that may wait; more callers than this are refused. */
  static final int MAX_COMMANDS = 1024;

  private static final int COMMANDS_A_TURN = 64;

  /** An idle agent turns once a second; a little less, so that no turn is missed. */
  private static final long LOOK_NANOS = 500_000_000L;

  /** So that nothing that is due and cannot be done makes it spin. */
  private static final long SHORTEST_WAIT_NANOS = 1_000_000L;

  private final String name;
  private final PathWatch paths;
  private final BlockingQueue<Runnable> commands = new ArrayBlockingQueue<>(MAX_COMMANDS);
  private final @Nullable ControlMessages control;
  private final LongSupplier epochNanos;
  private long lastLookNanos;
  private boolean looked;
  private long waitNanos = AgentRunner.IDLE_NANOS;

  /**
   * @param paths looked after about once a second
   * @param control the transport's conversation, or null where there is none
   * @param epochNanos the time of day, in nanoseconds since 1970
   */
  ConductorAgent(
      String name, PathWatch paths, @Nullable ControlMessages control, LongSupplier epochNanos) {
    this.name = name;
    this.paths = paths;
    this.control = control;
    this.epochNanos = epochNanos;
  }

  @Override
  public String name() {
    return name;
  }

  /** For any thread; false if too many wait already. Wake the conductor afterwards. */
  boolean offer(Runnable command) {
    return commands.offer(command);
  }

  /** Runs what still waits after the thread has ended, so that its callers are answered. */
  void abandon() {
    for (Runnable command = commands.poll(); command != null; command = commands.poll()) {
      command.run();
    }
  }

  @Override
  public int doWork(long nowNanos) {
    for (int i = 0; i < COMMANDS_A_TURN; i++) {
      Runnable command = commands.poll();
      if (command == null) {
        if (nowNanos - lastLookNanos >= LOOK_NANOS || !looked) {
          looked = true;
          lastLookNanos = nowNanos;
          paths.turn(nowNanos);
        }
        return control == null ? 0 : converse(control, nowNanos);
      }
      command.run();
    }
    return COMMANDS_A_TURN;
  }

  private int converse(ControlMessages messages, long now) {
    long epoch = epochNanos.getAsLong();
    int heard = messages.receive(now, epoch);
    long due = messages.turn(now, epoch);
    long rest = Math.min(due - now, messages.longestRestNanos());
    waitNanos = Math.clamp(rest, SHORTEST_WAIT_NANOS, AgentRunner.IDLE_NANOS);
    return heard;
  }

  @Override
  public long longestWaitNanos() {
    return waitNanos;
  }
}
