package net.culvert.api.neighbour;

import net.culvert.api.resource.ResourceStatus;
import net.culvert.api.value.IpAddress;
import net.culvert.api.value.LinkName;
import net.culvert.api.value.ResourceName;
import org.jspecify.annotations.Nullable;

/** A neighbour entry as it is wished, and how far the kernel is. */
public record Neighbour(
    ResourceName id,
    @Nullable ResourceName namespace,
    LinkName link,
    IpAddress address,
    @Nullable String linkAddress,
    long revision,
    ResourceStatus status) {}
