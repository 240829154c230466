package net.culvert.node.dataplane;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import net.culvert.node.packet.Bytes;
import net.culvert.node.packet.Checksum;
import net.culvert.node.packet.GatherList;
import net.culvert.node.packet.IpHeader;
import net.culvert.node.packet.IpProtocol;
import net.culvert.node.packet.OffloadHeader;

/**
 * Joins packets of one flow that follow each other into super-packets that a device with offloads
 * takes as one, the reverse of {@link Segmenter}: segmenting what it made gives back exactly the
 * packets it was given, in their order.
 *
 * <p>A packet may join its flow's last super-packet only: packets of a flow are never reordered.
 * Only whole, plain TCP and UDP packets join (no fragments, options of IPv4, extension headers; TCP
 * with ACK or ACK and PSH alone), and only if their checksum is right: a damaged packet must not
 * get a good one. Payloads stay where they are; the first packet's header is changed in place when
 * its super-packet is gathered, and put back by {@link #restore}.
 *
 * <p>Pure; for one thread; allocates nothing.
 */
final class Coalescer {

  /** Packets that one batch takes. */
  static final int MAX_PACKETS = 1024;

  /** Packets of one super-packet: its pieces and the offload header must fit {@code IOV_MAX}. */
  private static final int MAX_JOINED = 512;

  /**
   * Datagrams of one super-packet of UDP: {@code UDP_MAX_SEGMENTS} of udp.h, which was 64 before it
   * became 128 with Linux 6.9. More the kernel refuses with EINVAL.
   */
  static final int MAX_JOINED_UDP = 64;

  private static final int MAX_TOTAL_BYTES = 65_535;
  private static final int SLOTS = 2048;
  private static final int NONE = -1;
  private static final int ACK = 0x10;
  private static final int PSH = 0x08;
  private static final int DF = 0x4000;

  private final MemorySegment offloadHeaders;
  private MemorySegment memory = MemorySegment.NULL;
  private boolean joinsTcp;
  private boolean joinsUdp;

  // Of each packet, in the order they came.
  private final int[] offsets = new int[MAX_PACKETS];
  private final int[] lengths = new int[MAX_PACKETS];
  private final int[] followers = new int[MAX_PACKETS];
  private int packets;

  // Of each item, a packet or a super-packet, in the order of their first packets.
  private final int[] firsts = new int[MAX_PACKETS];
  private final int[] lasts = new int[MAX_PACKETS];
  private final int[] counts = new int[MAX_PACKETS];
  private final int[] totals = new int[MAX_PACKETS];
  private final int[] heads = new int[MAX_PACKETS];
  private final int[] segments = new int[MAX_PACKETS];
  private final int[] hashes = new int[MAX_PACKETS];
  private final boolean[] open = new boolean[MAX_PACKETS];
  private final boolean[] sameIds = new boolean[MAX_PACKETS];
  private final boolean[] pushed = new boolean[MAX_PACKETS];
  private final long[] kept = new long[MAX_PACKETS];
  private int items;

  /** From a flow's hash to its last item. */
  private final int[] slots = new int[SLOTS];

  private boolean flowsKnown;

  // The packet that is being added.
  private int upperOffset;
  private int headBytes;
  private boolean tcp;

  Coalescer(Arena arena) {
    offloadHeaders = arena.allocate((long) MAX_PACKETS * 16, 64);
    Arrays.fill(slots, NONE);
  }

  /** What may be joined from now on. */
  void allow(boolean tcpPackets, boolean udpPackets) {
    joinsTcp = tcpPackets;
    joinsUdp = udpPackets;
  }

  /** Forgets everything; packets of the next batch are in that memory. */
  void clear(MemorySegment batch) {
    memory = batch;
    forgetFlows();
    packets = 0;
    items = 0;
  }

  boolean isFull() {
    return packets == MAX_PACKETS;
  }

  int items() {
    return items;
  }

