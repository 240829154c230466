package net.culvert.api.route;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import net.culvert.api.value.IpAddress;
import net.culvert.api.value.LinkName;
import net.culvert.api.value.ResourceName;
import org.jspecify.annotations.Nullable;

/**
 * A wished route; it names a gateway, a link, or both.
 *
 * @param namespace absent for the host
 * @param metric the kernel's priority: the smaller wins; the kernel's default unless given
 * @param mtu bytes, the route's MTU metric
 */
@Schema(
    description = "A route of the main table; it names `via`, `link` or both.",
    example = "{\"destination\":\"10.9.9.0/24\",\"link\":\"tun0\"}")
public record RouteSpec(
    @Schema(description = "A namespace of ours; the host unless given.")
        @Nullable ResourceName namespace,
    @NotNull RouteDestination destination,
    @Schema(description = "The gateway.") @Nullable IpAddress via,
    @Schema(description = "The device.", example = "tun0") @Nullable LinkName link,
    @Schema(description = "Priority; the smaller wins.") @Min(0) @Max(0xffff_ffffL)
        @Nullable Long metric,
    @Schema(description = "Bytes; the route's MTU.") @Min(68) @Max(65_535) @Nullable Integer mtu) {}
