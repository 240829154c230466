package net.culvert.node.transport;

import net.culvert.api.value.Family;
import org.jspecify.annotations.Nullable;

/**
 * A kind of datagram, as one tunnel has it. Each sending thread takes a {@link Sealer} and each
 * receiving thread an {@link Opener} of its own; what there is to say beside packets goes by the
 * {@link Conversation}.
 */
public interface Transport {

  /** The name it has in the REST API. */
  String name();

  /** Bytes that a datagram has beyond its inner packet, without the headers of IP and UDP. */
  int overheadBytes();

  /**
   * Bytes that the outer packet has beyond its inner packet: IP, UDP and {@link #overheadBytes}.
   */
  default int overheadBytes(Family outer) {
    return (outer == Family.IPV4 ? 20 : 40) + 8 + overheadBytes();
  }

  /** The largest inner packet whose datagram fits a path of that MTU without fragments. */
  default int innerMtuBytes(Family outer, int pathMtuBytes) {
    return pathMtuBytes - overheadBytes(outer);
  }

  Sealer newSealer();

  Opener newOpener();

  /** The one conversation of the tunnel, or null where packets are all there is. */
  default @Nullable Conversation conversation() {
    return null;
  }
}
