package net.culvert.node.dataplane;

import java.util.Arrays;

/**
 * The packets of one batch in the order in which their senders sealed them: by the counters of each
 * session. Sessions come in the order of their first packets; what two of them sent has no order.
 *
 * <p>While packets come as they were sent, each costs one comparison and {@link #sort} has nothing
 * to do. What was opened is ordered, never what merely claims a counter. For one thread; allocates
 * nothing.
 */
final class SendingOrder {

  private static final int NONE = -1;

  private final int capacity;

  // Of each packet, in the order they came.
  private final long[] counters;
  private final int[] ranks;
  private int packets;

  // Of each session, in the order they came; the index is its rank.
  private final int[] sessions;
  private final long[] newest;
  private final int[] starts;
  private final int[] ends;
  private final int[] places;
  private int known;
  private int current;

  /** From a session's hash to its rank. */
  private final int[] slots;

  private final int[] sorted;
  private boolean broken;

  /**
   * @param capacity packets of a batch, a power of two
   */
  SendingOrder(int capacity) {
    this.capacity = capacity;
    this.counters = new long[capacity];
    this.ranks = new int[capacity];
    this.sessions = new int[capacity];
    this.newest = new long[capacity];
    this.starts = new int[capacity];
    this.ends = new int[capacity];
    this.places = new int[capacity];
    this.slots = new int[2 * capacity];
    this.sorted = new int[capacity];
    Arrays.fill(slots, NONE);
  }

  /** Forgets everything. */
  void clear() {
    for (int rank = 0; rank < known; rank++) {
      slots[places[rank]] = NONE;
    }
    packets = 0;
    known = 0;
    broken = false;
  }

  /**
   * Notes the next packet, of which {@code capacity} fit.
   *
   * @param session what tells the sender's session from all others
   * @param counter its counter there, unsigned, unlike all others of the session
   * @return false if a packet of this batch, this one or one before, came later than it was sent
   */
  boolean add(int session, long counter) {
    int packet = packets++;
    int rank = current;
    if (known == 0 || sessions[rank] != session) {
      rank = rankOf(session, counter);
      current = rank;
    }
    ranks[packet] = rank;
    counters[packet] = counter;
    if (Long.compareUnsigned(counter, newest[rank]) < 0) {
      broken = true;
    } else {
      newest[rank] = counter;
    }
    return !broken;
  }

  private int rankOf(int session, long counter) {
    int slot = session * 0x9e3779b9 >>> 1 & slots.length - 1;
    for (; slots[slot] != NONE; slot = slot + 1 & slots.length - 1) {
      if (sessions[slots[slot]] == session) {
        return slots[slot];
      }
    }
    int rank = known++;
    slots[slot] = rank;
    places[rank] = slot;
    sessions[rank] = session;
    newest[rank] = counter;
    return rank;
  }

  int size() {
    return packets;
  }

  boolean isFull() {
    return packets == capacity;
  }

  /** Whether {@link #add} said false since the last {@link #clear}. */
  boolean isBroken() {
    return broken;
  }

  /** Sorts; a batch is nearly in order. */
  void sort() {
    Arrays.fill(ends, 0, known, 0);
    for (int packet = 0; packet < packets; packet++) {
      ends[ranks[packet]]++;
    }
    int start = 0;
    for (int rank = 0; rank < known; rank++) {
      starts[rank] = start;
      start += ends[rank];
      ends[rank] = starts[rank];
    }
    // Each goes behind those of its session that came before it, and from there to its place.
    for (int packet = 0; packet < packets; packet++) {
      int rank = ranks[packet];
      int at = ends[rank]++;
      long counter = counters[packet];
      while (at > starts[rank] && Long.compareUnsigned(counter, counters[sorted[at - 1]]) < 0) {
        sorted[at] = sorted[at - 1];
        at--;
      }
      sorted[at] = packet;
    }
  }

  /** After {@link #sort}: which packet, as they were added, is the one at that place. */
  int packet(int place) {
    return sorted[place];
  }
}
