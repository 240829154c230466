package net.culvert.api.tunnel;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import net.culvert.api.resource.ItemList;
import net.culvert.api.value.LinkName;
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

/** Who is at the other end of a tunnel, and which inner prefixes belong to whom. */
@Tag(
    name = "Peers",
    description = "Who is at the other end of a tunnel, and which inner prefixes belong to whom.")
@HttpExchange("/api/v1/tunnels/{tunnel}/peers")
public interface PeerApi {

  @Operation(
      summary = "Create or replace a peer",
      description =
          "Adds the peer to the tunnel; kernel routes to the TUN device follow its prefixes. Idempotent: the same body again answers 200 and touches nothing. Answers once the kernel is so; refused within the wait, nothing is left behind.")
  @PutExchange("/{peer}")
  ResponseEntity<Peer> put(
      @Parameter(description = "The tunnel's name.", example = "tun0") @PathVariable("tunnel")
          LinkName tunnel,
      @Parameter(description = "The peer's name.", example = "node-b") @PathVariable("peer")
          ResourceName peer,
      @Parameter(description = "Only if the peer still has this ETag.")
          @RequestHeader(name = "If-Match", required = false)
          @Nullable String ifMatch,
      @RequestBody PeerSpec body);

  @Operation(
      summary = "Read a peer",
      description = "The wish, its revision, and what the kernel has beside it.")
  @GetExchange("/{peer}")
  ResponseEntity<Peer> get(
      @Parameter(description = "The tunnel's name.", example = "tun0") @PathVariable("tunnel")
          LinkName tunnel,
      @Parameter(description = "The peer's name.", example = "node-b") @PathVariable("peer")
          ResourceName peer);

  @Operation(summary = "List peers", description = "All of this node's, ordered by name.")
  @GetExchange
  ItemList<Peer> list(
      @Parameter(description = "The tunnel's name.", example = "tun0") @PathVariable("tunnel")
          LinkName tunnel);

  @Operation(summary = "Delete a peer", description = "Its routes go with it.")
  @DeleteExchange("/{peer}")
  ResponseEntity<Void> delete(
      @Parameter(description = "The tunnel's name.", example = "tun0") @PathVariable("tunnel")
          LinkName tunnel,
      @Parameter(description = "The peer's name.", example = "node-b") @PathVariable("peer")
          ResourceName peer,
      @Parameter(description = "Only if the peer still has this ETag.")
          @RequestHeader(name = "If-Match", required = false)
          @Nullable String ifMatch);
}
