package net.culvert.node.transport;

import java.lang.foreign.MemorySegment;

/**
 * Takes inner packets out of datagrams, in place. For one thread; allocates nothing. What it lets
 * through is not yet trusted to be an IP packet.
 */
public interface Opener {

  /** The answer of {@link #open} to what cannot be a datagram of this transport. */
  int MALFORMED = -1;

  /**
   * Opens a datagram.
   *
   * @return offset of the inner packet from the datagram's start, which is then {@link #innerBytes}
   *     long, or {@link #MALFORMED}
   */
  int open(MemorySegment memory, int offset, int length);

  /** Length of the inner packet that was opened last, in bytes. */
  int innerBytes();
}
