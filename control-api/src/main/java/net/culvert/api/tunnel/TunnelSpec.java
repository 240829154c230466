package net.culvert.api.tunnel;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Set;
import net.culvert.api.value.InterfaceAddress;
import net.culvert.api.value.ListenAddress;
import net.culvert.api.value.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * A wished tunnel: a TUN device, its UDP sockets and the threads between them.
 *
 * @param framing {@code ip} unless given; of the plain transport alone
 * @param listen 0.0.0.0:7000 unless given, both families at 51820 for WireGuard; an IPv6 one is
 *     bound for IPv6 alone
 * @param mtu bytes; what the egress link leaves after the transport's overhead, unless given
 * @param queues pairs of threads and TUN queues; 1 unless given
 * @param clampMss whether the segment size that TCP announces is lowered to what the path takes;
 *     false unless given
 * @param disabledOffloads what is not to be used although the kernel has it; none unless given
 * @param cipher ChaCha20-Poly1305 unless given; of WireGuard alone
 * @param privateKey of WireGuard alone; made unless given
 */
@Schema(
    description = "A tunnel: a TUN device, UDP sockets and the threads between them.",
    example = "{\"transport\":\"plain\",\"listen\":[\"0.0.0.0:7000\"]}")
public record TunnelSpec(
    @NotNull TransportKind transport,
    @Schema(
            description = "What stands before the inner packet in a datagram.",
            defaultValue = "ip",
            example = "ip")
        @Nullable Framing framing,
    @Schema(
            description = "Where datagrams are received; IPv6 as `[::]:7000`.",
            example = "[\"0.0.0.0:7000\"]")
        @Size(min = 1, max = 16)
        @Nullable List<@NotNull ListenAddress> listen,
    @Schema(description = "Addresses of the TUN device itself; it needs none.", example = "[]")
        @Size(max = 256)
        @Nullable List<@NotNull InterfaceAddress> addresses,
    @Schema(description = "Bytes; the egress MTU less the transport's overhead unless given.")
        @Min(68)
        @Max(65_535)
        @Nullable Integer mtu,
    @Schema(description = "TUN queues, each with threads of its own.", defaultValue = "1")
        @Min(1)
        @Max(16)
        @Nullable Integer queues,
    @Schema(description = "Whether the device is set up.", defaultValue = "true")
        @Nullable Boolean up,
    @Schema(
            description =
                "Whether the segment size that TCP announces is lowered to what the path takes, in both directions; for hosts that never hear of the path's MTU.",
            defaultValue = "false")
        @Nullable Boolean clampMss,
    @Schema(
            description =
                "Offloads not to use although the kernel has them, where a kernel or a card breaks them.",
            example = "[]")
        @Size(max = 6)
        @Nullable Set<@NotNull TunnelOffload> disabledOffloads,
    @Schema(
            description =
                "What a WireGuard tunnel seals with, the same at both ends; `aes-256-gcm` between Culvert nodes only.",
            defaultValue = "chacha20-poly1305")
        @Nullable Cipher cipher,
    @Schema(
            description =
                "Private key of a WireGuard tunnel, never read back. Made unless given; absent keeps the stored one, null makes another.")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable SecretKey privateKey) {

  /** A tunnel without encryption. */
  public TunnelSpec(
      TransportKind transport,
      @Nullable Framing framing,
      @Nullable List<ListenAddress> listen,
      @Nullable List<InterfaceAddress> addresses,
      @Nullable Integer mtu,
      @Nullable Integer queues,
      @Nullable Boolean up,
      @Nullable Boolean clampMss,
      @Nullable Set<TunnelOffload> disabledOffloads) {
    this(
        transport,
        framing,
        listen,
        addresses,
        mtu,
        queues,
        up,
        clampMss,
        disabledOffloads,
        null,
        null);
  }

  /** A tunnel that uses every offload that the kernel has. */
  public TunnelSpec(
      TransportKind transport,
      @Nullable Framing framing,
      @Nullable List<ListenAddress> listen,
      @Nullable List<InterfaceAddress> addresses,
      @Nullable Integer mtu,
      @Nullable Integer queues,
      @Nullable Boolean up) {
    this(transport, framing, listen, addresses, mtu, queues, up, null, null);
  }

  /** The same tunnel with another private key, or with none given. */
  public TunnelSpec withPrivateKey(@Nullable SecretKey key) {
    return new TunnelSpec(
        transport,
        framing,
        listen,
        addresses,
        mtu,
        queues,
        up,
        clampMss,
        disabledOffloads,
        cipher,
        key);
  }
}
