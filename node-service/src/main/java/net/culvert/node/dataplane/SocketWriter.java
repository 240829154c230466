package net.culvert.node.dataplane;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import net.culvert.node.kernel.abi.Errno;
import net.culvert.node.kernel.udp.DatagramBatchSocket;
import net.culvert.node.kernel.udp.SendBatch;
import net.culvert.node.packet.GatherList;
import net.culvert.node.packet.IpHeader;
import org.jspecify.annotations.Nullable;

/**
 * What one outbound agent has to send on one socket, and what becomes of it: a refusal costs its
 * own message only, and the next is tried. For the agent's thread; allocates nothing.
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
  private final SendBatch batch;
  private final @Nullable Peer[] peers;
  private final @Nullable PeerEndpoint[] endpoints;
  private final int[] innerBytes;
  private final @Nullable DropReason[] verdicts;

  private final IpHeader header = new IpHeader();
  private final int[] rememberedMessage = new int[REMEMBERED];
  private final int[] rememberedOffset = new int[REMEMBERED];
  private final int[] rememberedBytes = new int[REMEMBERED];
  private int remembered;

  SocketWriter(
      DatagramBatchSocket socket,
      int queueIndex,
      int overheadBytes,
      DropCounters drops,
      PacketTap tap,
      Arena arena,
      int maxMessages,
      int maxPieces) {
    this.socket = socket;
    this.queueIndex = queueIndex;
    this.overheadBytes = overheadBytes;
    this.drops = drops;
    this.tap = tap;
    this.batch = new SendBatch(arena, maxMessages, maxPieces);
    this.peers = new Peer[maxMessages];
    this.endpoints = new PeerEndpoint[maxMessages];
    this.innerBytes = new int[maxMessages];
    this.verdicts = new DropReason[maxMessages];
  }

  boolean hasRoom(int pieces) {
    return batch.hasRoom(pieces);
  }

  GatherList pieces() {
    return batch.pieces();
  }

  /** Takes the pieces appended last as a datagram to a peer; answers its message. */
  int add(Peer peer, PeerEndpoint endpoint, int length, int inner) {
    int before = batch.size();
    int message = batch.add(endpoint.remote(), endpoint.local(), length);
    if (message == before) {
      peers[message] = peer;
      endpoints[message] = endpoint;
      innerBytes[message] = 0;
      verdicts[message] = null;
    }
    innerBytes[message] += inner;
    return message;
  }

  /** Lets watchers know of this packet once it is clear what became of its message. */
  void remember(int message, int offset, int inner) {
    if (remembered < REMEMBERED) {
      rememberedMessage[remembered] = message;
      rememberedOffset[remembered] = offset;
      rememberedBytes[remembered] = inner;
      remembered++;
    }
  }

  /** Sends everything, counts it, and is empty afterwards. */
  void flush(MemorySegment memory, long nowNanos) {
    int next = 0;
    int bufferTries = 0;
    int fullWaits = 0;
    while (next < batch.size()) {
      int sent = socket.send(batch, next);
      if (sent > 0) {
        countSent(next, next + sent, nowNanos);
        next += sent;
        bufferTries = 0;
        continue;
      }
      int errno = -sent;
      if (errno == Errno.EAGAIN && fullWaits < FULL_WAITS) {
        fullWaits++;
        var _ = socket.awaitSendable(FULL_WAIT_MILLIS);
      } else if (isOutOfBuffers(errno) && bufferTries < BUFFER_TRIES) {
        bufferTries++;
        Thread.onSpinWait();
      } else if (isAboutSource(errno) && batch.source(next) != null) {
        forgetSource(next);
      } else {
        countRefused(next, errno == 0 ? DropReason.SEND_FAILED : DropReason.ofSend(errno));
        next++;
        bufferTries = 0;
      }
    }
    if (remembered > 0) {
      tellWatchers(memory, nowNanos);
    }
    batch.clear();
  }

  private static boolean isOutOfBuffers(int errno) {
    return errno == Errno.ENOBUFS || errno == Errno.ENOMEM;
  }

  /** What the kernel answers where the own address that was to be the source is gone. */
  private static boolean isAboutSource(int errno) {
    return errno == Errno.EINVAL || errno == Errno.EADDRNOTAVAIL || errno == Errno.ENETUNREACH;
  }

  private void forgetSource(int message) {
    batch.forgetSource(message);
    Peer peer = peers[message];
    PeerEndpoint endpoint = endpoints[message];
    if (peer != null && endpoint != null && peer.endpoint() == endpoint) {
      peer.setEndpoint(endpoint.withoutLocal());
    }
  }

  private void countSent(int from, int to, long nowNanos) {
    for (int i = from; i < to; i++) {
      Peer peer = peers[i];
      if (peer != null) {
        peer.outbound(queueIndex).add(batch.datagrams(i), innerBytes[i], nowNanos);
      }
    }
  }

  private void countRefused(int message, DropReason reason) {
    int packets = batch.datagrams(message);
    verdicts[message] = reason;
    drops.add(reason, packets);
    Peer peer = peers[message];
    if (peer != null) {
      peer.dropped(Direction.OUTBOUND, reason, packets);
    }
  }

  private void tellWatchers(MemorySegment memory, long nowNanos) {
    for (int i = 0; i < remembered; i++) {
      int message = rememberedMessage[i];
      int offset = rememberedOffset[i];
      int bytes = rememberedBytes[i];
      if (header.parse(memory, offset, bytes)) {
        tap.saw(
            Direction.OUTBOUND,
            header,
            memory,
            offset,
            bytes + overheadBytes,
            peers[message],
            verdicts[message],
            nowNanos);
      }
    }
    remembered = 0;
  }
}
