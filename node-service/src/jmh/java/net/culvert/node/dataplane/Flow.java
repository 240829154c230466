package net.culvert.node.dataplane;

import java.lang.foreign.MemorySegment;
import net.culvert.node.packet.Bytes;
import net.culvert.node.packet.Checksum;
import net.culvert.node.packet.IpProtocol;
import net.culvert.node.packet.OffloadHeader;

/** Makes the packets of one flow: IPv4 with TCP or UDP, addresses of the article. */
final class Flow {

  static final int IP_BYTES = 20;

  private final boolean tcp;

  Flow(boolean tcp) {
    this.tcp = tcp;
  }

  int headBytes() {
    return IP_BYTES + (tcp ? 20 : 8);
  }

  /**
   * Writes one packet with right checksums.
   *
   * @param number the packet's number in its flow, of which each carries {@code payload} bytes
   */
  void write(MemorySegment memory, int at, int number, int payload) {
    int total = headBytes() + payload;
    int upper = at + IP_BYTES;
    memory.asSlice(at, total).fill((byte) 0);
    Bytes.putU16(memory, at, 0x4500);
    Bytes.putU16(memory, at + 2, total);
    Bytes.putU16(memory, at + 4, number);
    Bytes.putU16(memory, at + 6, 0x4000);
    Bytes.putU16(memory, at + 8, 64 << 8 | (tcp ? IpProtocol.TCP : IpProtocol.UDP));
    Bytes.putI32(memory, at + 12, 0x0a010102);
    Bytes.putI32(memory, at + 16, 0x0a010202);
    Bytes.putU16(memory, at + 10, Checksum.finish(Checksum.add(memory, at, IP_BYTES, 0)));
    Bytes.putU16(memory, upper, 40_000);
    Bytes.putU16(memory, upper + 2, 5201);
    if (tcp) {
      Bytes.putI32(memory, upper + 4, number * payload);
      Bytes.putU16(memory, upper + 12, 5 << 12 | 0x10);
    } else {
      Bytes.putU16(memory, upper + 4, 8 + payload);
    }
    long sum = pseudoHeader(memory, at, total - IP_BYTES);
    int finished = Checksum.finish(Checksum.add(memory, upper, total - (long) IP_BYTES, sum));
    Bytes.putU16(memory, upper + checksumOffset(), finished == 0 ? 0xffff : finished);
  }

  /** Writes a super-packet of several such packets, its offload header before it. */
  void writeSuperPacket(MemorySegment memory, int at, int packets, int payload) {
    write(memory, at, 0, packets * payload);
    int type = tcp ? OffloadHeader.GSO_TCPV4 : OffloadHeader.GSO_UDP_L4;
    OffloadHeader.write(
        memory, at - 16, type, headBytes(), payload, IP_BYTES, checksumOffset());
    int upperBytes = headBytes() - IP_BYTES + packets * payload;
    int open = Checksum.fold(pseudoHeader(memory, at, upperBytes));
    Bytes.putU16(memory, at + IP_BYTES + checksumOffset(), open);
  }

  private int checksumOffset() {
    return tcp ? OffloadHeader.TCP_CSUM_OFFSET : OffloadHeader.UDP_CSUM_OFFSET;
  }

  private long pseudoHeader(MemorySegment memory, int at, int upperBytes) {
    int protocol = tcp ? IpProtocol.TCP : IpProtocol.UDP;
    return Checksum.pseudoHeader(memory, at + 12L, 4, protocol, upperBytes);
  }
}
