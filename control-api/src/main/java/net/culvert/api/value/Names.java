package net.culvert.api.value;

import java.nio.charset.StandardCharsets;

/**
 * What every name has in common: it is a path's last component in the kernel and in URLs, so it
 * holds nothing that either reads.
 */
final class Names {

  private Names() {}

  static void require(String text, int maxBytes, String what) {
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    if (bytes == 0 || bytes > maxBytes) {
      throw new IllegalArgumentException(
          what + " has 1 to " + maxBytes + " bytes, this one has " + bytes);
    }
    if (text.equals(".") || text.equals("..")) {
      throw new IllegalArgumentException("'" + text + "' is a folder, not a name");
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean allowed =
          c >= 'a' && c <= 'z'
              || c >= 'A' && c <= 'Z'
              || c >= '0' && c <= '9'
              || c == '.'
              || c == '_'
              || c == '-';
      if (!allowed) {
        throw new IllegalArgumentException(
            what
                + " is made of A-Z a-z 0-9 . _ -, and has "
                + visible(text.codePointAt(i))
                + " at position "
                + (i + 1));
      }
    }
  }

  private static String visible(int c) {
    return c > ' ' && c < 0x7f ? "'" + (char) c + "'" : String.format("U+%04X", c);
  }
}
