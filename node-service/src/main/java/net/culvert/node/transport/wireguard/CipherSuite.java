package net.culvert.node.transport.wireguard;

import org.jspecify.annotations.Nullable;

/**
 * What a tunnel seals with. It is chosen and never negotiated, so nothing can be downgraded: the
 * name goes into the handshake's hash, and the message types differ, so that two suites never
 * understand each other and a mismatch is seen as one.
 */
public enum CipherSuite {
  /** What WireGuard speaks: message types 1 to 4, nonces little-endian. */
  WIREGUARD("chacha20-poly1305", "Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s", 0),

  /**
   * The same protocol over AES-256-GCM: message types 193 to 196, nonces big-endian (Noise Protocol
   * Framework, revision 34, section 12.4).
   */
  CULVERT_AES("aes-256-gcm", "Noise_IKpsk2_25519_AESGCM_BLAKE2s", 192);

  private final String apiName;
  private final String noiseName;
  private final int typeOffset;

  CipherSuite(String apiName, String noiseName, int typeOffset) {
    this.apiName = apiName;
    this.noiseName = noiseName;
    this.typeOffset = typeOffset;
  }

  /** The name of the cipher in the REST API. */
  public String apiName() {
    return apiName;
  }

  /** The name of the Noise protocol, hashed first in every handshake. */
  String noiseName() {
    return noiseName;
  }

  /** The number that stands, little-endian, in the first four bytes of such a message. */
  int typeNumber(MessageType type) {
    return typeOffset + type.number();
  }

  /** The type with that number, or null if this suite has none. */
  @Nullable MessageType typeOf(int number) {
    return MessageType.of(number - typeOffset);
  }

  /** The suite that has a message type of that number, or null. */
  static @Nullable CipherSuite speaking(int number) {
    for (CipherSuite suite : values()) {
      if (suite.typeOf(number) != null) {
        return suite;
      }
    }
    return null;
  }
}
