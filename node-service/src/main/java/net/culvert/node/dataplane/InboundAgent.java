package net.culvert.node.dataplane;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.Supplier;
import net.culvert.api.value.Family;
import net.culvert.node.kernel.sys.SystemCallException;
import net.culvert.node.kernel.tun.TunQueue;
import net.culvert.node.kernel.udp.DatagramBatchSocket;
import net.culvert.node.kernel.udp.ReceiveBatch;
import net.culvert.node.packet.Checksum;
import net.culvert.node.packet.IpHeader;
import net.culvert.node.transport.Opener;
import net.culvert.node.transport.Transport;
import net.culvert.node.transport.TransportPeer;
import org.jspecify.annotations.Nullable;

/**
 * UDP → TUN. A packet's journey:
 *
 * <ol>
 *   <li>a batch of datagrams is received; one that was cut is TRUNCATED;
 *   <li>the transport opens each in place, else MALFORMED, or NO_SESSION, NOT_AUTHENTIC, REPLAYED
 *       or OTHER_SUITE where it has sessions; what is no packet goes to the conductor;
 *   <li>a transport with sessions names the peer, and that peer is where the datagram came from;
 *   <li>the inner header is read, its lengths and its checksum looked at, else MALFORMED or
 *       BAD_CHECKSUM; what stands behind its end is cut off;
 *   <li>the longest allowed prefix that holds the inner source names the peer, the same one where
 *       the transport has named one, else SOURCE_NOT_ALLOWED;
 *   <li>where it has not, the datagram came from that peer's endpoint, or the endpoint is learned
 *       from it, else ENDPOINT_NOT_ALLOWED;
 *   <li>where the transport has sessions, the packets of a batch are put into the order in which
 *       they were sealed;
 *   <li>packets of one flow that follow each other are joined to super-packets, and all are handed
 *       to the device in their order.
 * </ol>
 *
 * <p>One thread; nothing is allocated on the way but a newly learned endpoint.
 */
final class InboundAgent implements Agent {

  private static final int MESSAGES = 32;

  private final String name;
  private final TunWriter writer;
  private final DatagramBatchSocket[] sockets;
  private final Opener opener;
  private final Supplier<Peers> peersNow;
  private final DropCounters drops;
  private final PacketTap tap;
  private final boolean clampMss;
  private final @Nullable ControlMessages control;
  private final EndpointLearner endpoints = new EndpointLearner();

  private final ReceiveBatch batch;
  private final IpHeader header = new IpHeader();

  private Peers peers = Peers.NONE;
  private @Nullable Peer lastPeer;
  private @Nullable Peer lastSender;
  private int lastVersion;
  private long lastHigh;
  private long lastLow;

  /** The peer that the message at hand was found to come from. */
  private @Nullable Peer admitted;

  private boolean drained = true;
  private boolean tapped;
  private long now;

