package net.culvert.node.health;

import java.util.List;
import java.util.Map;
import net.culvert.api.value.LinkName;
import net.culvert.api.value.ResourceName;

/**
 * What passed one tunnel since it was started.
 *
 * @param drops by reason, those that no peer can be held to; a reason is lower case with dashes
 * @param gauges further numbers of the tunnel by their meter's name, such as {@code
 *     culvert_tunnel_mtu_bytes}
 */
public record TunnelTraffic(
    LinkName tunnel,
    List<Peer> peers,
    Map<String, Long> drops,
    Map<String, Double> gauges,
    List<Offload> offloads) {

  /**
   * Something that the kernel can do for many packets at once.
   *
   * @param on whether it is in use
   * @param fallbacks how often the kernel refused it while it was
   */
  public record Offload(String name, boolean on, long fallbacks) {}

  /**
   * One peer's share.
   *
   * @param outboundPackets TUN to UDP
   * @param inboundPackets UDP to TUN
   */
  public record Peer(
      ResourceName peer,
      long outboundPackets,
      long outboundBytes,
      long inboundPackets,
      long inboundBytes,
      Map<String, Long> drops) {}
}
