package net.culvert.api.ping;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import net.culvert.api.value.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * Echo requests to send.
 *
 * @param count 3 unless given
 * @param timeoutMillis how long each answer is waited for; 1000 unless given
 * @param size payload bytes after the ICMP header; 56 unless given
 */
@Schema(
    description = "Echo requests to send.",
    example = "{\"destination\":\"10.1.1.1\",\"count\":3,\"timeoutMillis\":1000}")
public record PingRequest(
    @Schema(description = "IPv4 or IPv6 address.", example = "10.1.1.1") @NotNull
        IpAddress destination,
    @Schema(description = "How many.", defaultValue = "3", example = "3") @Min(1) @Max(100)
        @Nullable Integer count,
    @Schema(
            description = "How long each answer is waited for.",
            defaultValue = "1000",
            example = "1000")
        @Min(10)
        @Max(10_000)
        @Nullable Integer timeoutMillis,
    @Schema(description = "Payload bytes.", defaultValue = "56") @Min(16) @Max(65_000)
        @Nullable Integer size) {}
