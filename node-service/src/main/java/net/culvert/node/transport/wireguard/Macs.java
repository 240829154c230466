package net.culvert.node.transport.wireguard;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.modes.XChaCha20Poly1305;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;
import org.jspecify.annotations.Nullable;

/**
 * The two codes at the end of each handshake message, and cookies (WireGuard paper, sections 5.3,
 * 5.4.4 and 5.4.7). mac1 says that the sender knows whom it speaks to; mac2, that it can be reached
 * where it says it is. Both are checked before any work with public keys.
 */
final class Macs {

  private static final byte[] LABEL_MAC1 = "mac1----".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] LABEL_COOKIE = "cookie--".getBytes(StandardCharsets.US_ASCII);
  private static final int NONCE_BYTES = 24;
  private static final int NONCE_AT = 8;
  private static final int COOKIE_AT = NONCE_AT + NONCE_BYTES;
  private static final int SEALED_BYTES = Blake2s.MAC_BYTES + AeadCipher.TAG_BYTES;

  private Macs() {}

  private static int mac1At(int length) {
    return length - 2 * Blake2s.MAC_BYTES;
  }

  private static int mac2At(int length) {
    return length - Blake2s.MAC_BYTES;
  }

  private static byte[] keyFor(byte[] label, PublicKey key) {
    return Blake2s.hash(label, key.bytes());
  }

  private static boolean sameAt(byte[] message, int at, byte[] code) {
    return MessageDigest.isEqual(Arrays.copyOfRange(message, at, at + code.length), code);
  }

  private static byte @Nullable [] xchacha(
      boolean seal, byte[] key, byte[] nonce, byte[] data, byte[] input) {
    XChaCha20Poly1305 cipher = new XChaCha20Poly1305();
    cipher.init(
        seal, new AEADParameters(new KeyParameter(key), 8 * AeadCipher.TAG_BYTES, nonce, data));
    byte[] output = new byte[cipher.getOutputSize(input.length)];
    try {
      int length = cipher.processBytes(input, 0, input.length, output, 0);
      cipher.doFinal(output, length);
      return output;
    } catch (InvalidCipherTextException e) {
      return null;
    }
  }

  /** What one device checks in messages that come to it. One thread. */
  static final class Checker {

    private final CipherSuite suite;
    private final RandomGenerator random;
    private final byte[] mac1Key;
    private final byte[] cookieKey;
    private final byte[] secret = new byte[32];
    private boolean hasSecret;
    private long secretNanos;

    Checker(CipherSuite suite, PublicKey own, RandomGenerator random) {
      this.suite = suite;
      this.random = random;
      this.mac1Key = keyFor(LABEL_MAC1, own);
      this.cookieKey = keyFor(LABEL_COOKIE, own);
    }

    /** Whether mac1 of an initiation or response is right. */
    boolean hasMac1(byte[] message, int length) {
      int at = mac1At(length);
      return sameAt(message, at, Blake2s.mac(mac1Key, message, at));
    }

    /** Whether mac2 proves that the sender received a cookie at this address. */
    boolean hasMac2(byte[] message, int length, byte[] source, long now) {
      if (!hasSecret || now - secretNanos >= Limits.COOKIE_NANOS) {
        return false;
      }
      int at = mac2At(length);
      if (LittleEndian.i64(message, at) == 0 && LittleEndian.i64(message, at + 8) == 0) {
        return false; // There is none, as in nearly all of a flood.
      }
      byte[] cookie = Blake2s.mac(secret, source, source.length);
      return sameAt(message, at, Blake2s.mac(cookie, message, at));
    }

    /** The answer to a message with a right mac1 whose sender is to prove its address. */
    byte[] cookieReply(byte[] message, int length, byte[] source, long now) {
      if (!hasSecret || now - secretNanos >= Limits.COOKIE_NANOS) {
        random.nextBytes(secret);
        secretNanos = now;
        hasSecret = true;
      }
      byte[] nonce = new byte[NONCE_BYTES];
      random.nextBytes(nonce);
      byte[] mac1 = Arrays.copyOfRange(message, mac1At(length), mac2At(length));
      byte[] sealed =
          xchacha(true, cookieKey, nonce, mac1, Blake2s.mac(secret, source, source.length));
      if (sealed == null) {
        throw new IllegalStateException("the cipher refused to seal");
      }
      byte[] reply = new byte[MessageType.COOKIE_REPLY.bytes()];
      LittleEndian.putI32(reply, 0, suite.typeNumber(MessageType.COOKIE_REPLY));
      System.arraycopy(message, 4, reply, 4, 4);
      System.arraycopy(nonce, 0, reply, NONCE_AT, NONCE_BYTES);
      System.arraycopy(sealed, 0, reply, COOKIE_AT, SEALED_BYTES);
      return reply;
    }
  }

  /** What is appended to messages to one peer. One thread. */
  static final class Generator {

    private final byte[] mac1Key;
    private final byte[] cookieKey;
    private byte @Nullable [] lastMac1;
    private byte @Nullable [] cookie;
    private long cookieNanos;

    Generator(PublicKey peer) {
      this.mac1Key = keyFor(LABEL_MAC1, peer);
      this.cookieKey = keyFor(LABEL_COOKIE, peer);
    }

    /** Writes both codes; mac2 stays zero while there is no fresh cookie. */
    void append(byte[] message, long now) {
      int at = mac1At(message.length);
      byte[] mac1 = Blake2s.mac(mac1Key, message, at);
      System.arraycopy(mac1, 0, message, at, mac1.length);
      lastMac1 = mac1;
      byte[] current = cookie;
      if (current != null && now - cookieNanos < Limits.COOKIE_NANOS) {
        int mac2At = mac2At(message.length);
        System.arraycopy(
            Blake2s.mac(current, message, mac2At), 0, message, mac2At, Blake2s.MAC_BYTES);
      }
    }

    /**
     * Takes the cookie out of a reply.
     *
     * @return false if it does not answer the last message, or was forged
     */
    boolean take(byte[] reply, long now) {
      byte[] asked = lastMac1;
      if (asked == null) {
        return false;
      }
      byte[] nonce = Arrays.copyOfRange(reply, NONCE_AT, COOKIE_AT);
      byte[] sealed = Arrays.copyOfRange(reply, COOKIE_AT, COOKIE_AT + SEALED_BYTES);
      byte[] opened = xchacha(false, cookieKey, nonce, asked, sealed);
      if (opened == null) {
        return false;
      }
      lastMac1 = null;
      cookie = opened;
      cookieNanos = now;
      return true;
    }
  }
}
