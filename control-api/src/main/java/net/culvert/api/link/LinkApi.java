package net.culvert.api.link;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import net.culvert.api.resource.ItemList;
import net.culvert.api.value.LinkName;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.service.annotation.DeleteExchange;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PutExchange;

/** Network devices: veth, bridge, macvlan and their addresses. */
@Tag(name = "Links", description = "Network devices: veth, bridge, macvlan and their addresses.")
@HttpExchange("/api/v1/links")
public interface LinkApi {

  @Operation(
      summary = "Create or replace a link",
      description =
          "Makes the device, its addresses, and for veth its other end. Idempotent: the same body again answers 200 and touches nothing. Answers once the kernel is so; refused within the wait, nothing is left behind.")
  @PutExchange("/{name}")
  ResponseEntity<Link> put(
      @Parameter(description = "The link's name.", example = "veth8") @PathVariable("name")
          LinkName name,
      @Parameter(description = "Only if the link still has this ETag.")
          @RequestHeader(name = "If-Match", required = false)
          @Nullable String ifMatch,
      @RequestBody LinkSpec body);

  @Operation(
      summary = "Read a link",
      description = "The wish, its revision, and what the kernel has beside it.")
  @GetExchange("/{name}")
  ResponseEntity<Link> get(
      @Parameter(description = "The link's name.", example = "veth8") @PathVariable("name")
          LinkName name);

  @Operation(summary = "List links", description = "All of this node's, ordered by name.")
  @GetExchange
  ItemList<Link> list();

  @Operation(
      summary = "Delete a link",
      description = "Takes its addresses along. Refused while another resource of ours uses it.")
  @DeleteExchange("/{name}")
  ResponseEntity<Void> delete(
      @Parameter(description = "The link's name.", example = "veth8") @PathVariable("name")
          LinkName name,
      @Parameter(description = "Only if the link still has this ETag.")
          @RequestHeader(name = "If-Match", required = false)
          @Nullable String ifMatch);
}
