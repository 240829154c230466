package net.culvert.node.transport.wireguard;

import java.security.GeneralSecurityException;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;

/**
 * A suite's authenticated encryption under a 64-bit counter: ChaCha20-Poly1305 (RFC 8439) or
 * AES-256-GCM (NIST SP 800-38D). For one thread; the key comes with each call.
 */
final class AeadCipher {

  static final int TAG_BYTES = 16;

  /** The answer of {@link #open} to what nobody with this key has sealed. */
  static final int FORGED = -1;

  private static final byte[] NO_DATA = {};

  /** One past the last, which is never used to seal. */
  private static final long NO_COUNTER = -1;

  private final CipherSuite suite;
  private final Cipher sealing;
  private final Cipher opening;
  private final byte[] nonce = new byte[12];

  AeadCipher(CipherSuite suite) {
    this.suite = suite;
    String transformation =
        suite == CipherSuite.WIREGUARD ? "ChaCha20-Poly1305" : "AES/GCM/NoPadding";
    try {
      sealing = Cipher.getInstance(transformation);
      opening = Cipher.getInstance(transformation);
      // A Cipher whose very first key refuses itself finds no provider for any other ever after.
      SealingKey none = new SealingKey(suite, new byte[KeyText.KEY_BYTES]);
      sealing.init(Cipher.ENCRYPT_MODE, none, parameters(NO_COUNTER));
      opening.init(Cipher.DECRYPT_MODE, none, parameters(NO_COUNTER));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + transformation, e);
    }
  }

  /**
   * Seals {@code length} bytes; input and output may be the same place.
   *
   * @param counter never used before with this key; the JDK refuses an immediate repetition
   * @return bytes written, which are {@link #TAG_BYTES} more
   * @throws SealingKey.Destroyed if the key was
   */
  int seal(
      SealingKey key,
      long counter,
      byte[] data,
      byte[] in,
      int inAt,
      int length,
      byte[] out,
      int outAt) {
    try {
      sealing.init(Cipher.ENCRYPT_MODE, key, parameters(counter));
      if (data.length != 0) {
        sealing.updateAAD(data);
      }
      return sealing.doFinal(in, inAt, length, out, outAt);
    } catch (GeneralSecurityException e) {
      key.check(); // The JDK can have wrapped what the key said.
      throw new IllegalStateException("the cipher refused to seal", e);
    }
  }

  int seal(SealingKey key, long counter, byte[] in, int inAt, int length, byte[] out, int outAt) {
    return seal(key, counter, NO_DATA, in, inAt, length, out, outAt);
  }

  /**
   * Opens {@code length} bytes, tag included; input and output may be the same place.
   *
   * @return bytes written, or {@link #FORGED}
   */
  int open(
      SealingKey key,
      long counter,
      byte[] data,
      byte[] in,
      int inAt,
      int length,
      byte[] out,
      int outAt) {
    if (length < TAG_BYTES) {
      return FORGED;
    }
    try {
      opening.init(Cipher.DECRYPT_MODE, key, parameters(counter));
      if (data.length != 0) {
        opening.updateAAD(data);
      }
      return opening.doFinal(in, inAt, length, out, outAt);
    } catch (GeneralSecurityException e) {
      key.check();
      return FORGED;
    }
  }

  int open(SealingKey key, long counter, byte[] in, int inAt, int length, byte[] out, int outAt) {
    return open(key, counter, NO_DATA, in, inAt, length, out, outAt);
  }

  private AlgorithmParameterSpec parameters(long counter) {
    Arrays.fill(nonce, (byte) 0);
    if (suite == CipherSuite.WIREGUARD) {
      LittleEndian.putI64(nonce, 4, counter);
      return new IvParameterSpec(nonce);
    }
    LittleEndian.putI64(nonce, 4, Long.reverseBytes(counter));
    return new GCMParameterSpec(8 * TAG_BYTES, nonce);
  }
}
