package net.culvert.node.dataplane;

/** A role that a thread plays, turn by turn. */
interface Agent {

  /** The thread's name, at most 15 characters: Linux cuts there. */
  String name();

  /**
   * Does a bounded amount of work and never waits for more.
   *
   * @param nowNanos the time, as {@link System#nanoTime} counts it
   * @return how much was done, in packets or the like; 0 for nothing, so that the caller may wait
   * @throws RuntimeException if the role cannot be played now, for example because its device is
   *     gone; it is called again later
   */
  int doWork(long nowNanos);

  /**
   * Whether the last turn took all that there was, so that the caller may wait though it worked.
   */
  default boolean isDrained() {
    return false;
  }

  /** How long the caller may wait at most, even if no input comes. */
  default long longestWaitNanos() {
    return AgentRunner.IDLE_NANOS;
  }
}
