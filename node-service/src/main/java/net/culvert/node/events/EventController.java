package net.culvert.node.events;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.culvert.api.event.NodeEvent;
import net.culvert.node.web.problem.InvalidFieldException;
import net.culvert.node.web.stream.EventStreams;
import net.culvert.node.web.stream.StreamLimits;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;

/** Tells what happens on the node as it happens. */
@RestController
@Tag(name = "Events", description = "What happens on the node, as it happens.")
class EventController {

  private static final List<String> TYPES =
      Arrays.stream(EventType.values()).map(EventType::label).toList();

  private final EventLog log;
  private final EventStreams streams;

  EventController(EventLog log, EventStreams streams) {
    this.log = log;
    this.streams = streams;
  }

  @Operation(
      summary = "Watch what happens on the node",
      description =
          "Server-sent events: `event:` is the type, `data:` one JSON object, and `id:` where to resume: a reader that comes back with"
              + " `Last-Event-ID` gets what happened meanwhile. The node keeps the last 4,096 events. Where the id is of another start"
              + " or its successors are not kept any more, `event: reset` says so first: read what you need anew. A reader that is"
              + " overtaken gets `reset` and is cut off. Heartbeats carry the id too.")
  @ApiResponse(
      responseCode = "200",
      description = "The stream.",
      content =
          @Content(
              mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
              schema = @Schema(implementation = NodeEvent.class)))
  @GetMapping(path = "/api/v1/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
  ResponseEntity<ResponseBodyEmitter> events(
      @Parameter(description = "The id of the last event that the reader had.")
          @RequestHeader(name = "Last-Event-ID", required = false)
          @Nullable String lastEventId,
      @Parameter(
              description =
                  "Types that are wanted, with commas between: resource, step, drift, peer, fallback; all unless given.")
          @RequestParam(name = "types", required = false)
          @Nullable String types,
      @Parameter(description = "Ends after so many events.", example = "5")
          @RequestParam(name = "limit", required = false)
          @Nullable Long limit,
      @Parameter(description = "Ends after so many seconds.", example = "5")
          @RequestParam(name = "seconds", required = false)
          @Nullable Long seconds) {
    StreamLimits limits = StreamLimits.of(limit, seconds);
    return streams.stream(new EventCursor(log, types(types), lastEventId), limits);
  }

  private static Set<String> types(@Nullable String text) {
    if (text == null) {
      return Set.of();
    }
    Set<String> types = new HashSet<>();
    for (String each : text.split(",", -1)) {
      if (!TYPES.contains(each)) {
        throw new InvalidFieldException(
            "types", "'" + each + "' is none of " + String.join(", ", TYPES));
      }
      types.add(each);
    }
    return types;
  }
}
