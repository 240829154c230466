package net.culvert.node.dataplane;

import net.culvert.node.transport.PeerIdentity;
import net.culvert.node.transport.Transport;
import org.jspecify.annotations.Nullable;

/**
 * The transports of the two sides of a {@link Rehearsal}.
 *
 * @param leftIdentity who the left side is to the right one; null where nobody needs to know
 * @param rightIdentity the same the other way round
 */
public record RehearsalCast(
    Transport left,
    @Nullable PeerIdentity leftIdentity,
    Transport right,
    @Nullable PeerIdentity rightIdentity) {

  /** A transport without sessions, which both sides can share. */
  public static RehearsalCast of(Transport transport) {
    return new RehearsalCast(transport, null, transport, null);
  }
}
