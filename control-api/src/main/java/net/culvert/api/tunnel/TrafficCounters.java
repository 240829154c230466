package net.culvert.api.tunnel;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Map;

/**
 * Inner packets and bytes since the tunnel was started.
 *
 * @param outboundPackets TUN to UDP
 * @param inboundPackets UDP to TUN
 * @param drops packets that were not forwarded, by reason; reasons that never occurred are left out
 */
@Schema(description = "Inner packets and bytes since the tunnel was started.")
public record TrafficCounters(
    long outboundPackets,
    long outboundBytes,
    long inboundPackets,
    long inboundBytes,
    Map<String, Long> drops) {}
