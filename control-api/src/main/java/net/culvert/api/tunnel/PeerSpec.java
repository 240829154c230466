package net.culvert.api.tunnel;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import net.culvert.api.value.Endpoint;
import net.culvert.api.value.Prefix;
import net.culvert.api.value.PublicKey;
import net.culvert.api.value.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * A wished peer of a tunnel.
 *
 * @param endpoint where its datagrams go; learned from its first datagram unless given
 * @param allowedPrefixes inner addresses that belong to the peer: as destinations they go to it, as
 *     sources they come from it alone
 * @param installRoutes whether kernel routes to the TUN device follow the prefixes; true unless
 *     given
 * @param publicKey of a WireGuard peer, which must have one
 * @param presharedKey of a WireGuard peer; none unless given
 * @param persistentKeepalive of a WireGuard peer, seconds; 0 for never
 */
@Schema(
    description = "A peer: where it is, and which inner addresses belong to it.",
    example = "{\"endpoint\":\"198.51.100.2:7000\",\"allowedPrefixes\":[\"10.1.2.0/24\"]}")
public record PeerSpec(
    @Schema(
            description = "Host and UDP port; learned from the first datagram unless given.",
            example = "192.0.2.2:7000")
        @Nullable Endpoint endpoint,
    @Schema(
            description = "Inner prefixes that belong to the peer; the longest match wins.",
            example = "[\"10.1.2.0/24\"]")
        @NotNull
        @Size(max = PeerSpec.MAX_PREFIXES)
        List<@NotNull Prefix> allowedPrefixes,
    @Schema(
            description = "Whether kernel routes to the TUN device follow the prefixes.",
            defaultValue = "true")
        @Nullable Boolean installRoutes,
    @Schema(description = "Who the peer of a WireGuard tunnel is.") @Nullable PublicKey publicKey,
    @Schema(
            description =
                "A secret shared with a WireGuard peer, never read back. Absent keeps the stored one, null removes it.")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable SecretKey presharedKey,
    @Schema(
            description =
                "Seconds after which a WireGuard peer is sent a word when nothing else was said; 0 for never.",
            defaultValue = "0")
        @Min(0)
        @Max(65_535)
        @Nullable Integer persistentKeepalive) {

  /** A peer of a plain tunnel. */
  public PeerSpec(
      @Nullable Endpoint endpoint, List<Prefix> allowedPrefixes, @Nullable Boolean installRoutes) {
    this(endpoint, allowedPrefixes, installRoutes, null, null, null);
  }

  /** Peers of one tunnel at most. */
  public static final int MAX_PEERS = 65_536;

  /** Prefixes of all peers of one tunnel at most. */
  public static final int MAX_PREFIXES = 1_000_000;
}
