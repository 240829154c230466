package net.culvert.api.value;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.swagger.v3.oas.annotations.media.Schema;

/**
 * An own address and UDP port that a tunnel receives on; the unspecified address stands for all of
 * its family.
 *
 * @param port 1 to 65535
 */
@Schema(
    type = "string",
    description = "An own address and UDP port; IPv6 in brackets.",
    example = "0.0.0.0:7000")
public record ListenAddress(IpAddress address, int port) implements Comparable<ListenAddress> {

  public ListenAddress {
    requirePort(port);
    if (address.isMulticast()) {
      throw new IllegalArgumentException(address + " is a multicast address, not an own one");
    }
    if (address.isBroadcast()) {
      throw new IllegalArgumentException(address + " is the broadcast address, not an own one");
    }
  }

  @JsonCreator
  public static ListenAddress parse(String text) {
    HostAndPort parts = HostAndPort.parse(text);
    return new ListenAddress(IpAddress.parse(parts.host()), parts.port());
  }

  static void requirePort(int port) {
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("a port is 1 to 65535, not " + port);
    }
  }

  public Family family() {
    return address.family();
  }

  /** Whether both cannot be bound at a time: the same port, and an address in common. */
  public boolean collidesWith(ListenAddress other) {
    return port == other.port
        && family() == other.family()
        && (address.equals(other.address)
            || address.isUnspecified()
            || other.address.isUnspecified());
  }

  @Override
  public int compareTo(ListenAddress other) {
    int order = address.compareTo(other.address);
    return order != 0 ? order : Integer.compare(port, other.port);
  }

  @Override
  @JsonValue
  public String toString() {
    return family() == Family.IPV6 ? "[" + address + "]:" + port : address + ":" + port;
  }
}
