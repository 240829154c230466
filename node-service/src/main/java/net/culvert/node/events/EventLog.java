package net.culvert.node.events;

import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import net.culvert.api.event.NodeEvent;
import org.jspecify.annotations.Nullable;

/**
 * The last events of this process, each with a number that grows by one. Any thread; telling one
 * takes a short lock and waits for nobody: what falls out of the ring is lost to readers that are
 * slower.
 */
public final class EventLog {

  /**
   * An event that is still kept, or word that it is not.
   *
   * @param sequence of the event
   * @param event null where it fell out of the ring
   */
  record Entry(long sequence, @Nullable NodeEvent event) {}

  private final NodeEvent[] ring;
  private final String epoch;
  private final InstantSource clock;
  private long last;

  /**
   * @param capacity events that are kept
   * @param epoch tells this process from others, in letters and digits
   */
  public EventLog(int capacity, String epoch, InstantSource clock) {
    this.ring = new NodeEvent[capacity];
    this.epoch = epoch;
    this.clock = clock;
  }

  /** Something happened to a wish. */
  public void resource(
      String action, String resource, @Nullable Long revision, @Nullable String state) {
    resource(action, resource, revision, state, null);
  }

  /** The same with words. */
  public void resource(
      String action,
      String resource,
      @Nullable Long revision,
      @Nullable String state,
      @Nullable String message) {
    add(EventType.RESOURCE, action, resource, revision, state, null, null, message);
  }

  /** The kernel was changed, or refused to be. */
  public void step(
      String action, @Nullable String resource, String object, @Nullable String message) {
    add(EventType.STEP, action, resource, null, null, object, null, message);
  }

  /** Somebody else changed the kernel. */
  public void drift(String action, @Nullable String resource, String object, String message) {
    add(EventType.DRIFT, action, resource, null, null, object, null, message);
  }

  /** A peer came, went or moved. */
  public void peer(String action, String resource, @Nullable String endpoint) {
    add(EventType.PEER, action, resource, null, null, null, endpoint, null);
  }

  /**
   * Something was given up, or works again.
   *
   * @param resource null for the whole node
   */
  public void fallback(
      String action, @Nullable String resource, String object, @Nullable String message) {
    add(EventType.FALLBACK, action, resource, null, null, object, null, message);
  }

  private synchronized void add(
      EventType type,
      String action,
      @Nullable String resource,
      @Nullable Long revision,
      @Nullable String state,
      @Nullable String object,
      @Nullable String endpoint,
      @Nullable String message) {
    NodeEvent event =
        new NodeEvent(
            clock.instant(),
            type.label(),
            action,
            resource,
            revision,
            state,
            object,
            endpoint,
            message);
    last++;
    ring[index(last)] = event;
    notifyAll();
  }

  private int index(long sequence) {
    return (int) (sequence % ring.length);
  }

  /** The number of the newest event; 0 before the first. */
  synchronized long last() {
    return last;
  }

  /** Whether everything after that event is still kept. */
  synchronized boolean keepsAllAfter(long sequence) {
    return sequence >= 0 && sequence <= last && last - sequence <= ring.length;
  }

  /**
   * The event after that one.
   *
   * @return null if there is none within the time
   */
  synchronized @Nullable Entry next(long sequence, long timeoutNanos) throws InterruptedException {
    long deadline = System.nanoTime() + timeoutNanos;
    while (sequence >= last) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        return null;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    return new Entry(sequence + 1, keepsAllAfter(sequence) ? ring[index(sequence + 1)] : null);
  }

  /** The id of an event as readers see it. */
  String id(long sequence) {
    return epoch + "-" + sequence;
  }

  /** The number behind an id of this process; -1 for any other text. */
  long sequence(String id) {
    if (!id.startsWith(epoch + "-")) {
      return -1;
    }
    try {
      return Long.parseLong(id, epoch.length() + 1, id.length(), 10);
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
