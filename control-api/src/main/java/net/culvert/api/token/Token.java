package net.culvert.api.token;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import net.culvert.api.value.ResourceName;
import org.jspecify.annotations.Nullable;

/**
 * A token, told by its name. The text itself is in the answer that made it and in no other.
 *
 * @param expiresAt from when on it is refused; null for never
 * @param lastUsedAt the minute in which it was last used; null where that is not known
 * @param configured whether it is the one of the node's configuration or of its file {@code
 *     api-token}, which cannot be changed over REST
 * @param token the text that a caller sends, where this answer made it
 */
@Schema(description = "A token, told by its name.")
public record Token(
    ResourceName name,
    Role role,
    @Nullable Instant createdAt,
    @Nullable Instant expiresAt,
    @Nullable Instant lastUsedAt,
    boolean configured,
    @Schema(description = "The text that a caller sends. Told once, where it was just made.")
        @Nullable String token) {

  /** Without the text. */
  @Override
  public String toString() {
    return "Token[name=" + name + ", role=" + role + ", expiresAt=" + expiresAt + "]";
  }
}
