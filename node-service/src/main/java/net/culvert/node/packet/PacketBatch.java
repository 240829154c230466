package net.culvert.node.packet;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Packets read one after the other into one piece of memory, so that many small ones stay close
 * together and a few of 64 KiB fit as well.
 *
 * <p>In front of every packet stand {@link #HEADROOM_BYTES} that belong to it: a device puts its
 * {@code virtio_net_hdr} there, and when that has been read, a framing may be written over it. The
 * contents are lent until {@link #clear}. One thread.
 */
public final class PacketBatch {

  /** Bytes in front of each packet; a {@code virtio_net_hdr} takes the last 10 of them. */
  public static final int HEADROOM_BYTES = 16;

  /** The largest IP packet. */
  public static final int MAX_PACKET_BYTES = 65_535;

  private static final int ALIGNMENT = 16;

  private final MemorySegment memory;
  private final int[] offsets;
  private final int[] lengths;
  private int size;
  private int next = HEADROOM_BYTES;

  /**
   * @param bytes of memory; at least one largest packet with its headroom
   * @param maxPackets that it takes before it is full
   */
  public PacketBatch(Arena arena, int bytes, int maxPackets) {
    if (bytes < HEADROOM_BYTES + MAX_PACKET_BYTES) {
      throw new IllegalArgumentException("a batch holds at least one packet of 65,535 bytes");
    }
    this.memory = arena.allocate(bytes, 64);
    this.offsets = new int[maxPackets];
    this.lengths = new int[maxPackets];
  }

  /** Whether a packet of the largest size can still be appended. */
  public boolean hasRoom() {
    return size < offsets.length && next + MAX_PACKET_BYTES <= memory.byteSize();
  }

  /** Where the next packet begins, behind its headroom. */
  public int nextOffset() {
    return next;
  }

  /** Takes what was written at {@link #nextOffset} as a packet of that many bytes. */
  public void append(int length) {
    offsets[size] = next;
    lengths[size] = length;
    size++;
    next = (next + length + HEADROOM_BYTES + ALIGNMENT - 1) & -ALIGNMENT;
  }

  public void clear() {
    size = 0;
    next = HEADROOM_BYTES;
  }

  public int size() {
    return size;
  }

  /** Start of a packet in {@link #memory}, in bytes. */
  public int offset(int index) {
    return offsets[index];
  }

  /** Length of a packet as it was read, in bytes. */
  public int length(int index) {
    return lengths[index];
  }

  public MemorySegment memory() {
    return memory;
  }

  /** The address in this process of an offset in {@link #memory}. */
  public long address(int offset) {
    return memory.address() + offset;
  }
}
