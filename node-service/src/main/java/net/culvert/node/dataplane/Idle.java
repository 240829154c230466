package net.culvert.node.dataplane;

/** How an agent waits when it has nothing to do. The agent's thread waits; any thread wakes. */
interface Idle extends AutoCloseable {

  /** Returns when there is input, after {@link #wake}, or when the time is over. */
  void await(long maxNanos);

  /** As {@link #await}, but input does not end it: for an agent that fails on its input. */
  void pause(long maxNanos);

  /** Ends the wait that is going on, or else the next one. */
  void wake();

  /** After the waiting thread has ended. */
  @Override
  void close();
}
