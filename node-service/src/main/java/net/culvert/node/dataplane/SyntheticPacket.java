package net.culvert.node.dataplane;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import net.culvert.node.packet.Bytes;
import net.culvert.node.packet.Checksum;
import net.culvert.node.packet.IpProtocol;
import net.culvert.node.packet.OffloadHeader;

/**
 * Writes packets as the kernel hands them to the reader of a TUN device with offloads: the offload
 * header, then IP, then TCP or UDP whose checksum is left open.
 */
final class SyntheticPacket {

  private static final int TTL = 64;
  private static final int PORT = 9;
  private static final int ACK = 0x10;

  private final MemorySegment memory;
  private int sequence;

  /**
   * A writer of packets at the start of that memory, which is zero and at least 64 KiB for the
   * largest.
   */
  SyntheticPacket(MemorySegment memory) {
    this.memory = memory;
  }

  /**
   * Writes one packet.
   *
   * @param protocol TCP or UDP
   * @param source 4 or 16 bytes
   * @param destination as many
   * @param payloadBytes what follows the TCP or UDP header, whatever stands there
   * @param segmentBytes of payload in each packet that it stands for; 0 for a packet of its own
   * @return its length with the offload header, in bytes
   */
  int write(int protocol, byte[] source, byte[] destination, int payloadBytes, int segmentBytes) {
    int ip = OffloadHeader.BYTES;
    int ipBytes = source.length == 4 ? 20 : 40;
    int upper = ip + ipBytes;
    boolean tcp = protocol == IpProtocol.TCP;
    int upperBytes = tcp ? 20 : 8;
    int upperTotal = upperBytes + payloadBytes;
    int addresses = source.length == 4 ? ip + 12 : ip + 8;
    if (source.length == 4) {
      writeIpv4(ip, ipBytes + upperTotal, protocol);
    } else {
      writeIpv6(ip, upperTotal, protocol);
    }
    MemorySegment.copy(source, 0, memory, ValueLayout.JAVA_BYTE, addresses, source.length);
    MemorySegment.copy(
        destination,
        0,
        memory,
        ValueLayout.JAVA_BYTE,
        (long) addresses + source.length,
        source.length);
    if (source.length == 4) {
      Bytes.putU16(memory, ip + 10, Checksum.finish(Checksum.add(memory, ip, ipBytes, 0)));
    }
    Bytes.putU16(memory, upper, PORT);
    Bytes.putU16(memory, upper + 2, PORT);
    int checksum = tcp ? OffloadHeader.TCP_CSUM_OFFSET : OffloadHeader.UDP_CSUM_OFFSET;
    if (tcp) {
      Bytes.putI32(memory, upper + 4, sequence);
      Bytes.putI32(memory, upper + 8, 1);
      Bytes.putU8(memory, upper + 12, 5 << 4);
      Bytes.putU8(memory, upper + 13, ACK);
      Bytes.putU16(memory, upper + 14, 0xffff);
      sequence += payloadBytes;
    } else {
      Bytes.putU16(memory, upper + 4, upperTotal);
    }
    long sum = Checksum.pseudoHeader(memory, addresses, source.length, protocol, upperTotal);
    Bytes.putU16(memory, upper + checksum, Checksum.fold(sum));
    OffloadHeader.write(
        memory,
        0,
        gsoType(tcp, source.length, segmentBytes),
        segmentBytes == 0 ? 0 : ipBytes + upperBytes,
        segmentBytes,
        ipBytes,
        checksum);
    return upper + upperTotal;
  }

  private void writeIpv4(int ip, int totalBytes, int protocol) {
    Bytes.putU16(memory, ip, 0x4500);
    Bytes.putU16(memory, ip + 2, totalBytes);
    Bytes.putI32(memory, ip + 4, 0x4000); // No identification; do not fragment.
    Bytes.putU8(memory, ip + 8, TTL);
    Bytes.putU8(memory, ip + 9, protocol);
    Bytes.putU16(memory, ip + 10, 0);
  }

  private void writeIpv6(int ip, int payloadBytes, int protocol) {
    Bytes.putI32(memory, ip, 0x6000_0000);
    Bytes.putU16(memory, ip + 4, payloadBytes);
    Bytes.putU8(memory, ip + 6, protocol);
    Bytes.putU8(memory, ip + 7, TTL);
  }

  private static int gsoType(boolean tcp, int addressBytes, int segmentBytes) {
    if (segmentBytes == 0) {
      return OffloadHeader.GSO_NONE;
    }
    if (!tcp) {
      return OffloadHeader.GSO_UDP_L4;
    }
    return addressBytes == 4 ? OffloadHeader.GSO_TCPV4 : OffloadHeader.GSO_TCPV6;
  }
}
