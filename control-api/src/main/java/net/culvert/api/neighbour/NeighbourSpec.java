package net.culvert.api.neighbour;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import net.culvert.api.value.IpAddress;
import net.culvert.api.value.LinkName;
import net.culvert.api.value.ResourceName;
import org.jspecify.annotations.Nullable;

/**
 * A wished neighbour entry: with {@code linkAddress} a permanent one, without it an address that
 * the link answers for by proxy.
 *
 * @param namespace absent for the host
 * @param linkAddress six bytes in hexadecimal, separated by colons
 */
@Schema(
    description =
        "A permanent neighbour, or (without `linkAddress`) an address answered for by proxy.",
    example = "{\"link\":\"veth8\",\"address\":\"10.9.0.7\",\"linkAddress\":\"02:00:00:00:00:01\"}")
public record NeighbourSpec(
    @Schema(description = "A namespace of ours; the host unless given.")
        @Nullable ResourceName namespace,
    @NotNull LinkName link,
    @NotNull IpAddress address,
    @Schema(
            description =
                "The neighbour's link-layer address; absent: the link answers for the address itself.",
            example = "02:00:00:00:00:01")
        @Pattern(
            regexp = "[0-9a-f]{2}(:[0-9a-f]{2}){5}",
            message = "is not six bytes in lower-case hexadecimal, as 02:00:00:00:00:01")
        @Nullable String linkAddress) {}
