package net.culvert.node.object;

import net.culvert.api.value.IpAddress;
import net.culvert.api.value.LinkName;
import org.jspecify.annotations.Nullable;

/**
 * Where a route leads.
 *
 * @param link the egress link; null in a wish that leaves it to the gateway
 * @param mtu bytes, the route's MTU metric; null for none
 */
public record RouteState(@Nullable IpAddress via, @Nullable LinkName link, @Nullable Integer mtu) {}
