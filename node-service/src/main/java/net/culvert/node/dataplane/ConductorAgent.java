package net.culvert.node.dataplane;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Does for a tunnel what must not hold up packets: carries out the commands of other threads, one
 * after the other, and publishes what they change; and looks after the peers' paths.
 */
final class ConductorAgent implements Agent {

  /** Commands that may wait; more callers than this are refused. */
  static final int MAX_COMMANDS = 1024;

  private static final int COMMANDS_A_TURN = 64;

  /** An idle agent turns once a second; a little less, so that no turn is missed. */
  private static final long LOOK_NANOS = 500_000_000L;

  private final String name;
  private final PathWatch paths;
  private final BlockingQueue<Runnable> commands = new ArrayBlockingQueue<>(MAX_COMMANDS);
  private long lastLookNanos;
  private boolean looked;

  /**
   * @param paths looked after about once a second
   */
  ConductorAgent(String name, PathWatch paths) {
    this.name = name;
    this.paths = paths;
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
        return 0;
      }
      command.run();
    }
    return COMMANDS_A_TURN;
  }
}