  /**
   * Adds the next packet.
   *
   * @param header its IP header, already read, its checksum verified
   * @return the item that it is, or has become part of
   */
  int add(IpHeader header, int offset) {
    int packet = packets++;
    int total = header.totalBytes();
    offsets[packet] = offset;
    lengths[packet] = total;
    followers[packet] = NONE;
    if (!FlowKey.isReadable(header)) {
      // Nobody knows which flow it is of: what comes later must not overtake it.
      forgetFlows();
      return newItem(packet, 0, false);
    }
    upperOffset = header.headerBytes();
    tcp = header.upperProtocol() == IpProtocol.TCP;
    boolean joinable = isJoinable(header, offset, total);
    int hash = FlowKey.hash(memory, offset);
    int item = find(hash, offset);
    if (item != NONE && joinable && open[item] && continues(item, offset, total)) {
      append(item, packet, total);
      return item;
    }
    int made = newItem(packet, joinable ? headBytes : 0, joinable);
    pushed[made] = joinable && tcp && (flags(offset) & PSH) != 0;
    open[made] = joinable && !pushed[made];
    put(hash, item, made);
    return made;
  }

  private boolean isJoinable(IpHeader header, int offset, int total) {
    int upper = offset + upperOffset;
    if (tcp) {
      if (!joinsTcp || total < upperOffset + 20) {
        return false;
      }
      int word = Bytes.u16(memory, upper + 12);
      int upperBytes = (word >>> 12) * 4;
      headBytes = upperOffset + upperBytes;
      int flags = word & 0xfff;
      if (upperBytes < 20 || headBytes >= total || (flags != ACK && flags != (ACK | PSH))) {
        return false;
      }
    } else {
      headBytes = upperOffset + 8;
      if (!joinsUdp
          || headBytes >= total
          || Bytes.u16(memory, upper + 4) != total - upperOffset
          || Bytes.u16(memory, upper + 6) == 0) {
        return false;
      }
    }
    boolean ipv4 = header.version() == 4;
    long pseudo =
        ipv4
            ? Checksum.pseudoHeader(
                memory, offset + 12L, 4, header.upperProtocol(), total - upperOffset)
            : Checksum.pseudoHeader(
                memory, offset + 8L, 16, header.upperProtocol(), total - upperOffset);
    return Checksum.finish(Checksum.add(memory, upper, total - (long) upperOffset, pseudo)) == 0;
  }

  private int flags(int offset) {
    return Bytes.u8(memory, offset + upperOffset + 13);
  }

  /** Whether the packet is what segmenting the item, grown by it, would give as its last part. */
  private boolean continues(int item, int offset, int total) {
    int first = offsets[firsts[item]];
    int head = heads[item];
    int payload = total - head;
    if (headBytes != head
        || payload > segments[item]
        || totals[item] + payload > MAX_TOTAL_BYTES
        || counts[item] >= (tcp ? MAX_JOINED : MAX_JOINED_UDP)) {
      return false;
    }
    int already = totals[item] - head;
    if (upperOffset == IpHeader.IPV4_MIN_BYTES) {
      if (!sameIpv4(item, first, offset)) {
        return false;
      }
    } else if (Bytes.i32(memory, first) != Bytes.i32(memory, offset)
        || Bytes.u8(memory, first + 7) != Bytes.u8(memory, offset + 7)) {
      return false;
    }
    return !tcp || sameTcp(first + upperOffset, offset + upperOffset, head - upperOffset, already);
  }

  /**
   * TOS, flags and TTL agree, and the identification is the next; with DF, where it means nothing
   * (RFC 6864), it may also be the same in all.
   */
  private boolean sameIpv4(int item, int first, int offset) {
    int flags = Bytes.u16(memory, first + 6);
    int step = Bytes.u16(memory, offset + 4) - Bytes.u16(memory, first + 4) & 0xffff;
    boolean sequential = step == counts[item] && (counts[item] == 1 || !sameIds[item]);
    boolean same = step == 0 && flags == DF && (counts[item] == 1 || sameIds[item]);
    return (sequential || same)
        && Bytes.u16(memory, first) == Bytes.u16(memory, offset)
        && flags == Bytes.u16(memory, offset + 6)
        && Bytes.u8(memory, first + 8) == Bytes.u8(memory, offset + 8);
  }

