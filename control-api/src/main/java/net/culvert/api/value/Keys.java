package net.culvert.api.value;

import java.util.Base64;

/** Keys as {@code wg(8)} writes them: 32 bytes in base64 with padding, 44 characters. */
final class Keys {

  static final int BYTES = 32;

  private static final int CHARACTERS = 44;

  private Keys() {}

  /**
   * @param what with its article, for the message, which never repeats the text
   */
  static void require(String text, String what) {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(what + " is base64, and this is not");
    }
    if (bytes.length != BYTES || text.length() != CHARACTERS) {
      throw new IllegalArgumentException(
          what + " has " + BYTES + " bytes, that is " + CHARACTERS + " characters of base64");
    }
    if (!Base64.getEncoder().encodeToString(bytes).equals(text)) {
      throw new IllegalArgumentException(what + " ends in bits that no base64 writer would set");
    }
  }
}
