package net.culvert.node.dataplane;

import java.util.List;
import java.util.Map;
import net.culvert.node.kernel.udp.DatagramBatchSocket.BufferSizes;
import net.culvert.node.kernel.udp.UdpEndpoint;
import net.culvert.node.transport.TransportPeer;
import org.jspecify.annotations.Nullable;

/**
 * What a tunnel's data plane counted and knows at one moment. Each number is exact; they are read
 * one after the other while packets go on, so sums may differ by what passed meanwhile.
 *
 * @param outbound all peers together
 * @param inbound all peers together
 * @param outboundDrops by reason, those that occurred
 * @param inboundDrops by reason, those that occurred
 * @param receiveQueueDrops datagrams that the kernel dropped before they were received
 * @param sockets what the tunnel listens on
 * @param offloads what the kernel does for many packets at once, and why not
 */
public record TunnelSnapshot(
    Traffic outbound,
    Traffic inbound,
    Map<DropReason, Long> outboundDrops,
    Map<DropReason, Long> inboundDrops,
    long receiveQueueDrops,
    List<PeerSnapshot> peers,
    List<AgentStatus> agents,
    List<SocketSnapshot> sockets,
    List<OffloadStatus> offloads) {

  /** Whether every agent turns. */
  public boolean alive() {
    return agents.stream().allMatch(AgentStatus::alive);
  }

  /**
   * One direction.
   *
   * @param bytes of inner packets
   * @param sinceLastNanos age of the last packet, or null if there was none
   */
  public record Traffic(long packets, long bytes, @Nullable Long sinceLastNanos) {}

  /**
   * One peer.
   *
   * @param endpoint where it is, or null if that is not known
   * @param endpointLearned whether that came from a datagram
   * @param mtuBytes the largest inner packet that goes there without fragments outside
   * @param pathMtuBytes the largest outer packet that goes there whole, as the kernel knows it; 0
   *     if it was not asked yet
   * @param session how it stands between us, or null for a transport without sessions
   * @param roams how often authentic datagrams came from elsewhere than before
   */
  public record PeerSnapshot(
      String name,
      @Nullable UdpEndpoint endpoint,
      boolean endpointLearned,
      int mtuBytes,
      int pathMtuBytes,
      Traffic outbound,
      Traffic inbound,
      Map<DropReason, Long> outboundDrops,
      Map<DropReason, Long> inboundDrops,
      TransportPeer.@Nullable Status session,
      long roams) {}

  /** One socket. */
  public record SocketSnapshot(
      String local, int queue, BufferSizes bufferSizes, long receiveQueueDrops) {}
}
