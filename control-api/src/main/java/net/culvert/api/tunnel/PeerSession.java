package net.culvert.api.tunnel;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a WireGuard peer and we stand.
 *
 * @param latestHandshake when a handshake was last completed, or null if none was
 * @param ageSeconds age of the session that packets are sent in, or null if there is none
 * @param roams how often the peer was heard from elsewhere than before
 */
public record PeerSession(
    @Nullable Instant latestHandshake, @Nullable Long ageSeconds, long roams) {}
