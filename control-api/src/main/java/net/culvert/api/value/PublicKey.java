package net.culvert.api.value;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.swagger.v3.oas.annotations.media.Schema;

/** A Curve25519 public key (RFC 7748) in base64, which is also the name that WireGuard knows by. */
@Schema(
    type = "string",
    description = "A Curve25519 public key, 32 bytes in base64.",
    example = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=",
    maxLength = 44)
public record PublicKey(String value) {

  public PublicKey {
    Keys.require(value, "a public key");
  }

  @JsonCreator
  public static PublicKey parse(String text) {
    return new PublicKey(text);
  }

  @Override
  @JsonValue
  public String toString() {
    return value;
  }
}
