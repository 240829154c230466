package net.culvert.api.ping;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PostExchange;

/** Pings from the host itself. */
@Tag(name = "Ping", description = "Echo requests from the host itself.")
@HttpExchange("/api/v1/ping")
public interface PingApi {

  @Operation(
      summary = "Ping from the host",
      description = "As the ping of a namespace, from the network namespace that the node runs in.")
  @PostExchange
  PingReport ping(@RequestBody PingRequest body);
}
