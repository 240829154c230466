package net.culvert.api.tunnel;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import net.culvert.api.value.Endpoint;
import net.culvert.api.value.Prefix;
import org.jspecify.annotations.Nullable;

/**
 * What a peer's configuration is to say beside its keys.
 *
 * @param endpoint where the peer finds this tunnel; the tunnel's listen address unless given, if it
 *     is one address
 * @param allowedPrefixes what the peer sends into the tunnel; everything unless given
 * @param persistentKeepalive seconds; 25 unless given
 */
@Schema(
    description = "What a peer's configuration is to say beside its keys.",
    example = "{\"endpoint\":\"198.51.100.1:51820\"}")
public record PeerConfigurationRequest(
    @Schema(description = "Where the peer finds this tunnel.", example = "198.51.100.1:51820")
        @Nullable Endpoint endpoint,
    @Schema(description = "What the peer sends into the tunnel; everything unless given.")
        @Size(max = 1024)
        @Nullable List<@NotNull Prefix> allowedPrefixes,
    @Schema(
            description = "Seconds after which the peer says that it lives; 0 for never.",
            defaultValue = "25")
        @Min(0)
        @Max(65_535)
        @Nullable Integer persistentKeepalive) {}
