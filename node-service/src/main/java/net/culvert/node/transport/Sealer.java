package net.culvert.node.transport;

import java.lang.foreign.MemorySegment;
import net.culvert.node.packet.GatherList;

/** Makes datagrams of inner packets. For one thread; allocates nothing. */
public interface Sealer {

  /** Bytes before an inner packet's first that {@link #seal} may write to. */
  int headroomBytes();

  /** How many pieces one datagram may take beyond those of the payload. */
  int piecesPerDatagram();

  /**
   * Appends the pieces of the datagram that carries one inner packet. The packet stands in one or
   * two parts: its head, with {@link #headroomBytes} free before it, and what follows, which may
   * stand elsewhere so that a payload need not be copied. Both stay as they are until the datagram
   * was sent.
   *
   * @param head where the head is
   * @param headOffset its first byte
   * @param headBytes its length
   * @param rest where the rest is
   * @param restOffset its first byte
   * @param restBytes its length, 0 if the head is the whole packet
   * @param into takes the pieces
   * @return length of the datagram in bytes
   */
  int seal(
      MemorySegment head,
      int headOffset,
      int headBytes,
      MemorySegment rest,
      int restOffset,
      int restBytes,
      GatherList into);
}
