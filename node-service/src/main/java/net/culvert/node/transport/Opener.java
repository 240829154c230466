package net.culvert.node.transport;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Takes inner packets out of datagrams, in place. For one thread. What it lets through is not yet
 * trusted to be an IP packet.
 */
public interface Opener {

  /** The answer of {@link #open} to what cannot be a datagram of this transport. */
  int MALFORMED = -1;

  /** It is a message for the {@link Conversation}. */
  int CONTROL = -2;

  /** It was made by nobody who has the key. */
  int NOT_AUTHENTIC = -3;

  /** It was seen before, or is too old to tell. */
  int REPLAYED = -4;

  /** It belongs to a session that does not exist, or no longer. */
  int NO_SESSION = -5;

  /** It is of another cipher suite of the same protocol. */
  int OTHER_SUITE = -6;

  /**
   * Opens a datagram.
   *
   * @return offset of the inner packet from the datagram's start, which is then {@link #innerBytes}
   *     long, or one of the constants
   */
  int open(MemorySegment memory, int offset, int length, long nowNanos);

  /**
   * Length of what was opened last, in bytes; 0 if the datagram says only that its sender lives.
   */
  int innerBytes();

  /** Who sent what was opened last; null for a transport that cannot know. */
  default @Nullable TransportPeer peer() {
    return null;
  }

  /**
   * Which session what was opened last came in: a number that no other living session of the tunnel
   * has; of no meaning for a transport without.
   */
  default int session() {
    return 0;
  }

  /**
   * The place of what was opened last among all that its session's sender sealed, unsigned; of no
   * meaning for a transport without sessions.
   */
  default long counter() {
    return 0;
  }
}
