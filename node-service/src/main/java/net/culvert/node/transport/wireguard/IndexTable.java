package net.culvert.node.transport.wireguard;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Whom the indices belong to that a device gave out: a {@link Session}, or a peer with a handshake
 * under way. The lower bits of an index name its slot, so that it is found without search; the
 * upper are random, so that one that was given back is not mistaken for its successor.
 *
 * <p>Any thread looks up without a lock; one thread at a time gives out and takes back.
 */
final class IndexTable {

  private static final int SLOT_BITS = 18;
  private static final int CHUNK_BITS = 10;

  /** Four for each peer: two sessions in use, one to come, one handshake. */
  static final int CAPACITY = 1 << SLOT_BITS;

  private final RandomGenerator random;
  private final AtomicReferenceArray<@Nullable AtomicReferenceArray<@Nullable Entry>> chunks =
      new AtomicReferenceArray<>(1 << SLOT_BITS - CHUNK_BITS);
  private int search;
  private int used;

  IndexTable(RandomGenerator random) {
    this.random = random;
  }

  private record Entry(int index, Object owner) {}

  /** The session of that index, or null. */
  @Nullable Session session(int index) {
    Entry entry = entry(index);
    return entry != null && entry.owner instanceof Session session ? session : null;
  }

  /** The peer with a handshake of that index, or null. */
  @Nullable WireGuardPeer handshake(int index) {
    Entry entry = entry(index);
    return entry != null && entry.owner instanceof WireGuardPeer peer ? peer : null;
  }

  private @Nullable Entry entry(int index) {
    int slot = index & CAPACITY - 1;
    AtomicReferenceArray<@Nullable Entry> chunk = chunks.get(slot >>> CHUNK_BITS);
    if (chunk == null) {
      return null;
    }
    Entry entry = chunk.get(slot & (1 << CHUNK_BITS) - 1);
    return entry != null && entry.index == index ? entry : null;
  }

  /**
   * Gives out an index.
   *
   * @throws IllegalStateException if there are none left, which the number of peers forbids
   */
  synchronized int add(WireGuardPeer peer) {
    if (used == CAPACITY) {
      throw new IllegalStateException("all " + CAPACITY + " indices are in use");
    }
    while (slot(search) != null) {
      search = search + 1 & CAPACITY - 1;
    }
    int slot = search;
    search = search + 1 & CAPACITY - 1;
    int index = random.nextInt() << SLOT_BITS | slot;
    set(slot, new Entry(index, peer));
    used++;
    return index;
  }

  private @Nullable Entry slot(int slot) {
    AtomicReferenceArray<@Nullable Entry> chunk = chunks.get(slot >>> CHUNK_BITS);
    return chunk == null ? null : chunk.get(slot & (1 << CHUNK_BITS) - 1);
  }

  private void set(int slot, @Nullable Entry entry) {
    AtomicReferenceArray<@Nullable Entry> chunk = chunks.get(slot >>> CHUNK_BITS);
    if (chunk == null) {
      chunk = new AtomicReferenceArray<>(1 << CHUNK_BITS);
      chunks.set(slot >>> CHUNK_BITS, chunk);
    }
    chunk.set(slot & (1 << CHUNK_BITS) - 1, entry);
  }

  /** The handshake of that index became a session. */
  synchronized void become(int index, Session session) {
    if (entry(index) != null) {
      set(index & CAPACITY - 1, new Entry(index, session));
    }
  }

  /** Takes an index back; one that is not given out is ignored. */
  synchronized void remove(int index) {
    if (entry(index) != null) {
      set(index & CAPACITY - 1, null);
      used--;
    }
  }

  /** How many are given out. */
  synchronized int size() {
    return used;
  }
}
