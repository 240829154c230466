package net.culvert.node.security;

import jakarta.servlet.http.HttpServletRequest;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Where a request came from, as limits count it: an IPv4 address, or the first 64 bits of an IPv6
 * address, since one host may have all that share them.
 */
record SourceAddress(String key, boolean loopback) {

  private static final int SITE_BYTES = 8;

  static SourceAddress of(HttpServletRequest request) {
    return of(request.getRemoteAddr());
  }

  static SourceAddress of(String literal) {
    // Without the scope, a link's name or number that this process may not know.
    int scope = literal.indexOf('%');
    InetAddress address = InetAddress.ofLiteral(scope < 0 ? literal : literal.substring(0, scope));
    if (address instanceof Inet6Address && !address.isLoopbackAddress()) {
      byte[] site = Arrays.copyOf(address.getAddress(), SITE_BYTES);
      return new SourceAddress(HexFormat.of().formatHex(site), false);
    }
    return new SourceAddress(address.getHostAddress(), address.isLoopbackAddress());
  }
}
