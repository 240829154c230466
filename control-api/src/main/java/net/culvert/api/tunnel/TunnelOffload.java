package net.culvert.api.tunnel;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What the kernel can do for many packets at once, and a tunnel can be told to do without. */
public enum TunnelOffload {
  /** TCP super-packets are read from the TUN device (TSO). */
  @JsonProperty("tun-tcp-read")
  TUN_TCP_READ,
  /** UDP super-packets are read from the TUN device (USO, Linux 6.2). */
  @JsonProperty("tun-udp-read")
  TUN_UDP_READ,
  /** TCP packets are joined to super-packets before they are written to the TUN device. */
  @JsonProperty("tun-tcp-write")
  TUN_TCP_WRITE,
  /** UDP packets are joined to super-packets before they are written to the TUN device. */
  @JsonProperty("tun-udp-write")
  TUN_UDP_WRITE,
  /** Datagrams of one size are sent as trains ({@code UDP_SEGMENT}). */
  @JsonProperty("send-trains")
  SEND_TRAINS,
  /** Datagrams of one size are received as trains ({@code UDP_GRO}, Linux 5.12). */
  @JsonProperty("receive-trains")
  RECEIVE_TRAINS
}
