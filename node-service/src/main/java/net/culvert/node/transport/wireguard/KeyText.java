package net.culvert.node.transport.wireguard;

import java.util.Arrays;
import java.util.Base64;

/** Keys as {@code wg(8)} writes them: 32 bytes in base64 with padding, 44 characters. */
final class KeyText {

  static final int KEY_BYTES = 32;

  private static final int CHARACTERS = 44;

  /** What the last digit can be: of its six bits four belong to the key and two are zero. */
  private static final String LAST_DIGITS = "AEIMQUYcgkosw048";

  private KeyText() {}

  /**
   * @throws IllegalArgumentException if it is not a key; the message does not repeat the text,
   *     which may be a secret
   */
  static byte[] parse(String text) {
    if (text.length() == CHARACTERS) {
      try {
        byte[] bytes = Base64.getDecoder().decode(text);
        // wg(8) refuses a text where the two bits too many are set.
        if (bytes.length == KEY_BYTES && LAST_DIGITS.indexOf(text.charAt(CHARACTERS - 2)) >= 0) {
          return bytes;
        }
        Arrays.fill(bytes, (byte) 0);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(sentence());
      }
    }
    throw new IllegalArgumentException(sentence());
  }

  static String format(byte[] key) {
    return Base64.getEncoder().encodeToString(key);
  }

  static byte[] checked(byte[] key) {
    if (key.length != KEY_BYTES) {
      throw new IllegalArgumentException("a key is " + KEY_BYTES + " bytes long");
    }
    return key.clone();
  }

  private static String sentence() {
    return "a key is 32 bytes in base64, 44 characters with the padding";
  }
}
