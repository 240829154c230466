package net.culvert.node.transport.wireguard;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.jspecify.annotations.Nullable;

/** A Curve25519 private key, clamped (RFC 7748). It never shows itself but to {@link #toBase64}. */
public final class PrivateKey {

  private final byte[] bytes;
  private final PublicKey publicKey;

  private PrivateKey(byte[] bytes) {
    X25519.clampPrivateKey(bytes);
    this.bytes = bytes;
    byte[] point = new byte[X25519.POINT_SIZE];
    X25519.scalarMultBase(bytes, 0, point, 0);
    this.publicKey = PublicKey.of(point);
  }

  /**
   * @param bytes 32 of them, copied
   */
  public static PrivateKey of(byte[] bytes) {
    return new PrivateKey(KeyText.checked(bytes));
  }

  /**
   * @param random a source that nobody can predict, such as {@link java.security.SecureRandom}
   */
  public static PrivateKey generate(RandomGenerator random) {
    byte[] bytes = new byte[KeyText.KEY_BYTES];
    random.nextBytes(bytes);
    return new PrivateKey(bytes);
  }

  /**
   * Reads base64.
   *
   * @throws IllegalArgumentException if it is not a key; the message does not repeat it
   */
  public static PrivateKey parse(String base64) {
    return new PrivateKey(KeyText.parse(base64));
  }

  public PublicKey publicKey() {
    return publicKey;
  }

  /** The secret itself, for the one place that stores it. */
  public String toBase64() {
    return KeyText.format(bytes);
  }

  /** The secret shared with the owner of a key, or null if that key is of low order. */
  byte @Nullable [] agree(PublicKey other) {
    byte[] shared = new byte[X25519.POINT_SIZE];
    return X25519.calculateAgreement(bytes, 0, other.bytes(), 0, shared, 0) ? shared : null;
  }

  /** Overwrites the secret; the key is of no use afterwards. */
  void destroy() {
    Arrays.fill(bytes, (byte) 0);
  }

  /** In constant time. */
  @Override
  public boolean equals(Object other) {
    return other instanceof PrivateKey key && MessageDigest.isEqual(bytes, key.bytes);
  }

  @Override
  public int hashCode() {
    return publicKey.hashCode();
  }

  @Override
  public String toString() {
    return "private key of " + publicKey;
  }
}
