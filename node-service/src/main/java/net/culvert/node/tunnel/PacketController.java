package net.culvert.node.tunnel;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Locale;
import java.util.Map;
import net.culvert.api.tunnel.PacketEvent;
import net.culvert.api.value.IpAddress;
import net.culvert.api.value.LinkName;
import net.culvert.node.dataplane.Direction;
import net.culvert.node.dataplane.PacketFilter;
import net.culvert.node.web.problem.AbsentException;
import net.culvert.node.web.problem.InvalidFieldException;
import net.culvert.node.web.stream.EventStreams;
import net.culvert.node.web.stream.StreamLimits;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;

/** Shows the packets of a tunnel as they pass, or do not. */
@RestController
@Tag(name = "Tunnels")
class PacketController {

  /** Names that a person would type, and their IANA numbers. */
  private static final Map<String, Integer> PROTOCOLS =
      Map.of("icmp", 1, "tcp", 6, "udp", 17, "gre", 47, "esp", 50, "icmpv6", 58, "sctp", 132);

  private final Tunnels tunnels;
  private final EventStreams streams;

  PacketController(Tunnels tunnels, EventStreams streams) {
    this.tunnels = tunnels;
    this.streams = streams;
  }

  @Operation(
      summary = "Watch the packets of a tunnel",
      description =
          "Server-sent events, one a packet: `event: packet` with a JSON object. A reader that is too slow loses events and is"
              + " told how many by `event: lost`; packets are never slowed. The stream ends after `limit` packets or `seconds`"
              + " with `event: end`.")
  @ApiResponse(
      responseCode = "200",
      description = "The stream.",
      content =
          @Content(
              mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
              schema = @Schema(implementation = PacketEvent.class)))
  @GetMapping(path = "/api/v1/tunnels/{name}/packets", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
  ResponseEntity<ResponseBodyEmitter> packets(
      @Parameter(description = "The tunnel's name.", example = "tun0") @PathVariable("name")
          LinkName name,
      @Parameter(description = "Ends after so many packets.", example = "5")
          @RequestParam(name = "limit", required = false)
          @Nullable Long limit,
      @Parameter(description = "Ends after so many seconds.", example = "5")
          @RequestParam(name = "seconds", required = false)
          @Nullable Long seconds,
      @Parameter(description = "`outbound` (TUN to UDP) or `inbound`; both unless given.")
          @RequestParam(name = "direction", required = false)
          @Nullable String direction,
      @Parameter(description = "A protocol by name (icmp, icmpv6, tcp, udp, …) or IANA number.")
          @RequestParam(name = "protocol", required = false)
          @Nullable String protocol,
      @Parameter(description = "An address that is the packet's source or destination.")
          @RequestParam(name = "host", required = false)
          @Nullable IpAddress host) {
    StreamLimits limits = StreamLimits.of(limit, seconds);
    PacketFilter filter = new PacketFilter(direction(direction), protocol(protocol), host);
    RunningTunnel tunnel =
        tunnels
            .find(name)
            .orElseThrow(() -> new AbsentException("there is no running tunnel " + name));
    return streams.stream(new PacketEventSource(tunnel, tunnels, filter), limits);
  }

  private static @Nullable Direction direction(@Nullable String text) {
    if (text == null) {
      return null;
    }
    for (Direction direction : Direction.values()) {
      if (direction.name().toLowerCase(Locale.ROOT).equals(text)) {
        return direction;
      }
    }
    throw new InvalidFieldException("direction", "is outbound or inbound, not '" + text + "'");
  }

  private static @Nullable Integer protocol(@Nullable String text) {
    if (text == null) {
      return null;
    }
    Integer number = PROTOCOLS.get(text.toLowerCase(Locale.ROOT));
    if (number != null) {
      return number;
    }
    if (text.matches("[0-9]{1,3}") && Integer.parseInt(text) <= 255) {
      return Integer.valueOf(text);
    }
    throw new InvalidFieldException(
        "protocol", "is a name such as icmp, icmpv6, tcp, udp, or a number up to 255");
  }
}
