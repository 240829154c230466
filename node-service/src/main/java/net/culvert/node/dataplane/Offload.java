package net.culvert.node.dataplane;

/** What the kernel can do for many packets at once; each has a switch, a state and a reason. */
public enum Offload {
  TUN_TCP_READ("tun-tcp-read", "TCP super-packets are read from the TUN device (TSO)"),
  TUN_UDP_READ("tun-udp-read", "UDP super-packets are read from the TUN device (USO)"),
  TUN_TCP_WRITE("tun-tcp-write", "TCP packets are joined to super-packets for the TUN device"),
  TUN_UDP_WRITE("tun-udp-write", "UDP packets are joined to super-packets for the TUN device"),
  SEND_TRAINS("send-trains", "Datagrams of one size are sent as trains (UDP_SEGMENT)"),
  RECEIVE_TRAINS("receive-trains", "Datagrams of one size are received as trains (UDP_GRO)");

  private final String label;
  private final String sentence;

  Offload(String label, String sentence) {
    this.label = label;
    this.sentence = sentence;
  }

  /** The name in metrics and the REST API. */
  public String label() {
    return label;
  }

  /** What is done while it is on. */
  public String sentence() {
    return sentence;
  }
}
