package net.culvert.api.tunnel;

import java.util.List;
import net.culvert.api.resource.ResourceStatus;
import net.culvert.api.value.Endpoint;
import net.culvert.api.value.LinkName;
import net.culvert.api.value.Prefix;
import net.culvert.api.value.PublicKey;
import net.culvert.api.value.ResourceName;
import org.jspecify.annotations.Nullable;

/**
 * A peer as it is wished, what passed between it and us, and how far the kernel is.
 *
 * @param endpoint as wished; the one in use, given or learned, is among the observed
 * @param publicKey of a WireGuard peer, as the three that follow
 * @param hasPresharedKey whether there is one; it is never shown
 * @param persistentKeepalive seconds, 0 for never
 * @param session how we stand, or null while the tunnel does not run
 */
public record Peer(
    LinkName tunnel,
    ResourceName name,
    @Nullable Endpoint endpoint,
    List<Prefix> allowedPrefixes,
    boolean installRoutes,
    @Nullable PublicKey publicKey,
    @Nullable Boolean hasPresharedKey,
    @Nullable Integer persistentKeepalive,
    @Nullable PeerSession session,
    TrafficCounters counters,
    long revision,
    ResourceStatus status) {}
