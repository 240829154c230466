package net.culvert.api.value;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.swagger.v3.oas.annotations.media.Schema;

/**
 * An address of a link together with the length of the prefix that is on that link, such as {@code
 * 10.1.1.2/24}.
 *
 * @param length 0 to 32, or 0 to 128
 */
@Schema(
    type = "string",
    description = "An address and its on-link prefix length.",
    example = "10.1.1.2/24")
public record InterfaceAddress(IpAddress address, int length)
    implements Comparable<InterfaceAddress> {

  public InterfaceAddress {
    Prefix.requireLength(address, length);
    if (address.isUnspecified()) {
      throw new IllegalArgumentException(
          address + " is the unspecified address, not one of a link");
    }
    if (address.isMulticast()) {
      throw new IllegalArgumentException(address + " is a multicast address, not one of a link");
    }
    if (address.family() == Family.IPV4) {
      if (address.isBroadcast()) {
        throw new IllegalArgumentException(address + " is the broadcast address");
      }
      // RFC 3021: a /31 has neither network nor broadcast address.
      if (length < 31 && address.equals(address.masked(length))) {
        throw new IllegalArgumentException(
            address + "/" + length + " is the network itself, not an address in it");
      }
      if (length < 31 && address.equals(address.broadcast(length))) {
        throw new IllegalArgumentException(
            address + " is the broadcast address of " + address.masked(length) + "/" + length);
      }
    }
  }

  @JsonCreator
  public static InterfaceAddress parse(String text) {
    AddressAndLength parts = AddressAndLength.parse(text, "address");
    return new InterfaceAddress(parts.address(), parts.length());
  }

  public Family family() {
    return address.family();
  }

  /** The prefix that is on the link because of this address. */
  public Prefix prefix() {
    return Prefix.containing(address, length);
  }

  @Override
  public int compareTo(InterfaceAddress other) {
    int order = address.compareTo(other.address);
    return order != 0 ? order : Integer.compare(length, other.length);
  }

  @Override
  @JsonValue
  public String toString() {
    return address + "/" + length;
  }
}
