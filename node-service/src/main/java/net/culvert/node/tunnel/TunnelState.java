package net.culvert.node.tunnel;

import java.util.List;
import java.util.Set;
import net.culvert.api.tunnel.Framing;
import net.culvert.api.tunnel.TransportKind;
import net.culvert.api.value.ListenAddress;
import net.culvert.node.dataplane.Offload;

/**
 * What a tunnel's data plane is started with; another value needs another start.
 *
 * @param queues of the TUN device, each with sockets and threads of its own
 * @param disabled offloads that are not to be used although the kernel has them
 */
record TunnelState(
    TransportKind transport,
    Framing framing,
    List<ListenAddress> listen,
    int queues,
    Set<Offload> disabled) {}
