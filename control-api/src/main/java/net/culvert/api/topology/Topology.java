package net.culvert.api.topology;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import net.culvert.api.link.LinkSpec;
import net.culvert.api.namespace.NamespaceSpec;
import net.culvert.api.neighbour.NeighbourSpec;
import net.culvert.api.route.RouteSpec;
import net.culvert.api.tunnel.PeerSpec;
import net.culvert.api.tunnel.TunnelSpec;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is wished of a node, by type and name; ordered, so that two of the same content
 * have the same text. What is absent is empty.
 *
 * @param peers by tunnel, then by name
 */
@Schema(
    description = "Everything that is wished of a node, by type and name. What is absent is empty.",
    example =
        "{\"namespaces\":{\"net1\":{\"attachment\":{\"address\":\"10.1.1.2/24\",\"gateway\":\"10.1.1.1\"}}},"
            + "\"tunnels\":{\"tun0\":{\"transport\":\"plain\"}},"
            + "\"peers\":{\"tun0\":{\"b\":{\"endpoint\":\"192.0.2.2:7000\",\"allowedPrefixes\":[\"10.1.2.0/24\"]}}}}")
public record Topology(
    @Schema(description = "Namespaces by name.")
        @Nullable Map<String, @NotNull @Valid NamespaceSpec> namespaces,
    @Schema(description = "Links by name.") @Nullable Map<String, @NotNull @Valid LinkSpec> links,
    @Schema(description = "Fixed neighbours and proxies by id.")
        @Nullable Map<String, @NotNull @Valid NeighbourSpec> neighbours,
    @Schema(description = "Routes by id.") @Nullable Map<String, @NotNull @Valid RouteSpec> routes,
    @Schema(description = "Tunnels by name.")
        @Nullable Map<String, @NotNull @Valid TunnelSpec> tunnels,
    @Schema(description = "Peers by their tunnel's name and their own.")
        @Nullable Map<String, @NotNull Map<String, @NotNull @Valid PeerSpec>> peers) {

  public Topology {
    namespaces = ordered(namespaces);
    links = ordered(links);
    neighbours = ordered(neighbours);
    routes = ordered(routes);
    tunnels = ordered(tunnels);
    peers = ordered(peers);
    peers.replaceAll((tunnel, below) -> ordered(below));
  }

  /** Null values stay, for the validation to name. */
  private static <V> SortedMap<String, V> ordered(@Nullable Map<String, V> map) {
    return map == null ? new TreeMap<>() : new TreeMap<>(map);
  }
}
