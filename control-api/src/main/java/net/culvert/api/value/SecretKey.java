package net.culvert.api.value;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.swagger.v3.oas.annotations.media.Schema;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * A private or preshared key in base64. It is written and never read back: where a field is absent
 * the stored key stays, and {@code null} stands for {@link #NONE}.
 *
 * @param value null only in {@link #NONE}
 */
@Schema(
    type = "string",
    description =
        "A secret of 32 bytes in base64, never read back. Absent keeps the stored one, null removes or remakes it.",
    accessMode = Schema.AccessMode.WRITE_ONLY,
    maxLength = 44)
public record SecretKey(@Nullable String value) {

  /** No key: one that is to be removed, or made anew. */
  public static final SecretKey NONE = new SecretKey(null);

  public SecretKey {
    if (value != null) {
      Keys.require(value, "a key");
    }
  }

  @JsonCreator
  public static SecretKey parse(String text) {
    return new SecretKey(text);
  }

  /** The secret itself, for who sends it and who keeps it. */
  @Override
  @JsonValue
  public @Nullable String value() {
    return value;
  }

  /** In constant time. */
  @Override
  public boolean equals(@Nullable Object other) {
    if (!(other instanceof SecretKey key) || value == null || key.value == null) {
      return other instanceof SecretKey key && value == null && key.value == null;
    }
    return MessageDigest.isEqual(
        value.getBytes(StandardCharsets.US_ASCII), key.value.getBytes(StandardCharsets.US_ASCII));
  }

  /** The same for all, so that it tells nothing. */
  @Override
  public int hashCode() {
    return 1;
  }

  /** Tells nothing. */
  @Override
  public String toString() {
    return value == null ? "no key" : "a key";
  }
}
