package net.culvert.node.tunnel;

import java.util.List;
import net.culvert.api.value.Endpoint;
import net.culvert.api.value.Prefix;
import net.culvert.node.transport.wireguard.WireGuardIdentity;
import org.jspecify.annotations.Nullable;

/**
 * What the data plane is told of a peer.
 *
 * @param endpoint null for one that is learned
 * @param mtu bytes of the largest inner packet that its path takes whole
 * @param identity of WireGuard, else null
 */
record PeerState(
    @Nullable Endpoint endpoint,
    List<Prefix> allowedPrefixes,
    int mtu,
    @Nullable WireGuardIdentity identity) {}