  /** The sequence number is the next; acknowledgement, window, urgent pointer, options agree. */
  private boolean sameTcp(int first, int upper, int upperBytes, int already) {
    if (Bytes.i32(memory, first + 4) + already != Bytes.i32(memory, upper + 4)
        || Bytes.i32(memory, first + 8) != Bytes.i32(memory, upper + 8)
        || Bytes.u16(memory, first + 14) != Bytes.u16(memory, upper + 14)
        || Bytes.u16(memory, first + 18) != Bytes.u16(memory, upper + 18)) {
      return false;
    }
    for (int i = 20; i < upperBytes; i += 4) {
      if (Bytes.i32(memory, first + i) != Bytes.i32(memory, upper + i)) {
        return false;
      }
    }
    return true;
  }

  private void append(int item, int packet, int total) {
    int payload = total - heads[item];
    if (counts[item] == 1 && upperOffset == IpHeader.IPV4_MIN_BYTES) {
      sameIds[item] =
          Bytes.u16(memory, offsets[packet] + 4) == Bytes.u16(memory, offsets[firsts[item]] + 4);
    }
    followers[lasts[item]] = packet;
    lasts[item] = packet;
    counts[item]++;
    totals[item] += payload;
    boolean push = tcp && (flags(offsets[packet]) & PSH) != 0;
    pushed[item] = push;
    open[item] = !push && payload == segments[item];
  }

  private int newItem(int packet, int head, boolean joinable) {
    int item = items++;
    firsts[item] = packet;
    lasts[item] = packet;
    counts[item] = 1;
    totals[item] = lengths[packet];
    heads[item] = head;
    segments[item] = joinable ? lengths[packet] - head : 0;
    open[item] = false;
    pushed[item] = false;
    return item;
  }

  /** The last item of the flow of the packet at that offset, or {@link #NONE}. */
  private int find(int hash, int offset) {
    for (int slot = hash & SLOTS - 1; slots[slot] != NONE; slot = slot + 1 & SLOTS - 1) {
      int item = slots[slot];
      if (hashes[item] == hash && FlowKey.same(memory, offsets[firsts[item]], offset)) {
        return item;
      }
    }
    return NONE;
  }

  /** Makes an item its flow's last, in place of the one that was. */
  private void put(int hash, int before, int item) {
    hashes[item] = hash;
    int slot = hash & SLOTS - 1;
    while (slots[slot] != NONE && slots[slot] != before) {
      slot = slot + 1 & SLOTS - 1;
    }
    slots[slot] = item;
    flowsKnown = true;
  }

  private void forgetFlows() {
    if (flowsKnown) {
      Arrays.fill(slots, NONE);
      flowsKnown = false;
    }
  }

  /** How many packets an item is. */
  int count(int item) {
    return counts[item];
  }

  /** Whether an item is of UDP, for an item of several packets. */
  boolean isUdp(int item) {
    int first = offsets[firsts[item]];
    int at = Bytes.u8(memory, first) >>> 4 == 4 ? 9 : 6;
    return Bytes.u8(memory, first + at) == IpProtocol.UDP;
  }

  /**
   * Appends the item's pieces, the offload header first, to a list. An item of several packets has
   * its first header changed until {@link #restore}.
   */
  void gather(int item, GatherList into) {
    long header = (long) item * 16;
    int first = offsets[firsts[item]];
    if (counts[item] == 1) {
      OffloadHeader.writeNone(offloadHeaders, header);
    } else {
      writeSuperPacket(item, first, header);
    }
    into.add(offloadHeaders.address() + header, OffloadHeader.BYTES);
    into.add(memory.address() + first, lengths[firsts[item]]);
    int head = heads[item];
    for (int p = followers[firsts[item]]; p != NONE; p = followers[p]) {
      into.add(memory.address() + offsets[p] + head, lengths[p] - (long) head);
    }
  }

