package net.culvert.api.tunnel;

import java.util.List;
import java.util.Map;
import java.util.Set;
import net.culvert.api.resource.ResourceStatus;
import net.culvert.api.value.InterfaceAddress;
import net.culvert.api.value.LinkName;
import net.culvert.api.value.ListenAddress;
import org.jspecify.annotations.Nullable;

/**
 * A tunnel as it is wished, with defaults filled in, what passed it, and how far the kernel is.
 *
 * @param offloads each offload of the data plane with its state in words
 */
public record Tunnel(
    LinkName name,
    TransportKind transport,
    Framing framing,
    List<ListenAddress> listen,
    List<InterfaceAddress> addresses,
    @Nullable Integer mtu,
    int queues,
    boolean up,
    boolean clampMss,
    Set<TunnelOffload> disabledOffloads,
    TrafficCounters counters,
    Map<String, String> offloads,
    long revision,
    ResourceStatus status) {}
