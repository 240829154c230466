package net.culvert.node.transport.wireguard;

import java.util.Arrays;
import org.bouncycastle.crypto.digests.Blake2sDigest;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.params.KeyParameter;

/**
 * The functions Hash, Mac and Kdf of the WireGuard paper, section 5.4, over BLAKE2s (RFC 7693) and
 * HMAC (RFC 2104).
 */
final class Blake2s {

  static final int HASH_BYTES = 32;
  static final int MAC_BYTES = 16;

  private Blake2s() {}

  /** The hash of the parts, one after the other. */
  static byte[] hash(byte[]... parts) {
    Blake2sDigest digest = new Blake2sDigest(8 * HASH_BYTES);
    for (byte[] part : parts) {
      digest.update(part, 0, part.length);
    }
    byte[] out = new byte[HASH_BYTES];
    digest.doFinal(out, 0);
    return out;
  }

  /** Keyed BLAKE2s with 16 bytes of output over the first {@code length} bytes. */
  static byte[] mac(byte[] key, byte[] input, int length) {
    Blake2sDigest digest = new Blake2sDigest(key, MAC_BYTES, null, null);
    digest.update(input, 0, length);
    byte[] out = new byte[MAC_BYTES];
    digest.doFinal(out, 0);
    return out;
  }

  /**
   * HKDF (RFC 5869) without info, as Noise has it.
   *
   * @param outputs how many keys of 32 bytes
   */
  static byte[][] kdf(int outputs, byte[] chainingKey, byte[] input) {
    byte[] secret = hmac(chainingKey, input);
    byte[][] out = new byte[outputs][];
    byte[] previous = {};
    for (int i = 0; i < outputs; i++) {
      byte[] block = Arrays.copyOf(previous, previous.length + 1);
      block[previous.length] = (byte) (i + 1);
      previous = hmac(secret, block);
      out[i] = previous;
      Arrays.fill(block, (byte) 0);
    }
    Arrays.fill(secret, (byte) 0);
    return out;
  }

  static byte[] hmac(byte[] key, byte[] input) {
    HMac hmac = new HMac(new Blake2sDigest(8 * HASH_BYTES));
    hmac.init(new KeyParameter(key));
    hmac.update(input, 0, input.length);
    byte[] out = new byte[HASH_BYTES];
    hmac.doFinal(out, 0);
    return out;
  }
}
