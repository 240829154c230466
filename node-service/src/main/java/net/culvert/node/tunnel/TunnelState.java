package net.culvert.node.tunnel;

import java.util.List;
import net.culvert.api.tunnel.Framing;
import net.culvert.api.tunnel.TransportKind;
import net.culvert.api.value.ListenAddress;
import net.culvert.node.dataplane.TunnelOptions;
import org.jspecify.annotations.Nullable;

/**
 * What a tunnel's data plane is started with; another value needs another start.
 *
 * @param encryption of WireGuard, else null
 * @param queues of the TUN device, each with sockets and threads of its own
 */
record TunnelState(
    TransportKind transport,
    Framing framing,
    List<ListenAddress> listen,
    int queues,
    TunnelOptions options,
    @Nullable Encryption encryption) {}
