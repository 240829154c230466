package net.culvert.node.dataplane;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import net.culvert.node.kernel.abi.Errno;
import net.culvert.node.kernel.sys.SystemCallException;
import net.culvert.node.kernel.tun.TunQueue;
import net.culvert.node.packet.GatherList;
import net.culvert.node.packet.IpHeader;
import net.culvert.node.packet.OffloadHeader;
import org.jspecify.annotations.Nullable;

/**
 * What one inbound agent has to hand to its device: joins packets to super-packets where the device
 * takes them, writes them in order, and counts. The order is that of sending where sessions tell
 * it, within a batch, and else that of coming. A super-packet that the kernel refuses is written
 * again as the packets it was made of. For the agent's thread; allocates nothing.
 */
final class TunWriter {

  private final TunQueue tun;
  private final int queueIndex;
  private final DropCounters drops;
  private final PacketTap tap;
  private final OffloadSwitch joinTcp;
  private final OffloadSwitch joinUdp;
  private final boolean hasOffloadHeader;
  private final Coalescer coalescer;
  private final GatherList pieces;
  private final MemorySegment noOffload;
  private final @Nullable Peer[] peers = new Peer[Coalescer.MAX_PACKETS];
  private final int[] bytes = new int[Coalescer.MAX_PACKETS];
  private final int[] wireLengths = new int[Coalescer.MAX_PACKETS];

  // Of each packet with a counter, in the order they came.
  private final SendingOrder order = new SendingOrder(Coalescer.MAX_PACKETS);
  private final @Nullable Peer[] cameFrom = new Peer[Coalescer.MAX_PACKETS];
  private final int[] cameAt = new int[Coalescer.MAX_PACKETS];
  private final int[] cameBytes = new int[Coalescer.MAX_PACKETS];
  private final int[] cameIn = new int[Coalescer.MAX_PACKETS];
  private final IpHeader header = new IpHeader();
  private MemorySegment memory = MemorySegment.NULL;
  private int packets;
  private int itemsBefore;
  private boolean tapped;
  private long now;

  TunWriter(
      TunQueue tun,
      int queueIndex,
      DropCounters drops,
      PacketTap tap,
      Offloads offloads,
      Arena arena) {
    this.tun = tun;
    this.queueIndex = queueIndex;
    this.drops = drops;
    this.tap = tap;
    this.joinTcp = offloads.get(Offload.TUN_TCP_WRITE);
    this.joinUdp = offloads.get(Offload.TUN_UDP_WRITE);
    this.hasOffloadHeader = tun.offloadHeaderBytes() != 0;
    this.coalescer = new Coalescer(arena);
    this.pieces = new GatherList(arena, 1024);
    this.noOffload = arena.allocate(16);
  }

  /** A batch of packets begins, all in that memory. */
  void begin(MemorySegment batch, boolean isTapped, long nowNanos) {
    memory = batch;
    tapped = isTapped;
    now = nowNanos;
    coalescer.allow(joinTcp.isOn(nowNanos), joinUdp.isOn(nowNanos));
    clear();
  }

  private void clear() {
    order.clear();
    clearJoined();
  }

  private void clearJoined() {
    coalescer.clear(memory);
    packets = 0;
    itemsBefore = 0;
  }

  /**
   * Adds a packet whose header was read and whose sender is known.
   *
   * @param wireLength of the datagram it came in
   */
  void add(Peer peer, IpHeader packet, int offset, int wireLength) {
    if (coalescer.isFull()) {
      flush();
      clear();
    }
    join(peer, packet, offset, wireLength);
  }

  /**
   * The same for a packet that came in a session, which may have come later than it was sent. From
   * the first such on packets are joined when all of the batch are there.
   *
   * @param session see {@link SendingOrder#add}
   * @param counter of the packet in that session, unsigned
   */
  void add(Peer peer, IpHeader packet, int offset, int wireLength, int session, long counter) {
    if (order.isFull()) {
      flush();
      clear();
    }
    int at = order.size();
    cameFrom[at] = peer;
    cameAt[at] = offset;
    cameBytes[at] = packet.totalBytes();
    cameIn[at] = wireLength;
    if (order.add(session, counter)) {
      join(peer, packet, offset, wireLength);
    }
  }

