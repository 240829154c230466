package net.culvert.node.dataplane;

/** Which way a packet goes. */
public enum Direction {
  /** From the TUN device to a peer. */
  OUTBOUND("outbound"),
  /** From a peer to the TUN device. */
  INBOUND("inbound");

  private final String label;

  Direction(String label) {
    this.label = label;
  }

  /** The name in metrics and events. */
  public String label() {
    return label;
  }
}