  private void writeSuperPacket(int item, int first, long header) {
    boolean ipv4 = Bytes.u8(memory, first) >>> 4 == 4;
    boolean udp = isUdp(item);
    int ip = ipv4 ? IpHeader.IPV4_MIN_BYTES : IpHeader.IPV6_BYTES;
    int upper = first + ip;
    int total = totals[item];
    int csum = udp ? OffloadHeader.UDP_CSUM_OFFSET : OffloadHeader.TCP_CSUM_OFFSET;
    int type =
        udp ? OffloadHeader.GSO_UDP_L4 : ipv4 ? OffloadHeader.GSO_TCPV4 : OffloadHeader.GSO_TCPV6;
    OffloadHeader.write(offloadHeaders, header, type, heads[item], segments[item], ip, csum);
    // The four fields that change, to be put back: total length and IP checksum, the upper
    // checksum, and the UDP length or the TCP flags.
    long totalField = Bytes.u16(memory, first + (ipv4 ? 2 : 4));
    long ipChecksum = ipv4 ? Bytes.u16(memory, first + 10) : 0;
    long upperChecksum = Bytes.u16(memory, upper + csum);
    long own = Bytes.u16(memory, upper + (udp ? 4 : 12));
    kept[item] = totalField << 48 | ipChecksum << 32 | upperChecksum << 16 | own;
    int protocol = udp ? IpProtocol.UDP : IpProtocol.TCP;
    if (ipv4) {
      Bytes.putU16(memory, first + 2, total);
      Bytes.putU16(memory, first + 10, 0);
      Bytes.putU16(memory, first + 10, Checksum.finish(Checksum.add(memory, first, ip, 0)));
    } else {
      Bytes.putU16(memory, first + 4, total - ip);
    }
    if (udp) {
      Bytes.putU16(memory, upper + 4, total - ip);
    } else if (pushed[item]) {
      Bytes.putU16(memory, upper + 12, (int) own | PSH);
    }
    long pseudo =
        ipv4
            ? Checksum.pseudoHeader(memory, first + 12L, 4, protocol, total - ip)
            : Checksum.pseudoHeader(memory, first + 8L, 16, protocol, total - ip);
    Bytes.putU16(memory, upper + csum, Checksum.fold(pseudo));
  }

  /** Puts back the header that {@link #gather} changed in an item of several packets. */
  void restore(int item) {
    if (counts[item] == 1) {
      return;
    }
    int first = offsets[firsts[item]];
    boolean ipv4 = Bytes.u8(memory, first) >>> 4 == 4;
    boolean udp = isUdp(item);
    int upper = first + (ipv4 ? IpHeader.IPV4_MIN_BYTES : IpHeader.IPV6_BYTES);
    long fields = kept[item];
    Bytes.putU16(memory, first + (ipv4 ? 2 : 4), (int) (fields >>> 48));
    if (ipv4) {
      Bytes.putU16(memory, first + 10, (int) (fields >>> 32) & 0xffff);
    }
    Bytes.putU16(
        memory,
        upper + (udp ? OffloadHeader.UDP_CSUM_OFFSET : OffloadHeader.TCP_CSUM_OFFSET),
        (int) (fields >>> 16) & 0xffff);
    Bytes.putU16(memory, upper + (udp ? 4 : 12), (int) fields & 0xffff);
  }

  /** The item's first packet; go on with {@link #follower}. */
  int first(int item) {
    return firsts[item];
  }

  /** The packet that follows in the same item, or −1. */
  int follower(int packet) {
    return followers[packet];
  }

  /** Where a packet is in the batch's memory. */
  int offset(int packet) {
    return offsets[packet];
  }

  /** A packet's length in bytes. */
  int length(int packet) {
    return lengths[packet];
  }
}
