package net.culvert.node.transport;

import org.jspecify.annotations.Nullable;

/**
 * What a transport keeps of one peer while the tunnel runs, such as its sessions. Made by {@link
 * Conversation#admit}, compared by identity. Any thread.
 */
public interface TransportPeer {

  /** How it stands between us. */
  Status status(long nowNanos);

  /**
   * @param lastHandshakeEpochNanos when a handshake was last completed, in nanoseconds since 1970,
   *     or null if none was
   * @param sessionAgeNanos age of the session that packets are sent in, or null if there is none
   */
  record Status(@Nullable Long lastHandshakeEpochNanos, @Nullable Long sessionAgeNanos) {

    /** Where nothing has happened yet. */
    public static final Status NONE = new Status(null, null);
  }
}