  /** Begins anew with what came, as it was sent. */
  private void joinInOrder() {
    clearJoined();
    order.sort();
    for (int place = 0; place < order.size(); place++) {
      int at = order.packet(place);
      Peer peer = cameFrom[at];
      if (peer != null && header.parse(memory, cameAt[at], cameBytes[at])) {
        join(peer, header, cameAt[at], cameIn[at]);
      }
    }
  }

  private void join(Peer peer, IpHeader packet, int offset, int wireLength) {
    int item = coalescer.add(packet, offset);
    if (item == itemsBefore) {
      itemsBefore++;
      peers[item] = peer;
      bytes[item] = 0;
    }
    bytes[item] += packet.totalBytes();
    wireLengths[packets++] = wireLength;
  }

  /** Writes everything. */
  void flush() {
    if (order.isBroken()) {
      joinInOrder();
    }
    int count = coalescer.items();
    for (int item = 0; item < count; item++) {
      write(item);
    }
  }

  private void write(int item) {
    pieces.clear();
    coalescer.gather(item, pieces);
    int first = hasOffloadHeader ? 0 : 1;
    int written = tun.write(pieces, first, pieces.size() - first);
    Peer peer = peers[item];
    int count = coalescer.count(item);
    if (written >= 0) {
      if (peer != null) {
        peer.inbound(queueIndex).add(count, bytes[item], now);
      }
      if (tapped) {
        coalescer.restore(item);
        tellWatchers(item, peer, null);
      }
    } else if (count > 1 && written == -Errno.EINVAL) {
      fallBack(item, peer);
    } else {
      DropReason reason = DropReason.ofTunWrite(-written);
      countDropped(peer, count, reason);
      if (tapped) {
        coalescer.restore(item);
        tellWatchers(item, peer, reason);
      }
    }
  }

  /**
   * Some kernels take the offload header and refuse super-packets: do without, and lose nothing.
   */
  private void fallBack(int item, @Nullable Peer peer) {
    OffloadSwitch failed = coalescer.isUdp(item) ? joinUdp : joinTcp;
    failed.failed(
        "the kernel refused a super-packet: " + SystemCallException.describe(Errno.EINVAL), now);
    coalescer.restore(item);
    for (int p = coalescer.first(item); p >= 0; p = coalescer.follower(p)) {
      pieces.clear();
      pieces.add(noOffload.address(), OffloadHeader.BYTES);
      pieces.add(memory.address() + coalescer.offset(p), coalescer.length(p));
      int written = tun.write(pieces, 0, 2);
      DropReason reason = written >= 0 ? null : DropReason.ofTunWrite(-written);
      if (reason != null) {
        countDropped(peer, 1, reason);
      } else if (peer != null) {
        peer.inbound(queueIndex).add(1, coalescer.length(p), now);
      }
      if (tapped) {
        tellWatchersOf(p, peer, reason);
      }
    }
  }

  private void countDropped(@Nullable Peer peer, int count, DropReason reason) {
    drops.add(reason, count);
    if (peer != null) {
      peer.dropped(Direction.INBOUND, reason, count);
    }
  }

  private void tellWatchers(int item, @Nullable Peer peer, @Nullable DropReason reason) {
    for (int p = coalescer.first(item); p >= 0; p = coalescer.follower(p)) {
      tellWatchersOf(p, peer, reason);
    }
  }

  private void tellWatchersOf(int packet, @Nullable Peer peer, @Nullable DropReason reason) {
    int offset = coalescer.offset(packet);
    if (header.parse(memory, offset, coalescer.length(packet))) {
      tap.saw(Direction.INBOUND, header, memory, offset, wireLengths[packet], peer, reason, now);
    }
  }
}
