package net.culvert.node.transport.wireguard;

/**
 * A message that carries a packet: type u32, receiver u32, counter u64, all little-endian, and the
 * sealed packet.
 */
final class DataMessage {

  static final int RECEIVER_AT = 4;
  static final int COUNTER_AT = 8;
  static final int HEADER_BYTES = 16;

  /** Bytes that a datagram has beyond the padded packet. */
  static final int OVERHEAD_BYTES = HEADER_BYTES + AeadCipher.TAG_BYTES;

  private DataMessage() {}

  static void putHeader(CipherSuite suite, byte[] message, int receiver, long counter) {
    LittleEndian.putI32(message, 0, suite.typeNumber(MessageType.DATA));
    LittleEndian.putI32(message, RECEIVER_AT, receiver);
    LittleEndian.putI64(message, COUNTER_AT, counter);
  }

  /** Length of a packet after padding: a multiple of 16, but not past what the path takes. */
  static int padded(int innerBytes, int mtuBytes) {
    int whole = innerBytes + Limits.PADDING_BYTES - 1 & -Limits.PADDING_BYTES;
    return Math.max(innerBytes, Math.min(whole, mtuBytes));
  }
}
