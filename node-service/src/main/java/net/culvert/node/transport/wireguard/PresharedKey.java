package net.culvert.node.transport.wireguard;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * A symmetric secret that two peers mix into their handshake, all zero if they have none.
 * Immutable; it never shows itself but to {@link #toBase64}.
 */
public final class PresharedKey {

  /** The one that stands for none. */
  public static final PresharedKey NONE = new PresharedKey(new byte[KeyText.KEY_BYTES]);

  private final byte[] bytes;

  private PresharedKey(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * @param bytes 32 of them, copied
   */
  public static PresharedKey of(byte[] bytes) {
    return new PresharedKey(KeyText.checked(bytes));
  }

  /**
   * Reads base64.
   *
   * @throws IllegalArgumentException if it is not a key; the message does not repeat it
   */
  public static PresharedKey parse(String base64) {
    return new PresharedKey(KeyText.parse(base64));
  }

  /**
   * @param random a source that nobody can predict
   */
  public static PresharedKey generate(RandomGenerator random) {
    byte[] bytes = new byte[KeyText.KEY_BYTES];
    random.nextBytes(bytes);
    return new PresharedKey(bytes);
  }

  /** The secret itself, for the one place that stores it. */
  public String toBase64() {
    return KeyText.format(bytes);
  }

  /** The secret itself, not to be changed. */
  byte[] bytes() {
    return bytes;
  }

  /** One of its own, to be destroyed by whom it is for. */
  PresharedKey copy() {
    return new PresharedKey(bytes.clone());
  }

  /** Overwrites the secret; only for a {@link #copy}. */
  void destroy() {
    Arrays.fill(bytes, (byte) 0);
  }

  /** In constant time. */
  @Override
  public boolean equals(Object other) {
    return other instanceof PresharedKey key && MessageDigest.isEqual(bytes, key.bytes);
  }

  /** The same for all, so that it tells nothing. */
  @Override
  public int hashCode() {
    return 1;
  }

  @Override
  public String toString() {
    return "preshared key";
  }
}
