package net.culvert.node.dataplane;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import net.culvert.node.kernel.abi.Errno;
import net.culvert.node.kernel.sys.SystemCallException;
import net.culvert.node.kernel.udp.DatagramBatchSocket;
import net.culvert.node.kernel.udp.SendBatch;
import net.culvert.node.packet.GatherList;
import net.culvert.node.packet.IpHeader;
import net.culvert.node.packet.PacketBatch;
import org.jspecify.annotations.Nullable;

/**
 * What one outbound agent has to send on one socket, and what becomes of it: a refusal costs its
 * own message only, and the next is tried; a train that the kernel will not segment is sent again
 * as single datagrams. For the agent's thread; allocates nothing.
 */
final class SocketWriter {

  /** How often a message is offered again while the kernel is out of buffers. */
  private static final int BUFFER_TRIES = 3;

  /** How long one flush may wait in all for a full send buffer, in steps of a tenth. */
  private static final int FULL_WAITS = 10;

  private static final int FULL_WAIT_MILLIS = 5;

  /** Packets of one flush that watchers can be told of. */
  private static final int REMEMBERED = 256;

  private final DatagramBatchSocket socket;
  private final int queueIndex;
  private final int overheadBytes;
  private final DropCounters drops;
  private final PacketTap tap;
  private final OffloadSwitch trains;
  private final SendBatch batch;
  private final SendBatch singles;
  private final @Nullable Peer[] peers;
  private final @Nullable PeerEndpoint[] endpoints;
  private final boolean[] alone;
  private final @Nullable DropReason[] verdicts;
  private final MemorySegment heads;
  private int headAt;
  private boolean trainsOn;
  private long now;

  private final IpHeader header = new IpHeader();
  private final int[] rememberedMessage = new int[REMEMBERED];
  private final MemorySegment[] rememberedMemory = new MemorySegment[REMEMBERED];
  private final int[] rememberedOffset = new int[REMEMBERED];
  private final int[] rememberedBytes = new int[REMEMBERED];
  private int remembered;

  SocketWriter(
      DatagramBatchSocket socket,
      int queueIndex,
      int overheadBytes,
      DropCounters drops,
      PacketTap tap,
      OffloadSwitch trains,
      Arena arena,
      int maxMessages,
      int maxPieces,
      int memoryBytes) {
    this.socket = socket;
    this.queueIndex = queueIndex;
    this.overheadBytes = overheadBytes;
    this.drops = drops;
    this.tap = tap;
    this.trains = trains;
    this.batch = new SendBatch(arena, maxMessages, maxPieces);
    this.singles =
        new SendBatch(arena, SendBatch.MAX_TRAIN_DATAGRAMS, 2 * SendBatch.MAX_TRAIN_DATAGRAMS);
    this.peers = new Peer[maxMessages];
    this.endpoints = new PeerEndpoint[maxMessages];
    this.alone = new boolean[maxMessages];
    this.verdicts = new DropReason[maxMessages];
    this.heads = arena.allocate(memoryBytes, 64);
  }

  /** A batch of packets begins. */
  void begin(long nowNanos) {
    now = nowNanos;
    trainsOn = trains.isOn(nowNanos);
  }

  /**
   * Whether one more datagram fits, of that many pieces, with that many bytes in {@link #heads}.
   */
  boolean hasRoom(int pieces, int headBytes) {
    return batch.hasRoom(pieces)
        && headAt + PacketBatch.HEADROOM_BYTES + headBytes <= heads.byteSize()
        && remembered < REMEMBERED;
  }

  GatherList pieces() {
    return batch.pieces();
  }

  /** Where the heads of segments are written, and what is sealed. */
  MemorySegment heads() {
    return heads;
  }

  /** Where in {@link #heads} the next head may begin, behind its headroom. */
  int reserveHead(int headBytes) {
    int at = headAt + PacketBatch.HEADROOM_BYTES;
    headAt = at + headBytes;
    return at;
  }

  /**
   * Takes the pieces appended last as a datagram to a peer.
   *
   * @param single whether it must not be part of a train, since it needs fragments outside
   * @return the message that it became part of
   */
  int add(Peer peer, PeerEndpoint endpoint, int length, boolean single) {
    int before = batch.size();
    int last = before - 1;
    boolean mayJoin =
        trainsOn
            && !single
            && last >= 0
            && !alone[last]
            && peers[last] == peer
            && endpoints[last] == endpoint;
    int message =
        batch.add(endpoint.remote(), endpoint.local(), endpoint.localLink(), length, mayJoin);
    if (message == before) {
      peers[message] = peer;
      endpoints[message] = endpoint;
      alone[message] = single;
      verdicts[message] = null;
    }
    return message;
  }

  /** Takes a message of the transport's own: it counts for no peer and joins no train. */
  void addControl(PeerEndpoint endpoint, byte[] message) {
    int at = reserveHead(message.length);
    MemorySegment.copy(message, 0, heads, ValueLayout.JAVA_BYTE, at, message.length);
    batch.pieces().add(heads.address() + at, message.length);
    int index =
        batch.add(endpoint.remote(), endpoint.local(), endpoint.localLink(), message.length, false);
    peers[index] = null;
    endpoints[index] = endpoint;
    alone[index] = true;
    verdicts[index] = null;
  }

