package net.culvert.api.value;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.swagger.v3.oas.annotations.media.Schema;

/**
 * A set of addresses that share their first {@code length} bits, in its one canonical spelling:
 * every bit after them is zero.
 *
 * @param address the first address of the set
 * @param length 0 to 32, or 0 to 128
 */
@Schema(type = "string", description = "A prefix without host bits.", example = "10.1.2.0/24")
public record Prefix(IpAddress address, int length) implements Comparable<Prefix> {

  public static final Prefix IPV4_DEFAULT = new Prefix(new IpAddress(Family.IPV4, 0, 0), 0);
  public static final Prefix IPV6_DEFAULT = new Prefix(new IpAddress(Family.IPV6, 0, 0), 0);

  public Prefix {
    requireLength(address, length);
    IpAddress network = address.masked(length);
    if (!network.equals(address)) {
      throw new IllegalArgumentException(
          address + "/" + length + " has host bits set; the prefix is " + network + "/" + length);
    }
  }

  /**
   * Reads {@code address/length}; host bits are refused, and the message holds the canonical form.
   */
  @JsonCreator
  public static Prefix parse(String text) {
    AddressAndLength parts = AddressAndLength.parse(text, "prefix");
    return new Prefix(parts.address(), parts.length());
  }

  /**
   * Reads {@code address/length} or a bare address as WireGuard's tools do: host bits are cleared.
   */
  public static Prefix parseLenient(String text) {
    AddressAndLength parts =
        text.indexOf('/') < 0
            ? AddressAndLength.single(IpAddress.parse(text))
            : AddressAndLength.parse(text, "prefix");
    return containing(parts.address(), parts.length());
  }

  /** The prefix of that length which the address lies in. */
  public static Prefix containing(IpAddress address, int length) {
    requireLength(address, length);
    return new Prefix(address.masked(length), length);
  }

  static void requireLength(IpAddress address, int length) {
    if (length < 0 || length > address.family().bits()) {
      throw new IllegalArgumentException(
          "a prefix length of "
              + address
              + " is 0 to "
              + address.family().bits()
              + ", not "
              + length);
    }
  }

  public Family family() {
    return address.family();
  }

  public boolean contains(IpAddress other) {
    return other.family() == family() && other.masked(length).equals(address);
  }

  public boolean contains(Prefix other) {
    return other.length >= length && contains(other.address);
  }

  public boolean overlaps(Prefix other) {
    return contains(other) || other.contains(this);
  }

  /** By address, then the shorter prefix first. */
  @Override
  public int compareTo(Prefix other) {
    int order = address.compareTo(other.address);
    return order != 0 ? order : Integer.compare(length, other.length);
  }

  @Override
  @JsonValue
  public String toString() {
    return address + "/" + length;
  }
}
