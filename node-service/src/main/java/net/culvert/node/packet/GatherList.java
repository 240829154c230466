package net.culvert.node.packet;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A bounded list of pieces of memory that are sent or written as one, laid out as {@code struct
 * iovec[]} ({@code linux/uio.h}) so that the kernel can read it where it stands.
 *
 * <p>Pieces are addresses: their owner keeps the memory alive and unchanged until the list was
 * used. One thread.
 */
public final class GatherList {

  /** {@code sizeof(struct iovec)}. */
  public static final int ENTRY_BYTES = 16;

  private final MemorySegment entries;
  private final int capacity;
  private int size;

  public GatherList(Arena arena, int capacity) {
    this.entries = arena.allocate((long) capacity * ENTRY_BYTES, 64);
    this.capacity = capacity;
  }

  /** Appends a piece; the caller has seen {@link #room}. */
  public void add(long address, long length) {
    long at = (long) size * ENTRY_BYTES;
    entries.set(ValueLayout.JAVA_LONG, at, address);
    entries.set(ValueLayout.JAVA_LONG, at + 8, length);
    size++;
  }

  /** Takes back every piece from the given one on. */
  public void truncate(int newSize) {
    size = newSize;
  }

  public void clear() {
    size = 0;
  }

  public int size() {
    return size;
  }

  /** How many more pieces fit. */
  public int room() {
    return capacity - size;
  }

  public int capacity() {
    return capacity;
  }

  /** Where the entry stands in memory, for {@code msg_iov} or {@code writev}. */
  public long entryAddress(int index) {
    return entries.address() + (long) index * ENTRY_BYTES;
  }

  /** Address of a piece. */
  public long base(int index) {
    return entries.get(ValueLayout.JAVA_LONG, (long) index * ENTRY_BYTES);
  }

  /** Length of a piece in bytes. */
  public long length(int index) {
    return entries.get(ValueLayout.JAVA_LONG, (long) index * ENTRY_BYTES + 8);
  }

  /** Sum of the lengths of {@code count} pieces from {@code first} on, in bytes. */
  public long bytes(int first, int count) {
    long sum = 0;
    for (int i = first; i < first + count; i++) {
      sum += length(i);
    }
    return sum;
  }
}
