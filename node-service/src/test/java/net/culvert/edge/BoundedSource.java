package net.culvert.edge;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import net.culvert.node.web.stream.EventSource;
import net.culvert.node.web.stream.ServerEvent;
import org.jspecify.annotations.Nullable;

/** A source as a packet tap is one: whoever offers an event never waits. */
final class BoundedSource implements EventSource {

  private static final int CAPACITY = 256;

  private final BlockingQueue<ServerEvent> events = new ArrayBlockingQueue<>(CAPACITY);
  private final AtomicLong lost = new AtomicLong();
  private volatile boolean ended;
  private volatile boolean closed;
  private volatile boolean broken;

  void offer(ServerEvent event) {
    if (!events.offer(event)) {
      lost.incrementAndGet();
    }
  }

  void end() {
    ended = true;
  }

  /** From here on it fails at every look, as a defect would. */
  void breakDown() {
    broken = true;
  }

  boolean isClosed() {
    return closed;
  }

  @Override
  public @Nullable ServerEvent poll(long timeoutNanos) throws InterruptedException {
    if (broken) {
      throw new ArithmeticException("a source that a test broke");
    }
    return events.poll(timeoutNanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public long lost() {
    return lost.get();
  }

  @Override
  public boolean ended() {
    return ended;
  }

  @Override
  public void close() {
    closed = true;
  }
}
