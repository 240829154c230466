package net.culvert.node.transport.plain;

/** What stands between the UDP header and the inner packet. */
public enum Framing {
  /** Nothing: what flannel's udp backend and socat with {@code iff-no-pi} speak. */
  IP("ip", 0),

  /**
   * {@code struct tun_pi}: flags u16, EtherType u16, both in network byte order. It is what a
   * program sends that copies from a TUN device opened without {@code IFF_NO_PI}.
   */
  PACKET_INFORMATION("packet-information", 4);

  private final String apiName;
  private final int bytes;

  Framing(String apiName, int bytes) {
    this.apiName = apiName;
    this.bytes = bytes;
  }

  /** The name in the REST API. */
  public String apiName() {
    return apiName;
  }

  /** Bytes before the inner packet. */
  public int bytes() {
    return bytes;
  }
}
