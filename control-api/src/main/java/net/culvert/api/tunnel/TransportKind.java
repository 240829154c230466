package net.culvert.api.tunnel;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a datagram of the tunnel looks like. */
public enum TransportKind {
  /** The inner packet as it is, neither encrypted nor authenticated. */
  @JsonProperty("plain")
  PLAIN,
  /** The WireGuard protocol, under the tunnel's {@link Cipher}. */
  @JsonProperty("wireguard")
  WIREGUARD
}
