package net.culvert.node.object;

import org.jspecify.annotations.Nullable;

/**
 * A neighbour entry.
 *
 * @param linkAddress six bytes in lower-case hexadecimal with colons; null for a proxy
 */
public record NeighbourState(@Nullable String linkAddress) {}
