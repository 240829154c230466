package net.culvert.node.dataplane;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * One watcher's ring of events. Several agents put events in, one thread takes them out; neither
 * ever waits for the other.
 */
public final class PacketReader implements AutoCloseable {

  private static final int MAX_CAPACITY = 1 << 16;

  private final PacketTap tap;
  private final PacketFilter filter;
  private final AtomicReferenceArray<@Nullable PacketEvent> ring;
  private final int mask;
  private final AtomicLong tail = new AtomicLong();
  private final AtomicLong lost = new AtomicLong();
  private long head;

  PacketReader(PacketTap tap, PacketFilter filter, int capacity) {
    int bounded = Math.max(2, Math.min(MAX_CAPACITY, capacity));
    int size = Integer.highestOneBit(bounded - 1) << 1;
    this.tap = tap;
    this.filter = filter;
    this.ring = new AtomicReferenceArray<>(size);
    this.mask = size - 1;
  }

  PacketFilter filter() {
    return filter;
  }

  /** For agents: puts an event in, or counts it as lost. */
  void offer(PacketEvent event) {
    while (true) {
      long at = tail.get();
      if (ring.get((int) at & mask) != null) {
        lost.incrementAndGet();
        return;
      }
      if (tail.compareAndSet(at, at + 1)) {
        ring.set((int) at & mask, event);
        return;
      }
    }
  }

  /** For the one reading thread: the next event, or null if none is there now. */
  public @Nullable PacketEvent poll() {
    int at = (int) head & mask;
    PacketEvent event = ring.get(at);
    if (event != null) {
      ring.set(at, null);
      head++;
    }
    return event;
  }

  /** How many events did not fit since the beginning; any thread. */
  public long lost() {
    return lost.get();
  }

  /** Ends the watch; twice is harmless, and what is in the ring can still be taken. */
  @Override
  public void close() {
    tap.remove(this);
  }
}
