package net.culvert.node.dataplane;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.culvert.node.packet.TestPackets;

/**
 * What a kernel does with a packet behind a {@code virtio_net_hdr}, byte by byte and apart from the
 * code under test.
 */
final class SlowSegmentation {

  private SlowSegmentation() {}

  /** The packets that a packet with its offload header stands for. */
  static List<byte[]> packets(byte[] withHeader) {
    ByteBuffer header = ByteBuffer.wrap(withHeader).order(ByteOrder.nativeOrder());
    int flags = header.get(0);
    int type = header.get(1) & 0x7f;
    int gsoSize = header.getShort(4) & 0xffff;
    int csumStart = header.getShort(6) & 0xffff;
    int csumOffset = header.getShort(8) & 0xffff;
    byte[] packet = Arrays.copyOfRange(withHeader, 10, withHeader.length);
    if (type == 0) {
      if ((flags & 1) != 0) {
        int sum = TestPackets.checksum(packet, csumStart, packet.length - csumStart, 0);
        boolean udp = csumOffset == 6;
        ByteBuffer.wrap(packet)
            .putShort(csumStart + csumOffset, (short) (sum == 0 && udp ? 0xffff : sum));
      }
      return List.of(packet);
    }
    boolean ipv4 = (packet[0] & 0xf0) == 0x40;
    boolean tcp = type != 5;
    int head = csumStart + (tcp ? ((packet[csumStart + 12] & 0xf0) >> 4) * 4 : 8);
    List<byte[]> all = new ArrayList<>();
    int payload = packet.length - head;
    int count = (payload + gsoSize - 1) / gsoSize;
    for (int i = 0; i < count; i++) {
      int from = head + i * gsoSize;
      int bytes = Math.min(gsoSize, packet.length - from);
      byte[] segment = new byte[head + bytes];
      System.arraycopy(packet, 0, segment, 0, head);
      System.arraycopy(packet, from, segment, head, bytes);
      ByteBuffer out = ByteBuffer.wrap(segment);
      if (ipv4) {
        out.putShort(2, (short) segment.length);
        out.putShort(4, (short) (out.getShort(4) + i));
        out.putShort(10, (short) 0);
        out.putShort(10, (short) TestPackets.checksum(segment, 0, (segment[0] & 0xf) * 4, 0));
      } else {
        out.putShort(4, (short) (segment.length - 40));
      }
      if (tcp) {
        out.putInt(csumStart + 4, out.getInt(csumStart + 4) + i * gsoSize);
        int tcpFlags = segment[csumStart + 13];
        if (i > 0) {
          tcpFlags &= ~0x80;
        }
        if (i < count - 1) {
          tcpFlags &= ~0x09;
        }
        segment[csumStart + 13] = (byte) tcpFlags;
      } else {
        out.putShort(csumStart + 4, (short) (segment.length - csumStart));
      }
      finishUpper(segment, csumStart, tcp);
      all.add(segment);
    }
    return all;
  }

  /** Writes the checksum of TCP or UDP for the addresses in the IP header. */
  static void finishUpper(byte[] packet, int upper, boolean tcp) {
    int field = upper + (tcp ? 16 : 6);
    ByteBuffer out = ByteBuffer.wrap(packet);
    out.putShort(field, (short) 0);
    int sum =
        TestPackets.checksum(
            packet,
            upper,
            packet.length - upper,
            pseudo(packet, tcp ? 6 : 17, packet.length - upper));
    out.putShort(field, (short) (sum == 0 && !tcp ? 0xffff : sum));
  }

  /** The sum of the pseudo-header's words, not folded. */
  static int pseudo(byte[] packet, int protocol, int length) {
    boolean ipv4 = (packet[0] & 0xf0) == 0x40;
    int from = ipv4 ? 12 : 8;
    int to = ipv4 ? 20 : 40;
    int sum = protocol + (length >>> 16) + (length & 0xffff);
    for (int i = from; i < to; i += 2) {
      sum += (packet[i] & 0xff) << 8 | packet[i + 1] & 0xff;
    }
    return sum;
  }
}
