package net.culvert.api.tunnel;

import java.util.List;
import java.util.Map;
import java.util.Set;
import net.culvert.api.resource.ResourceStatus;
import net.culvert.api.value.InterfaceAddress;
import net.culvert.api.value.LinkName;
import net.culvert.api.value.ListenAddress;
import net.culvert.api.value.PublicKey;
import org.jspecify.annotations.Nullable;

/**
 * A tunnel as it is wished, with defaults filled in, what passed it, and how far the kernel is.
 *
 * @param framing of the plain transport
 * @param cipher of WireGuard
 * @param publicKey of WireGuard: what peers know this tunnel by
 * @param offloads each offload of the data plane with its state in words
 */
public record Tunnel(
    LinkName name,
    TransportKind transport,
    @Nullable Framing framing,
    List<ListenAddress> listen,
    List<InterfaceAddress> addresses,
    @Nullable Integer mtu,
    int queues,
    boolean up,
    boolean clampMss,
    Set<TunnelOffload> disabledOffloads,
    TrafficCounters counters,
    Map<String, String> offloads,
    @Nullable Cipher cipher,
    @Nullable PublicKey publicKey,
    long revision,
    ResourceStatus status) {}
