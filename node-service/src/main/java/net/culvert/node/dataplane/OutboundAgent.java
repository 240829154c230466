package net.culvert.node.dataplane;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.Supplier;
import net.culvert.node.kernel.sys.SystemCallException;
import net.culvert.node.kernel.tun.TunQueue;
import net.culvert.node.kernel.udp.DatagramBatchSocket;
import net.culvert.node.kernel.udp.SendBatch;
import net.culvert.node.packet.GatherList;
import net.culvert.node.packet.IpHeader;
import net.culvert.node.packet.OffloadHeader;
import net.culvert.node.packet.PacketBatch;
import net.culvert.node.transport.Sealer;
import net.culvert.node.transport.Transport;
import net.culvert.node.transport.TransportPeer;
import org.jspecify.annotations.Nullable;

/**
 * TUN → UDP. A packet's journey:
 *
 * <ol>
 *   <li>a batch is read from the device until it has no more or the batch is full;
 *   <li>the header is read and its lengths checked, else MALFORMED;
 *   <li>the longest allowed prefix that holds the destination names the peer, else NO_PEER and ICMP
 *       unreachable to the sender;
 *   <li>the peer has an endpoint, else NO_ENDPOINT and ICMP unreachable; a socket of that family
 *       exists, else NO_SOCKET;
 *   <li>a transport with sessions has one with that peer, else the packet waits for it, a bounded
 *       time and number;
 *   <li>it, or each segment that it will be cut into, fits the path to the peer or may be
 *       fragmented outside, else TOO_BIG and ICMP with the path's MTU;
 *   <li>a checksum that the device left open is finished, a super-packet is cut into segments whose
 *       payloads stay where they are;
 *   <li>the transport seals each into a datagram, which joins the batch of its socket, as part of a
 *       train where it can;
 *   <li>the batches are sent; what the kernel refuses is counted by why, and the rest goes on.
 * </ol>
 *
 * <p>Before that, what the transport itself has to say and what waited for a session goes. One
 * thread; nothing is allocated on the way but for packets that wait.
 */
final class OutboundAgent implements Agent {

  /** Four super-packets, or many small packets: little enough to stay in a core's own cache. */
  private static final int BATCH_BYTES = 256 * 1024;

  private static final int BATCH_PACKETS = 64;

  /** Room for the heads of segments. */
  private static final int HEADS_BYTES = 128 * 1024;

  /** Room for what was sealed, where that is not done in place: what one batch becomes. */
  private static final int SEALED_BYTES = HEADS_BYTES + BATCH_BYTES;

  /** How often it is looked whether packets have waited too long. */
  private static final long STAGING_NANOS = 500_000_000L;

  private final String name;
  private final TunQueue tun;
  private final String tunName;
  private final SocketWriters writers;
  private final int offloadBytes;
  private final Segmenter segmenter = new Segmenter();
  private final Sealer sealer;
  private final int overheadBytes;
  private final boolean clampMss;
  private final boolean fragments;
  private final Supplier<Peers> peersNow;
  private final DropCounters drops;
  private final PacketTap tap;
  private final IcmpErrors icmp;
  private final @Nullable ControlMessages control;
  private final boolean sendsControl;
  private final Staging staging = new Staging();
  private int readinessSeen;
  private long lastStagingNanos;

  private final PacketBatch batch;
  private final GatherList icmpPiece;
  private final IpHeader header = new IpHeader();

  private Peers peers = Peers.NONE;
  private @Nullable Peer lastPeer;
  private int lastVersion;
  private long lastHigh;
  private long lastLow;
  private boolean tapped;
  private long now;

