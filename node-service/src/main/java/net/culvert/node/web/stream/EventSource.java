package net.culvert.node.web.stream;

import org.jspecify.annotations.Nullable;

/**
 * Where one stream's events come from: a bounded buffer that loses events when its reader is slow,
 * and counts them. Read by one thread; {@code close} may come from another.
 */
public interface EventSource extends AutoCloseable {

  /**
   * The next event, or null when none came in that time. An interrupt ends the wait.
   *
   * @throws InterruptedException if the thread was interrupted
   */
  @Nullable ServerEvent poll(long timeoutNanos) throws InterruptedException;

  /** Where a reader that leaves now would resume, as an event's id; null where it cannot. */
  default @Nullable String position() {
    return null;
  }

  /** Events lost so far because the reader was too slow. */
  long lost();

  /** Whether no event will come any more, because what was watched is gone. */
  boolean ended();

  /** Stops watching; a second call does nothing. */
  @Override
  void close();
}
