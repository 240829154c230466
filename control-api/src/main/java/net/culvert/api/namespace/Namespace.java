package net.culvert.api.namespace;

import net.culvert.api.resource.ResourceStatus;
import net.culvert.api.value.ResourceName;
import org.jspecify.annotations.Nullable;

/** A namespace as it is wished, with defaults filled in, and how far the kernel is. */
public record Namespace(
    ResourceName name, @Nullable AttachmentSpec attachment, long revision, ResourceStatus status) {}
