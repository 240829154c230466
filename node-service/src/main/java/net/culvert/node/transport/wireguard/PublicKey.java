package net.culvert.node.transport.wireguard;

import java.security.MessageDigest;
import java.util.Arrays;
import org.bouncycastle.math.ec.rfc7748.X25519;

/** A Curve25519 public key (RFC 7748), which is also the name of a peer. Immutable. */
public final class PublicKey {

  private final byte[] bytes;

  private PublicKey(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * @param bytes 32 of them, copied
   */
  public static PublicKey of(byte[] bytes) {
    return new PublicKey(KeyText.checked(bytes));
  }

  /**
   * Reads base64.
   *
   * @throws IllegalArgumentException if it is not a key
   */
  public static PublicKey parse(String base64) {
    return new PublicKey(KeyText.parse(base64));
  }

  /** A copy of the 32 bytes. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /**
   * Whether every agreement with this key is zero, whoever makes it (RFC 7748, section 6.1): such a
   * key belongs to nobody and must not be accepted.
   */
  public boolean isLowOrder() {
    byte[] scalar = new byte[X25519.SCALAR_SIZE];
    scalar[0] = 8;
    return !X25519.calculateAgreement(scalar, 0, bytes, 0, new byte[X25519.POINT_SIZE], 0);
  }

  /** In constant time. */
  @Override
  public boolean equals(Object other) {
    return other instanceof PublicKey key && MessageDigest.isEqual(bytes, key.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** Base64. */
  @Override
  public String toString() {
    return KeyText.format(bytes);
  }
}