  /** Lets watchers know of this packet once it is clear what became of its message. */
  void remember(int message, MemorySegment memory, int offset, int inner) {
    rememberedMessage[remembered] = message;
    rememberedMemory[remembered] = memory;
    rememberedOffset[remembered] = offset;
    rememberedBytes[remembered] = inner;
    remembered++;
  }

  /** Sends everything, counts it, and is empty afterwards. */
  void flush() {
    if (batch.size() == 0) {
      return;
    }
    send(batch, -1);
    if (remembered > 0) {
      tellWatchers();
    }
    batch.clear();
    headAt = 0;
  }

  /**
   * Sends a batch.
   *
   * @param origin the message of {@link #batch} that all of it comes from, or −1 if it is that
   *     batch
   */
  private void send(SendBatch outgoing, int origin) {
    int next = 0;
    int bufferTries = 0;
    int fullWaits = 0;
    while (next < outgoing.size()) {
      int sent = socket.send(outgoing, next);
      if (sent > 0) {
        for (int i = next; i < next + sent; i++) {
          countSent(outgoing, i, origin < 0 ? i : origin);
        }
        next += sent;
        bufferTries = 0;
        continue;
      }
      int errno = -sent;
      int message = origin < 0 ? next : origin;
      if (errno == Errno.EAGAIN && fullWaits < FULL_WAITS) {
        fullWaits++;
        var _ = socket.awaitSendable(FULL_WAIT_MILLIS);
      } else if (isOutOfBuffers(errno) && bufferTries < BUFFER_TRIES) {
        bufferTries++;
        Thread.onSpinWait();
      } else if (isAboutSource(errno) && outgoing.source(next) != null) {
        outgoing.forgetSource(next);
        forgetSource(message);
      } else if (outgoing.datagrams(next) > 1 && isAboutTrain(errno)) {
        sendSingly(next, errno);
        next++;
      } else {
        if (errno == Errno.EMSGSIZE) {
          suspectPath(message);
        }
        countRefused(
            message,
            outgoing.datagrams(next),
            errno == 0 ? DropReason.SEND_FAILED : DropReason.ofSend(errno));
        next++;
        bufferTries = 0;
      }
    }
  }

  private static boolean isOutOfBuffers(int errno) {
    return errno == Errno.ENOBUFS || errno == Errno.ENOMEM;
  }

  /**
   * What the kernel answers where the own address that was to be the source, or its link, is gone.
   */
  private static boolean isAboutSource(int errno) {
    return errno == Errno.EINVAL
        || errno == Errno.EADDRNOTAVAIL
        || errno == Errno.ENETUNREACH
        || errno == Errno.ENODEV;
  }

  /**
   * EIO: the device has no checksum offload, which segmentation needs up to Linux 6.10. EINVAL: the
   * kernel will not for another reason. EMSGSIZE: the path is narrower, and trains are never
   * fragmented while single datagrams are.
   */
  private static boolean isAboutTrain(int errno) {
    return errno == Errno.EIO || errno == Errno.EINVAL || errno == Errno.EMSGSIZE;
  }

  /** Sends the datagrams of a train again, each by itself, so that none is lost. */
  private void sendSingly(int message, int errno) {
    if (errno == Errno.EMSGSIZE) {
      suspectPath(message);
    } else {
      trains.failed("the kernel refused a train: " + SystemCallException.describe(errno), now);
      trainsOn = false;
    }
    singles.clear();
    GatherList from = batch.pieces();
    int piece = batch.firstPiece(message);
    int end = piece + batch.pieceCount(message);
    int each = batch.datagramBytes(message);
    int length = 0;
    for (; piece < end; piece++) {
      singles.pieces().add(from.base(piece), from.length(piece));
      length += (int) from.length(piece);
      if (length == each || piece == end - 1) {
        var _ =
            singles.add(
                batch.destination(message),
                batch.source(message),
                batch.sourceLink(message),
                length,
                false);
        length = 0;
      }
    }
    send(singles, message);
  }

  private void suspectPath(int message) {
    Peer peer = peers[message];
    if (peer != null) {
      peer.suspectPath();
    }
  }

  private void forgetSource(int message) {
    Peer peer = peers[message];
    PeerEndpoint endpoint = endpoints[message];
    if (peer != null && endpoint != null && peer.endpoint() == endpoint) {
      peer.setEndpoint(endpoint.withoutLocal());
    }
  }

  private void countSent(SendBatch outgoing, int index, int message) {
    Peer peer = peers[message];
    if (peer != null) {
      int packets = outgoing.datagrams(index);
      long bytes = outgoing.bytes(index) - (long) packets * overheadBytes;
      peer.outbound(queueIndex).add(packets, bytes, now);
    }
  }

  private void countRefused(int message, int packets, DropReason reason) {
    verdicts[message] = reason;
    drops.add(reason, packets);
    Peer peer = peers[message];
    if (peer != null) {
      peer.dropped(Direction.OUTBOUND, reason, packets);
    }
  }

  private void tellWatchers() {
    for (int i = 0; i < remembered; i++) {
      int message = rememberedMessage[i];
      int bytes = rememberedBytes[i];
      MemorySegment memory = rememberedMemory[i];
      int offset = rememberedOffset[i];
      if (header.parse(memory, offset, bytes)) {
        tap.saw(
            Direction.OUTBOUND,
            header,
            memory,
            offset,
            bytes + overheadBytes,
            peers[message],
            verdicts[message],
            now);
      }
    }
    remembered = 0;
  }
}
