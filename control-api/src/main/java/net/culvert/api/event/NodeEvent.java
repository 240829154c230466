package net.culvert.api.event;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One thing that happened on a node.
 *
 * @param type {@code resource}, {@code step}, {@code drift}, {@code peer} or {@code fallback}
 * @param action what happened, by type
 * @param resource the wish that it is about
 * @param revision of the wish, or for a deletion of the whole
 * @param state for {@code settled}: where the wish stands now
 * @param object the kernel object, or for a fallback what was given up
 * @param endpoint where a peer is
 * @param message more in words
 */
@Schema(description = "One thing that happened on a node.")
public record NodeEvent(
    Instant time,
    @Schema(description = "resource, step, drift, peer or fallback.", example = "drift")
        String type,
    @Schema(
            description =
                "resource: created, changed, deleted, settled; step: created, changed, deleted, failed;"
                    + " drift: seen, put-back; peer: up, down, roamed; fallback: given-up, recovered.",
            example = "put-back")
        String action,
    @Schema(description = "The wish that it is about.", example = "namespaces/net1")
        @Nullable String resource,
    @Schema(description = "The wish's revision; of a deletion, that of the whole.")
        @Nullable Long revision,
    @Schema(description = "Where the wish stands: APPLIED or FAILED.") @Nullable String state,
    @Schema(
            description = "The kernel object, or what was given up.",
            example = "link veth0 in namespace net1")
        @Nullable String object,
    @Schema(description = "Where a peer is.") @Nullable String endpoint,
    @Schema(description = "More in words.") @Nullable String message) {}
