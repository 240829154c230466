package net.culvert.api.neighbour;

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

/** Permanent neighbour entries, and addresses answered for by proxy (ARP and NDP). */
@Tag(
    name = "Neighbours",
    description = "Permanent neighbour entries, and addresses answered for by proxy (ARP and NDP).")
@HttpExchange("/api/v1/neighbours")
public interface NeighbourApi {

  @Operation(
      summary = "Create or replace a neighbour",
      description =
          "Adds the entry. Idempotent: the same body again answers 200 and touches nothing. Answers once the kernel is so; refused within the wait, nothing is left behind.")
  @PutExchange("/{id}")
  ResponseEntity<Neighbour> put(
      @Parameter(description = "The neighbour's id.", example = "gate") @PathVariable("id")
          ResourceName id,
      @Parameter(description = "Only if the neighbour still has this ETag.")
          @RequestHeader(name = "If-Match", required = false)
          @Nullable String ifMatch,
      @RequestBody NeighbourSpec body);

  @Operation(
      summary = "Read a neighbour",
      description = "The wish, its revision, and what the kernel has beside it.")
  @GetExchange("/{id}")
  ResponseEntity<Neighbour> get(
      @Parameter(description = "The neighbour's id.", example = "gate") @PathVariable("id")
          ResourceName id);

  @Operation(summary = "List neighbours", description = "All of this node's, ordered by id.")
  @GetExchange
  ItemList<Neighbour> list();

  @Operation(summary = "Delete a neighbour", description = "The kernel entry goes with it.")
  @DeleteExchange("/{id}")
  ResponseEntity<Void> delete(
      @Parameter(description = "The neighbour's id.", example = "gate") @PathVariable("id")
          ResourceName id,
      @Parameter(description = "Only if the neighbour still has this ETag.")
          @RequestHeader(name = "If-Match", required = false)
          @Nullable String ifMatch);
}
