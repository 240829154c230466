package net.culvert.node.kernel.udp;

import net.culvert.api.value.Family;
import net.culvert.api.value.IpAddress;

/**
 * An address and a UDP port that a datagram comes from or goes to.
 *
 * @param port 1 to 65535
 * @param scopeId the interface index that a link-local IPv6 address is meant on, else 0
 */
public record UdpEndpoint(IpAddress address, int port, int scopeId) {

  public UdpEndpoint {
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("a port is 1 to 65535, not " + port);
    }
  }

  public UdpEndpoint(IpAddress address, int port) {
    this(address, port, 0);
  }

  public Family family() {
    return address.family();
  }

  /** Whether it is this address and port, given as numbers; the scope is not looked at. */
  public boolean matches(Family family, long high, long low, int port) {
    return this.port == port
        && address.low() == low
        && address.high() == high
        && address.family() == family;
  }

  @Override
  public String toString() {
    if (family() == Family.IPV4) {
      return address + ":" + port;
    }
    return "[" + address + (scopeId == 0 ? "" : "%" + scopeId) + "]:" + port;
  }
}
