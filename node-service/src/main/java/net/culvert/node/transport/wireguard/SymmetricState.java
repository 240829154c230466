package net.culvert.node.transport.wireguard;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Chaining key and hash of one handshake (Noise Protocol Framework, section 5.2), with the names as
 * the WireGuard paper has them in section 5.4.2: {@code C} and {@code H}. One thread.
 */
final class SymmetricState {

  /** What both sides know beforehand: Noise calls it the prologue. */
  static final byte[] IDENTIFIER =
      "WireGuard v1 zx2c4 Jason@zx2c4.com".getBytes(StandardCharsets.UTF_8);

  private final CipherSuite suite;
  private final AeadCipher cipher;
  private byte[] chainingKey;
  private byte[] hash;

  private SymmetricState(CipherSuite suite, AeadCipher cipher, byte[] chainingKey, byte[] hash) {
    this.suite = suite;
    this.cipher = cipher;
    this.chainingKey = chainingKey;
    this.hash = hash;
  }

  /** The state in which both sides begin: the initiator knows the responder's key. */
  static SymmetricState begin(CipherSuite suite, AeadCipher cipher, PublicKey responder) {
    return begin(suite, cipher, IDENTIFIER, responder);
  }

  /** The same with another prologue. */
  static SymmetricState begin(
      CipherSuite suite, AeadCipher cipher, byte[] prologue, PublicKey responder) {
    byte[] chainingKey = Blake2s.hash(suite.noiseName().getBytes(StandardCharsets.US_ASCII));
    byte[] hash = Blake2s.hash(Blake2s.hash(chainingKey, prologue), responder.bytes());
    return new SymmetricState(suite, cipher, chainingKey, hash);
  }

  /** The same state, to go on from twice: a forged answer must not spoil the true one. */
  SymmetricState copy() {
    return new SymmetricState(suite, cipher, chainingKey.clone(), hash.clone());
  }

  void mixHash(byte[] data) {
    hash = Blake2s.hash(hash, data);
  }

  /** An ephemeral key, which goes into both where preshared keys are used. */
  void mixEphemeral(byte[] publicBytes) {
    mixHash(publicBytes);
    replaceKey(Blake2s.kdf(1, chainingKey, publicBytes)[0]);
  }

  /** Mixes in an agreement that seals nothing by itself, and forgets it. */
  void mixKey(byte[] shared) {
    replaceKey(Blake2s.kdf(1, chainingKey, shared)[0]);
    Arrays.fill(shared, (byte) 0);
  }

  /** Mixes in an agreement and forgets it; the answer seals the next field. */
  SealingKey mixKeyAndDerive(byte[] shared) {
    byte[][] keys = Blake2s.kdf(2, chainingKey, shared);
    replaceKey(keys[0]);
    Arrays.fill(shared, (byte) 0);
    return secret(keys[1]);
  }

  SealingKey mixPresharedKey(PresharedKey preshared) {
    byte[][] keys = Blake2s.kdf(3, chainingKey, preshared.bytes());
    replaceKey(keys[0]);
    mixHash(keys[1]);
    Arrays.fill(keys[1], (byte) 0);
    return secret(keys[2]);
  }

  /** Appends a sealed field to the message at the given place, and destroys the key. */
  void seal(SealingKey key, byte[] plain, byte[] message, int at) {
    int length = cipher.seal(key, 0, hash, plain, 0, plain.length, message, at);
    key.destroy();
    mixHash(Arrays.copyOfRange(message, at, at + length));
  }

  /**
   * Opens a sealed field of the message, and destroys the key.
   *
   * @param plain takes it, and is exactly as long
   * @return false if it was forged
   */
  boolean open(SealingKey key, byte[] message, int at, byte[] plain) {
    int length = plain.length + AeadCipher.TAG_BYTES;
    byte[] field = Arrays.copyOfRange(message, at, at + length);
    byte[] room = new byte[length];
    int opened = cipher.open(key, 0, hash, field, 0, length, room, 0);
    key.destroy();
    if (opened != plain.length) {
      return false;
    }
    System.arraycopy(room, 0, plain, 0, plain.length);
    mixHash(field);
    return true;
  }

  /** The two keys of the session, the initiator's sending key first. Ends this state. */
  SealingKey[] split() {
    byte[][] keys = Blake2s.kdf(2, chainingKey, new byte[0]);
    destroy();
    return new SealingKey[] {secret(keys[0]), secret(keys[1])};
  }

  /** Overwrites the secrets. */
  void destroy() {
    Arrays.fill(chainingKey, (byte) 0);
    Arrays.fill(hash, (byte) 0);
  }

  /** The chaining key itself, to see that it was overwritten. */
  byte[] chainingKey() {
    return chainingKey;
  }

  private SealingKey secret(byte[] bytes) {
    SealingKey key = new SealingKey(suite, bytes);
    Arrays.fill(bytes, (byte) 0);
    return key;
  }

  private void replaceKey(byte[] next) {
    Arrays.fill(chainingKey, (byte) 0);
    chainingKey = next;
  }
}
