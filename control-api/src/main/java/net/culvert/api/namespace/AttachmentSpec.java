package net.culvert.api.namespace;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import net.culvert.api.value.InterfaceAddress;
import net.culvert.api.value.IpAddress;
import net.culvert.api.value.LinkName;
import org.jspecify.annotations.Nullable;

/**
 * How a namespace is joined to its host: a veth pair, addresses on both ends, a default route and
 * proxy ARP / NDP.
 *
 * @param gateway the host end's address; without it the default route is on-link
 * @param link the device inside the namespace; {@code veth0} unless given
 * @param hostLink the device in the host; derived from the namespace's name unless given
 * @param bridge a bridge of ours that the host end becomes a port of; routed unless given
 * @param mtu bytes; the smallest of the node's tunnels, followed, unless given
 * @param proxyArp whether the host answers ARP and neighbour solicitations for others; true unless
 *     given
 */
@Schema(
    description =
        "One veth pair between the namespace and its host, with everything that it needs.")
public record AttachmentSpec(
    @Schema(description = "IPv4 address inside the namespace.", example = "10.1.1.2/24")
        @Nullable InterfaceAddress address,
    @Schema(
            description =
                "IPv4 address of the host's end; the namespace's default route goes there. Without it the default route is on-link.",
            example = "10.1.1.1")
        @Nullable IpAddress gateway,
    @Schema(description = "IPv6 address inside the namespace.", example = "fd00:1::2/64")
        @Nullable InterfaceAddress address6,
    @Schema(description = "IPv6 address of the host's end.", example = "fd00:1::1")
        @Nullable IpAddress gateway6,
    @Schema(description = "Device inside the namespace.", defaultValue = "veth0", example = "veth0")
        @Nullable LinkName link,
    @Schema(description = "Device in the host; derived from the namespace's name unless given.")
        @Nullable LinkName hostLink,
    @Schema(
            description =
                "A bridge of ours that the host's end becomes a port of; the gateway's address stays with the bridge.",
            example = "br0")
        @Nullable LinkName bridge,
    @Schema(description = "Bytes; the smallest of the node's tunnels, followed, unless given.")
        @Min(68)
        @Max(65_535)
        @Nullable Integer mtu,
    @Schema(
            description =
                "Whether the host answers ARP and neighbour solicitations for what it routes.",
            defaultValue = "true")
        @Nullable Boolean proxyArp) {}
