package net.culvert.node.dataplane;

import org.jspecify.annotations.Nullable;

/**
 * Whether an offload is in use.
 *
 * @param on whether it is
 * @param reason why not, or null while it is on
 * @param fallbacks how often the kernel refused it while it was on
 * @param retryInNanos when it will be tried again, or null if it will not
 */
public record OffloadStatus(
    Offload offload,
    boolean on,
    @Nullable String reason,
    long fallbacks,
    @Nullable Long retryInNanos) {}
