package net.culvert.node.packet;

import java.nio.ByteBuffer;
import java.util.Arrays;
import net.culvert.api.value.Family;
import net.culvert.api.value.IpAddress;

/** Packets for tests, made and summed by the simplest means, apart from the code under test. */
public final class TestPackets {

  private TestPackets() {}

  /** An IP packet around a payload whose checksum, if any, is already right. */
  public static byte[] ip(String source, String destination, int protocol, byte[] payload) {
    return ip(source, destination, protocol, payload, true);
  }

  public static byte[] ip(
      String source, String destination, int protocol, byte[] payload, boolean dontFragment) {
    IpAddress from = IpAddress.parse(source);
    IpAddress to = IpAddress.parse(destination);
    ByteBuffer packet;
    if (from.family() == Family.IPV4) {
      packet = ByteBuffer.allocate(20 + payload.length);
      packet.put((byte) 0x45).put((byte) 0).putShort((short) (20 + payload.length));
      packet.putShort((short) 0x1234).putShort((short) (dontFragment ? 0x4000 : 0));
      packet.put((byte) 64).put((byte) protocol).putShort((short) 0);
      packet.put(from.toBytes()).put(to.toBytes());
      packet.putShort(10, (short) checksum(packet.array(), 0, 20, 0));
    } else {
      packet = ByteBuffer.allocate(40 + payload.length);
      packet.putInt(0x6000_0000).putShort((short) payload.length);
      packet.put((byte) protocol).put((byte) 64);
      packet.put(from.toBytes()).put(to.toBytes());
    }
    packet.put(payload);
    return packet.array();
  }

  /** An echo request or reply of either family. */
  public static byte[] echo(
      String source, String destination, boolean request, int identifier, int sequence, int data) {
    boolean ipv4 = source.indexOf(':') < 0;
    byte[] icmp = new byte[8 + data];
    icmp[0] = (byte) (ipv4 ? request ? 8 : 0 : request ? 128 : 129);
    ByteBuffer.wrap(icmp).putShort(4, (short) identifier).putShort(6, (short) sequence);
    for (int i = 0; i < data; i++) {
      icmp[8 + i] = (byte) i;
    }
    int protocol = ipv4 ? 1 : 58;
    int start = ipv4 ? 0 : pseudo(source, destination, protocol, icmp.length);
    ByteBuffer.wrap(icmp).putShort(2, (short) checksum(icmp, 0, icmp.length, start));
    return ip(source, destination, protocol, icmp);
  }

  public static byte[] udp(
      String source, int sourcePort, String destination, int destinationPort, byte[] payload) {
    return udp(source, sourcePort, destination, destinationPort, payload, true);
  }

  public static byte[] udp(
      String source,
      int sourcePort,
      String destination,
      int destinationPort,
      byte[] payload,
      boolean dontFragment) {
    ByteBuffer datagram = ByteBuffer.allocate(8 + payload.length);
    datagram.putShort((short) sourcePort).putShort((short) destinationPort);
    datagram.putShort((short) (8 + payload.length)).putShort((short) 0).put(payload);
    int sum =
        checksum(
            datagram.array(),
            0,
            8 + payload.length,
            pseudo(source, destination, 17, 8 + payload.length));
    datagram.putShort(6, (short) (sum == 0 ? 0xffff : sum));
    return ip(source, destination, 17, datagram.array(), dontFragment);
  }

  /** Sum of a pseudo-header's 16-bit words, not folded. */
  public static int pseudo(String source, String destination, int protocol, int length) {
    byte[] from = IpAddress.parse(source).toBytes();
    byte[] to = IpAddress.parse(destination).toBytes();
    int sum = protocol + (length >>> 16) + (length & 0xffff);
    for (byte[] address : new byte[][] {from, to}) {
      for (int i = 0; i < address.length; i += 2) {
        sum += (address[i] & 0xff) << 8 | address[i + 1] & 0xff;
      }
    }
    return sum;
  }

  /** RFC 1071, word by word. */
  public static int checksum(byte[] bytes, int offset, int length, int start) {
    long sum = start;
    for (int i = 0; i < length; i += 2) {
      int high = bytes[offset + i] & 0xff;
      int low = i + 1 < length ? bytes[offset + i + 1] & 0xff : 0;
      sum += high << 8 | low;
    }
    while (sum >>> 16 != 0) {
      sum = (sum & 0xffff) + (sum >>> 16);
    }
    return (int) ~sum & 0xffff;
  }

  /** The same packet with the framing {@code packet-information} before it. */
  public static byte[] withPacketInformation(byte[] packet) {
    byte[] framed = new byte[4 + packet.length];
    boolean ipv4 = (packet[0] & 0xf0) == 0x40;
    framed[2] = (byte) (ipv4 ? 0x08 : 0x86);
    framed[3] = (byte) (ipv4 ? 0x00 : 0xdd);
    System.arraycopy(packet, 0, framed, 4, packet.length);
    return framed;
  }

  public static byte[] slice(byte[] bytes, int from, int length) {
    return Arrays.copyOfRange(bytes, from, from + length);
  }
}
