package net.culvert.node.kernel.icmp;

import java.nio.ByteBuffer;
import net.culvert.api.value.Family;
import net.culvert.api.value.IpAddress;
import net.culvert.node.kernel.abi.Icmp;
import net.culvert.node.kernel.abi.Icmpv6;
import net.culvert.node.kernel.abi.In;
import org.jspecify.annotations.Nullable;

/**
 * Echo requests as bytes, and which of the messages that arrive belong to them. Bytes in, bytes
 * out: no socket, no clock. A raw IPv4 socket delivers the IP header too, an IPv6 one does not.
 */
final class EchoMessages {

  /** Bytes of an echo message before its payload. */
  static final int HEADER_BYTES = 8;

  private static final int CHECKSUM = 2;
  private static final int IDENTIFIER = 4;
  private static final int SEQUENCE = 6;
  private static final int IPV4_MIN_HEADER_BYTES = 20;
  private static final int IPV4_PROTOCOL = 9;
  private static final int IPV4_TTL = 8;
  private static final int IPV4_DESTINATION = 16;
  private static final int IPV6_HEADER_BYTES = 40;
  private static final int IPV6_NEXT_HEADER = 6;
  private static final int IPV6_DESTINATION = 24;

  private final IpAddress destination;
  private final int identifier;
  private final long token;

  /**
   * @param identifier 16 bits
   * @param token the first eight bytes of each payload
   */
  EchoMessages(IpAddress destination, int identifier, long token) {
    this.destination = destination;
    this.identifier = identifier & 0xffff;
    this.token = token;
  }

  /**
   * What an arrived message says of one of our requests.
   *
   * @param error null for the answer
   * @param ttl of an IPv4 answer; 0 otherwise, the socket tells it beside the bytes
   */
  record Arrival(int sequence, @Nullable String error, int ttl) {}

  /** Writes a request from position 0 on; the limit becomes its end. */
  void writeRequest(ByteBuffer packet, int sequence, int payloadBytes) {
    packet.clear().limit(HEADER_BYTES + payloadBytes);
    boolean ipv4 = destination.family() == Family.IPV4;
    packet
        .put(0, (byte) (ipv4 ? Icmp.ICMP_ECHO : Icmpv6.ICMPV6_ECHO_REQUEST))
        .put(1, (byte) 0)
        .putShort(CHECKSUM, (short) 0)
        .putShort(IDENTIFIER, (short) identifier)
        .putShort(SEQUENCE, (short) sequence)
        .putLong(HEADER_BYTES, token);
    for (int i = HEADER_BYTES + Long.BYTES; i < packet.limit(); i++) {
      packet.put(i, (byte) i);
    }
    if (ipv4) {
      // For IPv6 the kernel does it, since the checksum covers the addresses.
      packet.putShort(CHECKSUM, (short) checksum(packet));
    }
  }

  /** RFC 1071 over the whole packet. */
  private static int checksum(ByteBuffer packet) {
    long sum = 0;
    int at = 0;
    for (; at + 1 < packet.limit(); at += 2) {
      sum += packet.getShort(at) & 0xffff;
    }
    if (at < packet.limit()) {
      sum += (packet.get(at) & 0xff) << 8;
    }
    while (sum >>> 16 != 0) {
      sum = (sum & 0xffff) + (sum >>> 16);
    }
    return (int) ~sum & 0xffff;
  }

  /** What a message from position 0 to the limit says; null where it is none of ours. */
  @Nullable Arrival read(ByteBuffer packet) {
    return destination.family() == Family.IPV4 ? readIpv4(packet) : readIpv6(packet);
  }

  private @Nullable Arrival readIpv4(ByteBuffer packet) {
    int header = ipv4HeaderBytes(packet, 0);
    if (header < 0 || packet.limit() < header + HEADER_BYTES) {
      return null;
    }
    int type = packet.get(header) & 0xff;
    if (type == Icmp.ICMP_ECHOREPLY) {
      return answer(packet, header, packet.get(IPV4_TTL) & 0xff);
    }
    int inner = header + HEADER_BYTES;
    int innerHeader = ipv4HeaderBytes(packet, inner);
    if (innerHeader < 0
        || (packet.get(inner + IPV4_PROTOCOL) & 0xff) != In.IPPROTO_ICMP
        || !isDestination(packet, inner + IPV4_DESTINATION)) {
      return null;
    }
    int code = packet.get(header + 1) & 0xff;
    int mtu = packet.getShort(header + SEQUENCE) & 0xffff;
    return ofRequest(packet, inner + innerHeader, Icmp.ICMP_ECHO, IcmpErrors.ipv4(type, code, mtu));
  }

  private @Nullable Arrival readIpv6(ByteBuffer packet) {
    if (packet.limit() < HEADER_BYTES) {
      return null;
    }
    int type = packet.get(0) & 0xff;
    if (type == Icmpv6.ICMPV6_ECHO_REPLY) {
      return answer(packet, 0, 0);
    }
    int inner = HEADER_BYTES;
    if (packet.limit() < inner + IPV6_HEADER_BYTES
        || (packet.get(inner + IPV6_NEXT_HEADER) & 0xff) != In.IPPROTO_ICMPV6
        || !isDestination(packet, inner + IPV6_DESTINATION)) {
      return null;
    }
    return ofRequest(
        packet,
        inner + IPV6_HEADER_BYTES,
        Icmpv6.ICMPV6_ECHO_REQUEST,
        IcmpErrors.ipv6(type, packet.get(1) & 0xff, packet.getInt(IDENTIFIER)));
  }

  /** Length of the IPv4 header there, or −1 where none is. */
  private static int ipv4HeaderBytes(ByteBuffer packet, int at) {
    if (packet.limit() < at + IPV4_MIN_HEADER_BYTES || (packet.get(at) & 0xf0) != 0x40) {
      return -1;
    }
    int bytes = (packet.get(at) & 0x0f) * 4;
    return bytes < IPV4_MIN_HEADER_BYTES || packet.limit() < at + bytes ? -1 : bytes;
  }

  private boolean isDestination(ByteBuffer packet, int at) {
    byte[] bytes = destination.toBytes();
    for (int i = 0; i < bytes.length; i++) {
      if (packet.get(at + i) != bytes[i]) {
        return false;
      }
    }
    return true;
  }

  /** An answer repeats the whole request, so its payload must be ours. */
  private @Nullable Arrival answer(ByteBuffer packet, int at, int ttl) {
    if (packet.limit() < at + HEADER_BYTES + Long.BYTES
        || !isOurs(packet, at)
        || packet.getLong(at + HEADER_BYTES) != token) {
      return null;
    }
    return new Arrival(packet.getShort(at + SEQUENCE) & 0xffff, null, ttl);
  }

  /** An error repeats the request's beginning, which must be our header; no more is certain. */
  private @Nullable Arrival ofRequest(ByteBuffer packet, int at, int type, String error) {
    if (packet.limit() < at + HEADER_BYTES
        || (packet.get(at) & 0xff) != type
        || !isOurs(packet, at)) {
      return null;
    }
    return new Arrival(packet.getShort(at + SEQUENCE) & 0xffff, error, 0);
  }

  private boolean isOurs(ByteBuffer packet, int at) {
    return (packet.getShort(at + IDENTIFIER) & 0xffff) == identifier;
  }
}
