package net.culvert.node.transport.wireguard;

import org.jspecify.annotations.Nullable;

/** The four messages of the protocol and their fixed lengths in bytes. */
enum MessageType {
  INITIATION(1, 148),
  RESPONSE(2, 92),
  COOKIE_REPLY(3, 64),

  /** The length is that of a keepalive, the shortest. */
  DATA(4, 32);

  private final int number;
  private final int bytes;

  MessageType(int number, int bytes) {
    this.number = number;
    this.bytes = bytes;
  }

  int number() {
    return number;
  }

  int bytes() {
    return bytes;
  }

  static @Nullable MessageType of(int number) {
    return switch (number) {
      case 1 -> INITIATION;
      case 2 -> RESPONSE;
      case 3 -> COOKIE_REPLY;
      case 4 -> DATA;
      default -> null;
    };
  }

  /** Whether a datagram of that many bytes can be such a message. */
  boolean fits(int length) {
    return this == DATA ? length >= bytes : length == bytes;
  }
}
