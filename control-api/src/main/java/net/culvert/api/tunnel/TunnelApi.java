package net.culvert.api.tunnel;

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

/** TUN devices, their UDP sockets and the threads between them. */
@Tag(name = "Tunnels", description = "TUN devices, their UDP sockets and the threads between them.")
@HttpExchange("/api/v1/tunnels")
public interface TunnelApi {

  @Operation(
      summary = "Create or replace a tunnel",
      description =
          "Makes the TUN device of that name, binds the UDP sockets and starts the threads. `up` false leaves the device down, without routes. Idempotent: the same body again answers 200 and touches nothing. Answers once the kernel is so; refused within the wait, nothing is left behind. As `text/plain` the body is a file of wg-quick(8) and makes a WireGuard tunnel with its peers: host bits are cleared, a prefix belongs to the peer that names it last, peers get routes only where `Table` is auto, and `PreUp` and its kin are refused.")
  @PutExchange("/{name}")
  ResponseEntity<Tunnel> put(
      @Parameter(description = "The tunnel's name.", example = "tun0") @PathVariable("name")
          LinkName name,
      @Parameter(description = "Only if the tunnel still has this ETag.")
          @RequestHeader(name = "If-Match", required = false)
          @Nullable String ifMatch,
      @RequestBody TunnelSpec body);

  @Operation(
      summary = "Create or replace a tunnel",
      description =
          "Makes the TUN device of that name, binds the UDP sockets and starts the threads. `up` false leaves the device down, without routes. Idempotent: the same body again answers 200 and touches nothing. Answers once the kernel is so; refused within the wait, nothing is left behind. As `text/plain` the body is a file of wg-quick(8) and makes a WireGuard tunnel with its peers: host bits are cleared, a prefix belongs to the peer that names it last, peers get routes only where `Table` is auto, and `PreUp` and its kin are refused.")
  @PutExchange(url = "/{name}", contentType = "text/plain")
  ResponseEntity<Tunnel> put(
      @Parameter(description = "The tunnel's name.", example = "tun0") @PathVariable("name")
          LinkName name,
      @RequestBody String configuration);

  @Operation(
      summary = "Read a tunnel",
      description = "The wish, its revision, and what the kernel has beside it.")
  @GetExchange("/{name}")
  ResponseEntity<Tunnel> get(
      @Parameter(description = "The tunnel's name.", example = "tun0") @PathVariable("name")
          LinkName name);

  @Operation(summary = "List tunnels", description = "All of this node's, ordered by name.")
  @GetExchange
  ItemList<Tunnel> list();

  @Operation(
      summary = "Delete a tunnel",
      description = "Takes its peers, addresses and routes along.")
  @DeleteExchange("/{name}")
  ResponseEntity<Void> delete(
      @Parameter(description = "The tunnel's name.", example = "tun0") @PathVariable("name")
          LinkName name,
      @Parameter(description = "Only if the tunnel still has this ETag.")
          @RequestHeader(name = "If-Match", required = false)
          @Nullable String ifMatch);
}
