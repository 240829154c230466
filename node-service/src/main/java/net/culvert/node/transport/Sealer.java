package net.culvert.node.transport;

import java.lang.foreign.MemorySegment;
import net.culvert.node.packet.GatherList;
import org.jspecify.annotations.Nullable;

/** Makes datagrams of inner packets. For one thread. */
public interface Sealer {

  /** Bytes before an inner packet's first that {@link #seal} may write to. */
  int headroomBytes();

  /** How many pieces one datagram may take beyond those of the payload. */
  int piecesPerDatagram();

  /** Bytes of room that {@link #seal} wants for a packet of that length; 0 if it seals in place. */
  default int roomBytes(int innerBytes) {
    return 0;
  }

  /**
   * Turns to a peer: what is sealed next is for it.
   *
   * @param peer null for a transport without
   * @param mtuBytes the largest inner packet that fits the path to it
   * @return false if nothing can be sealed for it yet; a session was asked for
   */
  default boolean begin(@Nullable TransportPeer peer, int mtuBytes, long nowNanos) {
    return true;
  }

  /**
   * Appends the pieces of the datagram that carries one inner packet. The packet stands in one or
   * two parts: its head, with {@link #headroomBytes} free before it, and what follows, which may
   * stand elsewhere so that a payload need not be copied. Both stay as they are until the datagram
   * was sent, and so does the room.
   *
   * @param head where the head is
   * @param headOffset its first byte
   * @param headBytes its length
   * @param rest where the rest is
   * @param restOffset its first byte
   * @param restBytes its length, 0 if the head is the whole packet
   * @param room has {@link #roomBytes} from {@code roomOffset} on
   * @param into takes the pieces
   * @return length of the datagram in bytes, or 0 if the session has ended meanwhile
   */
  int seal(
      MemorySegment head,
      int headOffset,
      int headBytes,
      MemorySegment rest,
      int restOffset,
      int restBytes,
      MemorySegment room,
      int roomOffset,
      GatherList into);
}