  InboundAgent(
      String name,
      int queueIndex,
      TunQueue tun,
      List<DatagramBatchSocket> sockets,
      Transport transport,
      Supplier<Peers> peers,
      DropCounters drops,
      PacketTap tap,
      Offloads offloads,
      boolean clampMss,
      @Nullable ControlMessages control,
      Arena arena) {
    this.clampMss = clampMss;
    this.control = control;
    this.name = name;
    this.writer = new TunWriter(tun, queueIndex, drops, tap, offloads, arena);
    this.sockets = sockets.toArray(DatagramBatchSocket[]::new);
    this.opener = transport.newOpener();
    this.peersNow = peers;
    this.drops = drops;
    this.tap = tap;
    this.batch = new ReceiveBatch(arena, MESSAGES);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int doWork(long nowNanos) {
    now = nowNanos;
    int work = 0;
    drained = true;
    int failed = -1;
    int errno = 0;
    for (int i = 0; i < sockets.length; i++) {
      int received = sockets[i].receive(batch);
      if (received > 0) {
        usePeers(peersNow.get());
        tapped = tap.isWatched();
        writer.begin(batch.memory(), tapped, now);
        for (int message = 0; message < received; message++) {
          openAll(i, message);
        }
        writer.flush();
        work += received;
        drained &= received < batch.capacity();
      } else if (received < 0) {
        failed = i;
        errno = -received;
      }
    }
    if (failed >= 0) {
      throw new SystemCallException("recvmmsg", errno, sockets[failed].toString());
    }
    return work;
  }

  @Override
  public boolean isDrained() {
    return drained;
  }

  private void usePeers(Peers current) {
    if (current != peers) {
      peers = current;
      lastPeer = null;
      lastSender = null;
    }
  }

  private void openAll(int socket, int message) {
    int start = batch.offset(message);
    int length = batch.length(message);
    if (batch.truncated(message)) {
      unreadable(DropReason.TRUNCATED, length);
      return;
    }
    int each = batch.datagramBytes(message);
    admitted = null;
    int at = 0;
    do {
      open(socket, message, start + at, Math.min(each, length - at));
      at += each;
    } while (at < length);
  }

  private void open(int socket, int message, int offset, int length) {
    MemorySegment memory = batch.memory();
    int skip = opener.open(memory, offset, length, now);
    if (skip < 0) {
      refuse(skip, socket, message, offset, length);
      return;
    }
    Peer sender = null;
    if (control != null) {
      sender = senderOf(opener.peer());
      if (sender == null) {
        unreadable(DropReason.NO_SESSION, length);
        return;
      }
      if (sender != admitted) {
        endpoints.follow(sender, batch, message, socket);
        admitted = sender;
      }
      if (opener.innerBytes() == 0) {
        return; // It says that the peer lives, and that was heard.
      }
    }
    if (!header.parse(memory, offset + skip, opener.innerBytes())) {
      unreadable(DropReason.MALFORMED, length);
      return;
    }
    int inner = offset + skip;
    if (header.version() == 4
        && Checksum.finish(Checksum.add(memory, inner, header.headerBytes(), 0)) != 0) {
      drop(DropReason.BAD_CHECKSUM, null, inner, length);
      return;
    }
    Peer peer = findPeer();
    if (peer == null || sender != null && peer != sender) {
      drop(DropReason.SOURCE_NOT_ALLOWED, null, inner, length);
      return;
    }
    if (peer != admitted) { // Never so where the sender is known.
      if (!endpoints.admits(peer, batch, message, socket)) {
        drop(DropReason.ENDPOINT_NOT_ALLOWED, peer, inner, length);
        return;
      }
      admitted = peer;
    }
    if (clampMss) {
      var _ = MssClamp.apply(memory, inner, header, peer.mtuBytes(), false);
    }
    if (control != null) {
      writer.add(peer, header, inner, length, opener.session(), opener.counter());
    } else {
      writer.add(peer, header, inner, length);
    }
  }

  /** What is no packet, or none that may pass. */
  private void refuse(int answer, int socket, int message, int offset, int length) {
    switch (answer) {
      case Opener.CONTROL -> {
        boolean taken =
            control != null
                && control.offer(batch.memory(), offset, length, batch, message, socket);
        if (!taken) {
          unreadable(DropReason.HANDSHAKES_LIMITED, length);
        }
      }
      case Opener.NOT_AUTHENTIC -> unreadable(DropReason.NOT_AUTHENTIC, length);
      case Opener.REPLAYED -> unreadable(DropReason.REPLAYED, length);
      case Opener.NO_SESSION -> unreadable(DropReason.NO_SESSION, length);
      case Opener.OTHER_SUITE -> unreadable(DropReason.OTHER_SUITE, length);
      default -> unreadable(DropReason.MALFORMED, length);
    }
  }

  private @Nullable Peer senderOf(@Nullable TransportPeer transportPeer) {
    if (transportPeer == null) {
      return null;
    }
    Peer last = lastSender;
    if (last == null || !transportPeer.equals(last.transportPeer())) {
      last = peers.of(transportPeer);
      lastSender = last;
    }
    return last;
  }

  private @Nullable Peer findPeer() {
    long high = header.sourceHigh();
    long low = header.sourceLow();
    Peer peer = lastPeer;
    if (peer == null || low != lastLow || high != lastHigh || header.version() != lastVersion) {
      peer = peers.byPrefix().find(header.version() == 4 ? Family.IPV4 : Family.IPV6, high, low);
      lastPeer = peer;
      lastVersion = header.version();
      lastHigh = high;
      lastLow = low;
    }
    return peer;
  }

  private void unreadable(DropReason reason, int length) {
    drops.add(reason, 1);
    if (tapped) {
      tap.sawUnreadable(Direction.INBOUND, length, length, reason, now);
    }
  }

  private void drop(DropReason reason, @Nullable Peer peer, int inner, int wireLength) {
    drops.add(reason, 1);
    if (peer != null) {
      peer.dropped(Direction.INBOUND, reason, 1);
    }
    if (tapped) {
      tap.saw(Direction.INBOUND, header, batch.memory(), inner, wireLength, peer, reason, now);
    }
  }
}
