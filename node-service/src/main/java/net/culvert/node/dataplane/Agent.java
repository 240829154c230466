package net.culvert.node.dataplane;

/** A role on a thread of its own. */
interface Agent {

  /** The thread's name, at most 15 characters: Linux cuts there. */
  String name();

  /**
   * Does a bounded amount of work and never waits for more.
   *
   * @param nowNanos the time, as {@link System#nanoTime} counts it
   * @return 0 when nothing is left to do, so that the caller may wait for input
   * @throws RuntimeException if the role cannot be played now, for example because its device is
   *     gone; it is called again later
   */
  int doWork(long nowNanos);
}
