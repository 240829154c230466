package net.culvert.api.tunnel;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What stands before the inner packet in a datagram of the plain transport. */
public enum Framing {
  /** Nothing: flannel's udp backend, socat with iff-no-pi. */
  @JsonProperty("ip")
  IP,
  /** {@code struct tun_pi}, four bytes: a program that opens TUN without IFF_NO_PI. */
  @JsonProperty("packet-information")
  PACKET_INFORMATION
}
