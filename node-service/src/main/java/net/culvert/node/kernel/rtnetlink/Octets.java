package net.culvert.node.kernel.rtnetlink;

import net.culvert.api.value.Family;
import net.culvert.api.value.IpAddress;
import net.culvert.api.value.Prefix;
import net.culvert.node.kernel.abi.Socket;
import org.jspecify.annotations.Nullable;

/** Addresses as messages carry them. */
final class Octets {

  private Octets() {}

  static int family(Family family) {
    return family == Family.IPV4 ? Socket.AF_INET : Socket.AF_INET6;
  }

  static @Nullable Family family(int family) {
    return switch (family) {
      case Socket.AF_INET -> Family.IPV4;
      case Socket.AF_INET6 -> Family.IPV6;
      default -> null;
    };
  }

  /**
   * The address of so many bytes, or null for none and for what is no address of ours: an
   * IPv4-mapped one stands in some machines' tables, and must not hide the others from us.
   */
  static @Nullable IpAddress address(byte @Nullable [] bytes, Family family) {
    if (bytes == null || bytes.length != family.bytes()) {
      return null;
    }
    try {
      return IpAddress.of(bytes);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** The prefix of an address that may be absent, which is the default; null as above. */
  static @Nullable Prefix prefix(byte @Nullable [] bytes, Family family, int length) {
    if (length > family.bits()) {
      return null;
    }
    if (bytes == null) {
      return length != 0 ? null : family == Family.IPV4 ? Prefix.IPV4_DEFAULT : Prefix.IPV6_DEFAULT;
    }
    IpAddress address = address(bytes, family);
    return address == null ? null : Prefix.containing(address, length);
  }
}
