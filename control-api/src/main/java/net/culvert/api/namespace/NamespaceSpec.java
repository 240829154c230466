package net.culvert.api.namespace;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import org.jspecify.annotations.Nullable;

/**
 * A wished network namespace.
 *
 * @param attachment absent for a bare namespace, which has its loopback device up and nothing else
 */
@Schema(
    description = "A network namespace, visible to `ip netns`.",
    example = "{\"attachment\":{\"address\":\"10.1.1.2/24\",\"gateway\":\"10.1.1.1\"}}")
public record NamespaceSpec(@Valid @Nullable AttachmentSpec attachment) {}
