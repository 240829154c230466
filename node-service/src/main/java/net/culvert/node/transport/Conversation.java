package net.culvert.node.transport;

import java.util.Set;

/**
 * What a transport says beside the packets: handshakes, keepalives, what its timers ask for. Time
 * is an argument of everything, so that years pass in a test as fast as it likes. Of the
 * conductor's thread, where nothing else is said.
 */
public interface Conversation {

  /** The longest message that {@link #receive} is for, in bytes. */
  int MAX_MESSAGE_BYTES = 148;

  /** What became of a message. */
  enum Verdict {
    ACCEPTED,
    /** Nobody who may has made it, or not for us. */
    NOT_AUTHENTIC,
    /** It was seen before, or is older than what was. */
    REPLAYED,
    /** It answers nothing that was asked. */
    UNKNOWN,
    /** More came than is answered; its sender may try again. */
    LIMITED
  }

  /** Where what is said goes. */
  interface Output {

    /** Sends a message to where the peer is now; it is lost if nobody knows where that is. */
    void send(TransportPeer peer, byte[] message);

    /** Sends a message to where the one at hand came from. */
    void reply(byte[] message);

    /** The message at hand was authentic: its peer is where it came from. */
    void locate(TransportPeer peer);

    /** Whether it is known where the peer is. */
    boolean knows(TransportPeer peer);
  }

  /** Who wants to know of what happens on any thread. Its methods are quick and never wait. */
  interface Listener {

    /** {@link #turn} has something to do. */
    void wanted();

    /** A peer can be sent to that could not before. */
    void ready();

    /** Nobody. */
    Listener NONE =
        new Listener() {
          @Override
          public void wanted() {}

          @Override
          public void ready() {}
        };
  }

  /** To be told before anything else. */
  void listenBy(Listener listener);

  /** The peer of that identity, new or known; what it is told anew counts from now on. */
  TransportPeer admit(PeerIdentity identity, long nowNanos);

  /** Forgets all other peers, their sessions with them. */
  void retain(Set<TransportPeer> peers);

  /**
   * Takes a message that is no packet.
   *
   * @param message not kept
   * @param source where it came from, address and port, the same bytes for the same place
   * @param underLoad whether more comes than can be answered, so that a sender first proves where
   *     it is
   */
  Verdict receive(
      byte[] message,
      int length,
      byte[] source,
      boolean underLoad,
      long nowNanos,
      long epochNanos,
      Output output);

  /**
   * Does what is due.
   *
   * @param epochNanos the time of day, in nanoseconds since 1970
   * @return when something is due again, as {@code nowNanos} counts
   */
  long turn(long nowNanos, long epochNanos, Output output);
}
