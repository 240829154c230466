package net.culvert.node.kernel.udp;

import java.lang.foreign.Arena;
import net.culvert.api.value.IpAddress;
import net.culvert.node.packet.GatherList;
import org.jspecify.annotations.Nullable;

/**
 * Datagrams on their way out: messages of one or more pieces, each message one datagram or a train
 * of equal ones of which only the last may be shorter.
 *
 * <p>To add a datagram, append its pieces to {@link #pieces} and call {@link #add}. A datagram that
 * may continue the last message joins it. One thread; nothing is allocated.
 */
public final class SendBatch {

  /** {@code UDP_MAX_SEGMENTS} of kernels before 6.9, less one for what counts headers. */
  public static final int MAX_TRAIN_DATAGRAMS = 63;

  /** The largest UDP payload over IPv4; a train must stay below it as well. */
  public static final int MAX_MESSAGE_BYTES = 65_507;

  /** {@code UIO_MAXIOV}. */
  private static final int MAX_MESSAGE_PIECES = 1024;

  private final GatherList pieces;
  private final @Nullable UdpEndpoint[] destinations;
  private final @Nullable IpAddress[] sources;
  private final int[] sourceLinks;
  private final int[] firstPieces;
  private final int[] bytes;
  private final int[] datagramBytes;
  private final int[] datagrams;
  private final boolean[] closed;
  private int size;

  public SendBatch(Arena arena, int maxMessages, int maxPieces) {
    this.pieces = new GatherList(arena, maxPieces);
    this.destinations = new UdpEndpoint[maxMessages];
    this.sources = new IpAddress[maxMessages];
    this.sourceLinks = new int[maxMessages];
    this.firstPieces = new int[maxMessages + 1];
    this.bytes = new int[maxMessages];
    this.datagramBytes = new int[maxMessages];
    this.datagrams = new int[maxMessages];
    this.closed = new boolean[maxMessages];
  }

  /** Whether one more datagram of that many pieces fits. */
  public boolean hasRoom(int morePieces) {
    return size < destinations.length && pieces.room() >= morePieces;
  }

  /** Where the pieces of the next datagram are appended. */
  public GatherList pieces() {
    return pieces;
  }

  /**
   * Takes the pieces appended since the last call as one datagram.
   *
   * @param source the own address to send from, or null for the kernel's choice
   * @param sourceLink index of the link to leave by where a source is given, or 0 for any
   * @param length sum of the pieces in bytes
   * @param mayJoin whether it may continue the last message, which goes to the same destination
   * @return the message that it became part of
   */
  public int add(
      UdpEndpoint destination,
      @Nullable IpAddress source,
      int sourceLink,
      int length,
      boolean mayJoin) {
    int last = size - 1;
    if (mayJoin && last >= 0 && joins(last, length)) {
      datagrams[last]++;
      bytes[last] += length;
      closed[last] = length < datagramBytes[last];
      firstPieces[size] = pieces.size();
      return last;
    }
    destinations[size] = destination;
    sources[size] = source;
    sourceLinks[size] = sourceLink;
    bytes[size] = length;
    datagramBytes[size] = length;
    datagrams[size] = 1;
    closed[size] = false;
    size++;
    firstPieces[size] = pieces.size();
    return size - 1;
  }

  private boolean joins(int message, int length) {
    return !closed[message]
        && length <= datagramBytes[message]
        && length > 0
        && datagrams[message] < MAX_TRAIN_DATAGRAMS
        && bytes[message] + length <= MAX_MESSAGE_BYTES
        && pieces.size() - firstPieces[message] <= MAX_MESSAGE_PIECES;
  }

  public void clear() {
    size = 0;
    pieces.clear();
  }

  /** As the other, without a link. */
  public int add(UdpEndpoint destination, @Nullable IpAddress source, int length, boolean mayJoin) {
    return add(destination, source, 0, length, mayJoin);
  }

  /** Number of messages. */
  public int size() {
    return size;
  }

  public UdpEndpoint destination(int message) {
    UdpEndpoint destination = destinations[message];
    if (message >= size || destination == null) {
      throw new IndexOutOfBoundsException(message);
    }
    return destination;
  }

  public @Nullable IpAddress source(int message) {
    return sources[message];
  }

  public int sourceLink(int message) {
    return sourceLinks[message];
  }

  /** Sends this message from wherever the kernel likes. */
  public void forgetSource(int message) {
    sources[message] = null;
  }

  public int firstPiece(int message) {
    return firstPieces[message];
  }

  public int pieceCount(int message) {
    return firstPieces[message + 1] - firstPieces[message];
  }

  /** Bytes of all the message's datagrams together. */
  public int bytes(int message) {
    return bytes[message];
  }

  /** Bytes of each of the message's datagrams but perhaps the last. */
  public int datagramBytes(int message) {
    return datagramBytes[message];
  }

  /** How many datagrams the message is. */
  public int datagrams(int message) {
    return datagrams[message];
  }
}
