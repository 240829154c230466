package net.culvert.node.dataplane;

import net.culvert.api.value.IpAddress;
import net.culvert.node.packet.IpHeader;
import org.jspecify.annotations.Nullable;

/**
 * Which packets a reader wants to see; null means any.
 *
 * @param protocol an IANA protocol number
 * @param host the source or the destination
 */
public record PacketFilter(
    @Nullable Direction direction, @Nullable Integer protocol, @Nullable IpAddress host) {

  public static final PacketFilter ALL = new PacketFilter(null, null, null);

  /** A packet that is no IP packet has neither protocol nor host. */
  boolean wants(Direction way, @Nullable IpHeader header) {
    if (direction != null && direction != way) {
      return false;
    }
    if (protocol == null && host == null) {
      return true;
    }
    return header != null
        && (protocol == null || protocol == header.upperProtocol())
        && (host == null || isHost(host, header));
  }

  private static boolean isHost(IpAddress host, IpHeader header) {
    return host.family() == header.family()
        && (host.high() == header.sourceHigh() && host.low() == header.sourceLow()
            || host.high() == header.destinationHigh() && host.low() == header.destinationLow());
  }
}
