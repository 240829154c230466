package net.culvert.node.kernel.udp;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import net.culvert.api.value.Family;

/**
 * Datagrams that came in: messages, each one datagram or a train of equal ones of which only the
 * last may be shorter, with where they came from and which own address they were sent to.
 *
 * <p>Each message has a slot of its own in {@link #memory}. One thread; nothing is allocated. Pages
 * of a slot that no datagram ever reached cost no memory.
 */
public final class ReceiveBatch {

  /** The largest UDP payload, or train of them, in bytes, and a page's worth of room. */
  public static final int SLOT_BYTES = 65_536;

  /** Slots stand apart by this, so that their beginnings do not share a line of the cache. */
  static final int STRIDE_BYTES = SLOT_BYTES + 192;

  private final MemorySegment memory;
  private final int capacity;
  private final int[] lengths;
  private final int[] datagramBytes;
  private final boolean[] truncated;
  private final Family[] families;
  private final long[] sourceHighs;
  private final long[] sourceLows;
  private final int[] sourcePorts;
  private final int[] scopeIds;
  private final long[] localHighs;
  private final long[] localLows;
  private final int[] localLinks;
  private int size;

  public ReceiveBatch(Arena arena, int capacity) {
    this.memory = arena.allocate((long) capacity * STRIDE_BYTES, 64);
    this.capacity = capacity;
    this.lengths = new int[capacity];
    this.datagramBytes = new int[capacity];
    this.truncated = new boolean[capacity];
    this.families = new Family[capacity];
    this.sourceHighs = new long[capacity];
    this.sourceLows = new long[capacity];
    this.sourcePorts = new int[capacity];
    this.scopeIds = new int[capacity];
    this.localHighs = new long[capacity];
    this.localLows = new long[capacity];
    this.localLinks = new int[capacity];
  }

  public int capacity() {
    return capacity;
  }

  /** Where all messages are. */
  public MemorySegment memory() {
    return memory;
  }

  /** Start of a message's slot in {@link #memory}, in bytes. */
  public int offset(int message) {
    return message * STRIDE_BYTES;
  }

  public void clear() {
    size = 0;
  }

  /**
   * Takes what was written into the next slot as a message.
   *
   * @param length bytes of the message
   * @param each bytes of each of its datagrams but the last; {@code length} for a single one
   * @param cut whether the datagram was longer than its slot
   */
  public void append(int length, int each, boolean cut) {
    lengths[size] = length;
    datagramBytes[size] = each;
    truncated[size] = cut;
    localHighs[size] = 0;
    localLows[size] = 0;
    localLinks[size] = 0;
    size++;
  }

  /** The message appended last is a train of datagrams of that many bytes, the last maybe less. */
  public void setDatagramBytes(int each) {
    if (each > 0) {
      datagramBytes[size - 1] = each;
    }
  }

  /** Where the message appended last came from. */
  public void setSource(Family family, long high, long low, int port, int scopeId) {
    int last = size - 1;
    families[last] = family;
    sourceHighs[last] = high;
    sourceLows[last] = low;
    sourcePorts[last] = port;
    scopeIds[last] = scopeId;
  }

  /** The own address that the message appended last was sent to. */
  public void setLocal(long high, long low) {
    localHighs[size - 1] = high;
    localLows[size - 1] = low;
  }

  /** The index of the link that the message appended last came in by. */
  public void setLocalLink(int index) {
    localLinks[size - 1] = index;
  }

  public int size() {
    return size;
  }

  public int length(int message) {
    return lengths[message];
  }

  public int datagramBytes(int message) {
    return datagramBytes[message];
  }

  public boolean truncated(int message) {
    return truncated[message];
  }

  public Family family(int message) {
    return families[message];
  }

  public long sourceHigh(int message) {
    return sourceHighs[message];
  }

  public long sourceLow(int message) {
    return sourceLows[message];
  }

  /** The sender's port; 0 is possible in a forged datagram. */
  public int sourcePort(int message) {
    return sourcePorts[message];
  }

  public int scopeId(int message) {
    return scopeIds[message];
  }

  /** Upper half of the own address it was sent to; both halves 0 where that is not known. */
  public long localHigh(int message) {
    return localHighs[message];
  }

  public long localLow(int message) {
    return localLows[message];
  }

  /** The index of the link that it came in by; 0 where that is of no interest. */
  public int localLink(int message) {
    return localLinks[message];
  }
}
