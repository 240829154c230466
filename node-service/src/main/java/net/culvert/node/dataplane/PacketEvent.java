package net.culvert.node.dataplane;

import java.time.Instant;
import net.culvert.api.value.Family;
import net.culvert.api.value.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * One packet as it was seen. What a packet does not have, or could not be read from it, is null.
 *
 * @param length the inner packet in bytes
 * @param wireLength the datagram that carries it, in bytes without the headers of IP and UDP
 * @param protocol the IANA number of what it carries
 * @param protocolName such as {@code icmp}, or the number as text
 * @param identifier of an ICMP echo
 * @param sequence of an ICMP echo
 * @param hopLimit TTL or hop limit
 * @param peer the name of the peer that it goes to or comes from
 * @param dropReason null if it was forwarded
 */
public record PacketEvent(
    Instant time,
    Direction direction,
    int length,
    int wireLength,
    @Nullable Family family,
    @Nullable IpAddress source,
    @Nullable IpAddress destination,
    @Nullable Integer protocol,
    @Nullable String protocolName,
    @Nullable Integer sourcePort,
    @Nullable Integer destinationPort,
    @Nullable Integer icmpType,
    @Nullable Integer icmpCode,
    @Nullable Integer identifier,
    @Nullable Integer sequence,
    @Nullable Integer hopLimit,
    @Nullable String peer,
    @Nullable DropReason dropReason) {

  /** Whether it went on. */
  public boolean forwarded() {
    return dropReason == null;
  }
}
