package net.culvert.api.link;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import net.culvert.api.value.InterfaceAddress;
import net.culvert.api.value.LinkName;
import net.culvert.api.value.ResourceName;
import org.jspecify.annotations.Nullable;

/**
 * A wished network device.
 *
 * @param kind as {@code ip link add type} names it
 * @param namespace absent for the host
 * @param mtu bytes; the kernel's default for the kind unless given
 * @param master a bridge of ours that this link becomes a port of
 * @param peer for veth, and required there
 * @param parent for macvlan, and required there: the device that it stands on
 * @param mode for macvlan: {@code bridge} unless given, {@code private}, {@code vepa} or {@code
 *     passthru}
 */
@Schema(
    description = "A network device.",
    example =
        "{\"kind\":\"veth\",\"addresses\":[\"10.9.0.1/24\"],\"peer\":{\"namespace\":\"net1\","
            + "\"name\":\"veth9\",\"addresses\":[\"10.9.0.2/24\"]}}")
public record LinkSpec(
    @Schema(
            description = "Kind, as `ip link add type` names it: veth, bridge, macvlan, dummy.",
            example = "veth")
        @NotNull
        @Size(min = 1, max = 15)
        String kind,
    @Schema(description = "A namespace of ours; the host unless given.")
        @Nullable ResourceName namespace,
    @Schema(description = "Addresses of the device.", example = "[\"10.9.0.1/24\"]")
        @Size(max = 256)
        @Nullable List<@NotNull InterfaceAddress> addresses,
    @Schema(description = "Bytes; the kind's own default unless given.") @Min(68) @Max(65_535)
        @Nullable Integer mtu,
    @Schema(description = "Whether the device is set up.", defaultValue = "true")
        @Nullable Boolean up,
    @Schema(
            description = "Whether the kernel answers ARP for what it routes.",
            defaultValue = "false")
        @Nullable Boolean proxyArp,
    @Schema(description = "A bridge of ours that this device becomes a port of.")
        @Nullable LinkName master,
    @Schema(description = "The other end; for veth, and required there.") @Valid
        @Nullable LinkPeerSpec peer,
    @Schema(description = "The device below; for macvlan, and required there.")
        @Nullable LinkName parent,
    @Schema(description = "For macvlan: bridge, private, vepa or passthru.")
        @Nullable String mode) {}
