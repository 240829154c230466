package net.culvert.api.namespace;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import net.culvert.api.ping.PingReport;
import net.culvert.api.ping.PingRequest;
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
import org.springframework.web.service.annotation.PostExchange;
import org.springframework.web.service.annotation.PutExchange;

/** Network namespaces with their attachment to the host, and pings from inside them. */
@Tag(
    name = "Namespaces",
    description =
        "Network namespaces with their attachment to the host, and pings from inside them.")
@HttpExchange("/api/v1/namespaces")
public interface NamespaceApi {

  @Operation(
      summary = "Create or replace a namespace",
      description =
          "Makes the namespace (visible to `ip netns`), its loopback device up, and with an attachment the veth pair, the addresses of both ends, the default route and proxy ARP / NDP. Idempotent: the same body again answers 200 and touches nothing. Answers once the kernel is so; refused within the wait, nothing is left behind.")
  @PutExchange("/{name}")
  ResponseEntity<Namespace> put(
      @Parameter(description = "The namespace's name.", example = "net1") @PathVariable("name")
          ResourceName name,
      @Parameter(description = "Only if the namespace still has this ETag.")
          @RequestHeader(name = "If-Match", required = false)
          @Nullable String ifMatch,
      @RequestBody NamespaceSpec body);

  @Operation(
      summary = "Read a namespace",
      description = "The wish, its revision, and what the kernel has beside it.")
  @GetExchange("/{name}")
  ResponseEntity<Namespace> get(
      @Parameter(description = "The namespace's name.", example = "net1") @PathVariable("name")
          ResourceName name);

  @Operation(summary = "List namespaces", description = "All of this node's, ordered by name.")
  @GetExchange
  ItemList<Namespace> list();

  @Operation(
      summary = "Delete a namespace",
      description =
          "Takes its attachment along. Refused while a link, route or neighbour of ours still stands in it.")
  @DeleteExchange("/{name}")
  ResponseEntity<Void> delete(
      @Parameter(description = "The namespace's name.", example = "net1") @PathVariable("name")
          ResourceName name,
      @Parameter(description = "Only if the namespace still has this ETag.")
          @RequestHeader(name = "If-Match", required = false)
          @Nullable String ifMatch);

  @Operation(
      summary = "Ping from inside a namespace",
      description =
          "Sends ICMP or ICMPv6 echo requests from inside the namespace and waits for the answers, at most count times timeoutMillis.")
  @PostExchange("/{name}/ping")
  PingReport ping(
      @Parameter(description = "The namespace's name.", example = "net1") @PathVariable("name")
          ResourceName name,
      @RequestBody PingRequest body);
}