  OutboundAgent(
      String name,
      int queueIndex,
      TunQueue tun,
      String tunName,
      List<DatagramBatchSocket> sockets,
      Transport transport,
      Supplier<Peers> peers,
      DropCounters drops,
      PacketTap tap,
      Offloads offloads,
      TunnelOptions options,
      @Nullable ControlMessages control,
      Arena arena) {
    this.clampMss = options.clampMss();
    this.fragments = options.fragments();
    this.control = control;
    this.sendsControl = control != null && queueIndex == 0;
    this.name = name;
    this.tun = tun;
    this.tunName = tunName;
    this.offloadBytes = tun.offloadHeaderBytes();
    this.sealer = transport.newSealer();
    this.overheadBytes = transport.overheadBytes();
    this.peersNow = peers;
    this.drops = drops;
    this.tap = tap;
    this.icmp = new IcmpErrors(arena);
    this.icmpPiece = new GatherList(arena, 1);
    this.batch = new PacketBatch(arena, BATCH_BYTES, BATCH_PACKETS);
    if (sealer.headroomBytes() > PacketBatch.HEADROOM_BYTES) {
      throw new IllegalArgumentException(
          "a transport may want at most " + PacketBatch.HEADROOM_BYTES + " bytes before a packet");
    }
    int memory = sealer.roomBytes(0) == 0 ? HEADS_BYTES : SEALED_BYTES;
    this.writers =
        new SocketWriters(
            sockets,
            queueIndex,
            overheadBytes,
            drops,
            tap,
            offloads.get(Offload.SEND_TRAINS),
            arena,
            memory);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int doWork(long nowNanos) {
    now = nowNanos;
    int early = control == null ? 0 : sendEarlier(control);
    batch.clear();
    int read = tun.read(batch);
    if (read < 0) {
      throw new SystemCallException("read", -read, tunName);
    }
    if (read == 0) {
      return early;
    }
    dispatchAll();
    return early + read;
  }

  private void dispatchAll() {
    begin();
    for (int i = 0; i < batch.size(); i++) {
      dispatch(i);
    }
    writers.flush();
  }

  private void begin() {
    usePeers(peersNow.get());
    tapped = tap.isWatched();
    writers.begin(now);
  }

  /** What the transport has to say, and the packets that waited for a session. */
  private int sendEarlier(ControlMessages messages) {
    int sent = sendsControl ? writers.sendControl(messages, now) : 0;
    if (staging.isEmpty()) {
      return sent;
    }
    int readiness = messages.readiness();
    if (readiness == readinessSeen && now - lastStagingNanos < STAGING_NANOS) {
      return sent;
    }
    lastStagingNanos = now;
    int expired = staging.expire(now);
    if (expired != 0) {
      drops.add(DropReason.NO_SESSION, expired);
    }
    TransportPeer peer =
        staging.find(each -> sealer.begin(each, PacketBatch.MAX_PACKET_BYTES, now));
    if (peer == null) {
      readinessSeen = readiness;
      return sent;
    }
    batch.clear();
    staging.take(peer, batch);
    int taken = batch.size();
    dispatchAll();
    return sent + taken;
  }

  @Override
  public boolean isDrained() {
    return batch.hasRoom();
  }

  private void usePeers(Peers current) {
    if (current != peers) {
      peers = current;
      lastPeer = null;
    }
  }

  private void dispatch(int index) {
    MemorySegment memory = batch.memory();
    int offset = batch.offset(index);
    if (!header.parse(memory, offset, batch.length(index))) {
      drops.add(DropReason.MALFORMED, 1);
      if (tapped) {
        int length = batch.length(index);
        tap.sawUnreadable(
            Direction.OUTBOUND, length, length + overheadBytes, DropReason.MALFORMED, now);
      }
      return;
    }
    Peer peer = findPeer();
    if (peer == null) {
      drop(DropReason.NO_PEER, null, offset);
      writeToTun(icmp.noPeer(header, memory, offset, now));
      return;
    }
    PeerEndpoint endpoint = peer.endpoint();
    if (endpoint == null) {
      drop(DropReason.NO_ENDPOINT, peer, offset);
      writeToTun(icmp.noEndpoint(header, memory, offset, now));
      return;
    }
    SocketWriter writer = writers.of(endpoint);
    if (writer == null) {
      drop(DropReason.NO_SOCKET, peer, offset);
      writeToTun(icmp.noEndpoint(header, memory, offset, now));
      return;
    }
    TransportPeer transportPeer = peer.transportPeer();
    if (!sealer.begin(transportPeer, peer.mtuBytes(), now)) {
      stage(transportPeer, peer, index);
      return;
    }
    boolean cut = isSuperPacket(offset);
    if (clampMss && !cut) {
      boolean open =
          offloadBytes != 0
              && OffloadHeader.flags(memory, offset - OffloadHeader.BYTES)
                  == OffloadHeader.FLAG_NEEDS_CSUM;
      var _ = MssClamp.apply(memory, offset, header, peer.mtuBytes(), open);
    }
    if (cut
        ? !segmenter.begin(memory, offset - OffloadHeader.BYTES, offset, header)
        : !finishChecksum(offset)) {
      drop(DropReason.MALFORMED, peer, offset);
      return;
    }
    int bytes = cut ? segmenter.longestBytes() : header.totalBytes();
    int mtu = peer.mtuBytes();
    if (isTooBig(bytes, mtu)) {
      drop(DropReason.TOO_BIG, peer, offset);
      int fits = Math.min(mtu, SendBatch.MAX_MESSAGE_BYTES - overheadBytes);
      writeToTun(icmp.tooBig(header, memory, offset, fits, now));
    } else if (cut) {
      sealSegments(writer, peer, endpoint, bytes > mtu);
    } else {
      seal(writer, peer, endpoint, offset, bytes > mtu);
    }
  }

  private void stage(@Nullable TransportPeer transportPeer, Peer peer, int index) {
    int dropped = transportPeer == null ? 1 : staging.add(transportPeer, batch, index, now);
    if (dropped != 0) {
      drops.add(DropReason.NO_SESSION, dropped);
      peer.dropped(Direction.OUTBOUND, DropReason.NO_SESSION, dropped);
    }
  }

  private boolean isSuperPacket(int offset) {
    return offloadBytes != 0
        && OffloadHeader.gsoType(batch.memory(), offset - OffloadHeader.BYTES)
            != OffloadHeader.GSO_NONE;
  }

  private boolean finishChecksum(int offset) {
    return offloadBytes == 0
        || Segmenter.finishChecksum(
            batch.memory(), offset - OffloadHeader.BYTES, offset, header.totalBytes());
  }

  /** The longest prefix; packets come in trains to one destination, so the last answer is kept. */
  private @Nullable Peer findPeer() {
    long high = header.destinationHigh();
    long low = header.destinationLow();
    Peer peer = lastPeer;
    if (peer == null || low != lastLow || high != lastHigh || header.version() != lastVersion) {
      peer =
          header.version() == 4
              ? peers.byPrefix().findIpv4(low)
              : peers.byPrefix().findIpv6(high, low);
      lastPeer = peer;
      lastVersion = header.version();
      lastHigh = high;
      lastLow = low;
    }
    return peer;
  }

  /**
   * A packet past the path's MTU goes on, in fragments outside, only if it may be fragmented or if
   * its sender cannot be told to send less: IPv6 knows no MTU below 1280.
   */
  private boolean isTooBig(int bytes, int mtu) {
    if (bytes + overheadBytes > SendBatch.MAX_MESSAGE_BYTES) {
      return true;
    }
    if (bytes <= mtu || fragments) {
      return false;
    }
    return header.version() == 4 ? header.dontFragment() : bytes > IcmpErrors.MIN_IPV6_MTU_BYTES;
  }

  private void seal(
      SocketWriter writer, Peer peer, PeerEndpoint endpoint, int offset, boolean single) {
    int inner = header.totalBytes();
    int room = sealer.roomBytes(inner);
    if (!writer.hasRoom(sealer.piecesPerDatagram() + 1, room)) {
      writer.flush();
    }
    MemorySegment memory = batch.memory();
    int roomAt = room == 0 ? 0 : writer.reserveHead(room);
    int length =
        sealer.seal(
            memory,
            offset,
            inner,
            MemorySegment.NULL,
            0,
            0,
            writer.heads(),
            roomAt,
            writer.pieces());
    if (length == 0) {
      drop(DropReason.NO_SESSION, peer, offset);
      return;
    }
    int message = writer.add(peer, endpoint, length, single);
    if (tapped) {
      writer.remember(message, memory, offset, inner);
    }
  }

  private void sealSegments(SocketWriter writer, Peer peer, PeerEndpoint endpoint, boolean single) {
    int head = segmenter.headBytes();
    int pieces = sealer.piecesPerDatagram() + 1;
    int room = sealer.roomBytes(segmenter.longestBytes());
    int memory = room == 0 ? head : head + PacketBatch.HEADROOM_BYTES + room;
    while (segmenter.hasNext()) {
      if (!writer.hasRoom(pieces, memory)) {
        writer.flush();
      }
      int at = writer.reserveHead(head);
      int roomAt = room == 0 ? 0 : writer.reserveHead(room);
      int payload = segmenter.payloadLength();
      int payloadAt = segmenter.payloadOffset();
      segmenter.writeHead(writer.heads(), at);
      int length =
          sealer.seal(
              writer.heads(),
              at,
              head,
              batch.memory(),
              payloadAt,
              payload,
              writer.heads(),
              roomAt,
              writer.pieces());
      if (length == 0) {
        drops.add(DropReason.NO_SESSION, 1);
        peer.dropped(Direction.OUTBOUND, DropReason.NO_SESSION, 1);
        continue;
      }
      int message = writer.add(peer, endpoint, length, single);
      if (tapped) {
        writer.remember(message, writer.heads(), at, head + payload);
      }
    }
  }

  private void drop(DropReason reason, @Nullable Peer peer, int offset) {
    drops.add(reason, 1);
    if (peer != null) {
      peer.dropped(Direction.OUTBOUND, reason, 1);
    }
    if (tapped) {
      int wire = header.totalBytes() + overheadBytes;
      tap.saw(Direction.OUTBOUND, header, batch.memory(), offset, wire, peer, reason, now);
    }
  }

  /** Hands an ICMP error to the kernel; one that it refuses is not worth a counter. */
  private void writeToTun(int length) {
    if (length == 0) {
      return;
    }
    int before = offloadBytes;
    icmpPiece.clear();
    icmpPiece.add(icmp.memory().address() + IcmpErrors.OFFSET - before, (long) before + length);
    var _ = tun.write(icmpPiece, 0, 1);
  }
}
