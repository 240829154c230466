package net.culvert.node.kernel.rtnetlink;

/** Who made a route, an address or a neighbour: {@code rtm_protocol} and its likes. */
public final class RouteProtocol {

  /**
   * This program's mark, 199 (0xc7). Chosen because nobody has it: {@code linux/rtnetlink.h} ends
   * at 192, {@code rt_protos} of iproute2 has 84, 99 and 186 to 192 beside it, and FRRouting takes
   * 191 to 198. {@code ip route show proto 199} lists ours.
   */
  public static final int CULVERT = 0xc7;

  private RouteProtocol() {}
}
