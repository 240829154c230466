package net.culvert.api.value;

/**
 * What every name has in common: it is a path's last component in the kernel and in URLs, so it
 * holds nothing that either reads.
 */
final class Names {

  private Names() {}

  static void require(String text, int maxBytes, String what) {
    if (text.isEmpty() || text.length() > maxBytes) {
      throw new IllegalArgumentException(
          what + " has 1 to " + maxBytes + " bytes, this one has " + text.length());
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
                + visible(c)
                + " at position "
                + (i + 1));
      }
    }
  }

  private static String visible(char c) {
    return c > ' ' && c < 0x7f ? "'" + c + "'" : String.format("U+%04X", (int) c);
  }
}
