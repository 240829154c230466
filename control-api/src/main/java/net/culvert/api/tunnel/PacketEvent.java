package net.culvert.api.tunnel;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One packet that passed a tunnel, or did not.
 *
 * @param direction {@code outbound}: TUN to UDP; {@code inbound}: UDP to TUN
 * @param length bytes of the inner packet
 * @param wireLength bytes of the UDP payload, framing included
 * @param family {@code ipv4} or {@code ipv6}; absent where the packet has neither version
 * @param verdict {@code forwarded}, or the reason of the drop
 */
@Schema(description = "One packet that passed a tunnel, or did not.")
public record PacketEvent(
    Instant time,
    String direction,
    int length,
    int wireLength,
    @Nullable String family,
    @Nullable String source,
    @Nullable String destination,
    @Nullable String protocol,
    @Nullable Integer sourcePort,
    @Nullable Integer destinationPort,
    @Nullable Integer icmpType,
    @Nullable Integer icmpCode,
    @Nullable Integer icmpIdentifier,
    @Nullable Integer icmpSequence,
    @Nullable Integer ttl,
    @Nullable String peer,
    String verdict) {}
