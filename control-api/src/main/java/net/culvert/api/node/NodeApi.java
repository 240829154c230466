package net.culvert.api.node;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;

/** The node itself. */
@Tag(name = "Node", description = "What the node is and what it lacks.")
@HttpExchange("/api/v1/node")
public interface NodeApi {

  @Operation(
      summary = "Read the node",
      description = "Name, id, version, kernel, capabilities held and missing, offloads.")
  @GetExchange
  NodeInfo get();
}
