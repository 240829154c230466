package net.culvert.node.transport.wireguard;

/** The constants of the WireGuard paper, section 6.1, and of its implementations. */
final class Limits {

  private static final long SECOND = 1_000_000_000L;

  /** Messages after which a session's owner asks for a new one. */
  static final long REKEY_AFTER_MESSAGES = 1L << 60;

  /** The first counter, unsigned, that is never used: 2^64 − 2^13 − 1. */
  static final long REJECT_AFTER_MESSAGES = -(1L << 13) - 1;

  /** Age at which the initiator of a session asks for a new one when it sends. */
  static final long REKEY_AFTER_NANOS = 120 * SECOND;

  /** Age at which a session ends. */
  static final long REJECT_AFTER_NANOS = 180 * SECOND;

  /** How long a handshake is tried again without traffic that asks for it. */
  static final long REKEY_ATTEMPT_NANOS = 90 * SECOND;

  /** Between two tries, without the jitter. */
  static final long REKEY_TIMEOUT_NANOS = 5 * SECOND;

  /** What is added to a try's wait at random, at most. */
  static final long REKEY_JITTER_NANOS = 334_000_000L;

  /** A peer that heard data and had nothing to say for this long says that it lives. */
  static final long KEEPALIVE_NANOS = 10 * SECOND;

  /** Age of a session at which its initiator asks for a new one when it only receives. */
  static final long REKEY_WHEN_RECEIVING_NANOS =
      REJECT_AFTER_NANOS - KEEPALIVE_NANOS - REKEY_TIMEOUT_NANOS;

  /** After this long without a new session all secrets of a peer's sessions are overwritten. */
  static final long ZERO_AFTER_NANOS = 3 * REJECT_AFTER_NANOS;

  /** How long a cookie, and the secret that cookies are made of, is good for. */
  static final long COOKIE_NANOS = 120 * SECOND;

  /** Initiations of one peer that follow each other faster are not answered. */
  static final long INITIATION_SPACING_NANOS = SECOND / 50;

  /** Payloads are padded to a multiple of this many bytes. */
  static final int PADDING_BYTES = 16;

  /** Packets that wait for one peer's handshake; the oldest goes when another comes. */
  static final int MAX_STAGED_PACKETS = 128;

  /** Peers of one device. */
  static final int MAX_PEERS = 65_536;

  private Limits() {}
}
