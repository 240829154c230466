package net.culvert.node.dataplane;

import java.lang.foreign.MemorySegment;
import java.time.Instant;
import java.util.Arrays;
import net.culvert.node.packet.IpHeader;
import org.jspecify.annotations.Nullable;

/**
 * Lets readers watch a tunnel's packets. Without a reader it costs one volatile read a batch; with
 * readers it never waits for any: what does not fit a reader's ring is lost, and counted.
 */
public final class PacketTap {

  /** More readers than this at once are refused. */
  public static final int MAX_READERS = 16;

  private final Object lock = new Object();
  private final long epochOffsetNanos;
  private volatile PacketReader[] readers = {};

  /**
   * @param epochOffsetNanos nanoseconds since 1970 less what {@link System#nanoTime} told at the
   *     same moment
   */
  PacketTap(long epochOffsetNanos) {
    this.epochOffsetNanos = epochOffsetNanos;
  }

  /**
   * Begins to watch; close the reader to end it.
   *
   * @param capacity events that may wait for the reader, rounded up to a power of two
   * @throws IllegalStateException if there are {@link #MAX_READERS} already
   */
  public PacketReader watch(PacketFilter filter, int capacity) {
    synchronized (lock) {
      PacketReader[] before = readers;
      if (before.length >= MAX_READERS) {
        throw new IllegalStateException(
            "there are " + MAX_READERS + " readers of this tunnel's packets already");
      }
      PacketReader[] after = new PacketReader[before.length + 1];
      System.arraycopy(before, 0, after, 0, before.length);
      PacketReader reader = new PacketReader(this, filter, capacity);
      after[before.length] = reader;
      readers = after;
      return reader;
    }
  }

  void remove(PacketReader reader) {
    synchronized (lock) {
      readers =
          Arrays.stream(readers).filter(other -> other != reader).toArray(PacketReader[]::new);
    }
  }

  /** Read once a batch. */
  boolean isWatched() {
    return readers.length != 0;
  }

  /** A packet whose header was read. */
  void saw(
      Direction direction,
      IpHeader header,
      MemorySegment memory,
      int offset,
      int wireLength,
      @Nullable Peer peer,
      @Nullable DropReason reason,
      long nowNanos) {
    header.locateUpperLayer(memory, offset);
    PacketEvent event = null;
    for (PacketReader reader : readers) {
      if (reader.filter().wants(direction, header)) {
        if (event == null) {
          event =
              PacketEvents.of(
                  instant(nowNanos),
                  direction,
                  header,
                  memory,
                  offset,
                  wireLength,
                  peer == null ? null : peer.name(),
                  reason);
        }
        reader.offer(event);
      }
    }
  }

  /** A packet whose header could not be read. */
  void sawUnreadable(
      Direction direction, int length, int wireLength, DropReason reason, long nowNanos) {
    PacketEvent event = null;
    for (PacketReader reader : readers) {
      if (reader.filter().wants(direction, null)) {
        if (event == null) {
          event =
              PacketEvents.unreadable(
                  instant(nowNanos), direction, length, wireLength, null, reason);
        }
        reader.offer(event);
      }
    }
  }

  private Instant instant(long nowNanos) {
    long epochNanos = nowNanos + epochOffsetNanos;
    return Instant.ofEpochSecond(
        Math.floorDiv(epochNanos, 1_000_000_000L), Math.floorMod(epochNanos, 1_000_000_000L));
  }
}
