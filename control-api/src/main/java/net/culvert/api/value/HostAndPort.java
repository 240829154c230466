package net.culvert.api.value;

import static net.culvert.api.value.IpAddress.quote;

/** {@code host:port} or {@code [IPv6]:port}, taken apart. */
record HostAndPort(String host, int port, boolean bracketed) {

  static HostAndPort parse(String text) {
    String host;
    String port;
    boolean bracketed = text.startsWith("[");
    if (bracketed) {
      int end = text.indexOf("]:");
      if (end < 0) {
        throw new IllegalArgumentException(quote(text) + " is not [IPv6 address]:port");
      }
      host = text.substring(1, end);
      port = text.substring(end + 2);
      if (host.indexOf(':') < 0) {
        throw new IllegalArgumentException("brackets are for IPv6; write " + host + ":" + port);
      }
    } else {
      int colon = text.lastIndexOf(':');
      if (colon < 0) {
        throw new IllegalArgumentException(quote(text) + " has no port; write host:port");
      }
      host = text.substring(0, colon);
      port = text.substring(colon + 1);
      if (host.indexOf(':') >= 0) {
        throw new IllegalArgumentException(
            "an IPv6 address with a port is written in brackets, as [::1]:7000");
      }
    }
    if (!port.matches("0|[1-9][0-9]{0,8}")) {
      throw new IllegalArgumentException(quote(port) + " is not a port");
    }
    return new HostAndPort(host, Integer.parseInt(port), bracketed);
  }
}
