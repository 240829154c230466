package net.culvert.node.security;

import java.time.Instant;
import net.culvert.api.token.Role;
import net.culvert.api.value.ResourceName;
import org.jspecify.annotations.Nullable;

/**
 * A token as it is kept.
 *
 * @param digest the SHA-256 of its text, in hexadecimal
 * @param expiresAt from when on it is refused; null for never
 * @param lastUsedAt cut to the minute; null where it was not used yet
 */
public record StoredToken(
    ResourceName name,
    Role role,
    String digest,
    Instant createdAt,
    @Nullable Instant expiresAt,
    @Nullable Instant lastUsedAt) {

  boolean isExpired(Instant now) {
    return expiresAt != null && !now.isBefore(expiresAt);
  }

  StoredToken usedAt(@Nullable Instant minute) {
    return new StoredToken(name, role, digest, createdAt, expiresAt, minute);
  }

  /** Without the digest. */
  @Override
  public String toString() {
    return "StoredToken[name=" + name + ", role=" + role + ", expiresAt=" + expiresAt + "]";
  }
}
