package net.culvert.api.value;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.swagger.v3.oas.annotations.media.Schema;

/**
 * The name of a network device: 1 to 15 bytes (IFNAMSIZ less the terminator) of {@code
 * A-Za-z0-9._-}.
 */
@Schema(
    type = "string",
    description = "A network device's name, up to 15 bytes.",
    example = "veth1",
    maxLength = 15,
    pattern = "^[A-Za-z0-9._-]{1,15}$")
public record LinkName(String value) implements Comparable<LinkName> {

  public static final int MAX_BYTES = 15;

  public LinkName {
    Names.require(value, MAX_BYTES, "a device's name");
  }

  @JsonCreator
  public static LinkName parse(String text) {
    return new LinkName(text);
  }

  @Override
  public int compareTo(LinkName other) {
    return value.compareTo(other.value);
  }

  @Override
  @JsonValue
  public String toString() {
    return value;
  }
}
