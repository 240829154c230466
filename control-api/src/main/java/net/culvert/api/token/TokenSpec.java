package net.culvert.api.token;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;
import net.culvert.api.value.Timestamp;
import org.jspecify.annotations.Nullable;

/**
 * A token to make or to change.
 *
 * @param expiresAt from when on it is refused; null for never
 * @param renew whether a token that is there is made anew, so that the old one ends; false unless
 *     given
 */
@Schema(
    description = "A token to make or to change.",
    example = "{\"role\":\"read\",\"expiresAt\":\"2099-12-31T23:59:59Z\"}")
public record TokenSpec(
    @Schema(description = "What it allows.", example = "read") @NotNull Role role,
    @Schema(description = "From when on it is refused; never unless given.")
        @Nullable Timestamp expiresAt,
    @Schema(
            description = "Whether a token that is there is made anew: the old one ends at once.",
            defaultValue = "false")
        @Nullable Boolean renew) {}
