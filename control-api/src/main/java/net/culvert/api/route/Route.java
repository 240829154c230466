package net.culvert.api.route;

import net.culvert.api.resource.ResourceStatus;
import net.culvert.api.value.IpAddress;
import net.culvert.api.value.LinkName;
import net.culvert.api.value.ResourceName;
import org.jspecify.annotations.Nullable;

/** A route as it is wished, and how far the kernel is. */
public record Route(
    ResourceName id,
    @Nullable ResourceName namespace,
    RouteDestination destination,
    @Nullable IpAddress via,
    @Nullable LinkName link,
    @Nullable Long metric,
    @Nullable Integer mtu,
    long revision,
    ResourceStatus status) {}
