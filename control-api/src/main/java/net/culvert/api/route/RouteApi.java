package net.culvert.api.route;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import net.culvert.api.resource.ItemList;
import net.culvert.api.value.ResourceName;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.service.annotation.DeleteExchange;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PutExchange;

/** Routes of the main table, in the host or in a namespace. */
@Tag(name = "Routes", description = "Routes of the main table, in the host or in a namespace.")
@HttpExchange("/api/v1/routes")
public interface RouteApi {

  @Operation(
      summary = "Create or replace a route",
      description =
          "Adds the route with this node's route protocol; a route of somebody else with the same destination and metric is left alone and answered with 409. Idempotent: the same body again answers 200 and touches nothing. Answers once the kernel is so; refused within the wait, nothing is left behind.")
  @PutExchange("/{id}")
  ResponseEntity<Route> put(
      @Parameter(description = "The route's id.", example = "to-b") @PathVariable("id")
          ResourceName id,
      @Parameter(description = "Only if the route still has this ETag.")
          @RequestHeader(name = "If-Match", required = false)
          @Nullable String ifMatch,
      @RequestBody RouteSpec body);

  @Operation(
      summary = "Read a route",
      description = "The wish, its revision, and what the kernel has beside it.")
  @GetExchange("/{id}")
  ResponseEntity<Route> get(
      @Parameter(description = "The route's id.", example = "to-b") @PathVariable("id")
          ResourceName id);

  @Operation(summary = "List routes", description = "All of this node's, ordered by id.")
  @GetExchange
  ItemList<Route> list();

  @Operation(summary = "Delete a route", description = "The kernel route goes with it.")
  @DeleteExchange("/{id}")
  ResponseEntity<Void> delete(
      @Parameter(description = "The route's id.", example = "to-b") @PathVariable("id")
          ResourceName id,
      @Parameter(description = "Only if the route still has this ETag.")
          @RequestHeader(name = "If-Match", required = false)
          @Nullable String ifMatch);
}
