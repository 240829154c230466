package net.culvert.api.link;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import net.culvert.api.value.InterfaceAddress;
import net.culvert.api.value.LinkName;
import net.culvert.api.value.ResourceName;
import org.jspecify.annotations.Nullable;

/**
 * The other end of a veth pair; it has the first end's MTU and is up when that is.
 *
 * @param namespace absent for the host
 */
@Schema(description = "The other end of a veth pair.")
public record LinkPeerSpec(
    @Schema(description = "A namespace of ours; the host unless given.", example = "net1")
        @Nullable ResourceName namespace,
    @Schema(description = "The device's name there.", example = "veth9") @NotNull LinkName name,
    @Schema(description = "Addresses of this end.", example = "[\"10.9.0.2/24\"]") @Size(max = 256)
        @Nullable List<@NotNull InterfaceAddress> addresses) {}
