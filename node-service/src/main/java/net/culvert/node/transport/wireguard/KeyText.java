package net.culvert.node.transport.wireguard;

import java.util.Base64;

/** Keys as {@code wg(8)} writes them: 32 bytes in base64 with padding, 44 characters. */
final class KeyText {

  static final int KEY_BYTES = 32;

  private static final int CHARACTERS = 44;

  private KeyText() {}

  /**
   * @throws IllegalArgumentException if it is not a key; the message does not repeat the text,
   *     which may be a secret
   */
  static byte[] parse(String text) {
    if (text.length() == CHARACTERS) {
      try {
        byte[] bytes = Base64.getDecoder().decode(text);
        // The last character holds two bits too many; wg(8) refuses a text where they are set.
        if (bytes.length == KEY_BYTES && format(bytes).equals(text)) {
          return bytes;
        }
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
