package net.culvert.api.value;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.swagger.v3.oas.annotations.media.Schema;

/** The name of anything but a device: 1 to 63 bytes of {@code A-Za-z0-9._-}. */
@Schema(
    type = "string",
    description = "A name, up to 63 bytes.",
    example = "net1",
    maxLength = 63,
    pattern = "^[A-Za-z0-9._-]{1,63}$")
public record ResourceName(String value) implements Comparable<ResourceName> {

  public static final int MAX_BYTES = 63;

  public ResourceName {
    Names.require(value, MAX_BYTES, "a name");
  }

  @JsonCreator
  public static ResourceName parse(String text) {
    return new ResourceName(text);
  }

  @Override
  public int compareTo(ResourceName other) {
    return value.compareTo(other.value);
  }

  @Override
  @JsonValue
  public String toString() {
    return value;
  }
}
