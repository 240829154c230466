package net.culvert.node.security;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Pattern;
import net.culvert.node.configuration.CulvertProperties;
import net.culvert.node.configuration.StartRefusedException;
import net.culvert.node.configuration.StateDirectory;
import org.jspecify.annotations.Nullable;

/**
 * The bearer token, of which only the SHA-256 is kept in memory. Digests have one length, so
 * comparing them in constant time tells nothing of the token, its length included. Any thread.
 */
final class ApiToken {

  private static final String FILE = "api-token";
  private static final int BITS = 256;
  private static final Pattern FORM = Pattern.compile(CulvertProperties.TOKEN_FORM);

  private final byte[] digest;

  private ApiToken(String token) {
    this.digest = sha256(token);
  }

  /** The configured token, or that of the file {@code api-token}, made at the first start. */
  static ApiToken of(@Nullable String configured, StateDirectory state) {
    if (configured != null) {
      return new ApiToken(configured);
    }
    String token = state.readOrCreate(FILE, ApiToken::random);
    if (!FORM.matcher(token).matches()) {
      throw new StartRefusedException(
          state.path().resolve(FILE)
              + " does not hold a token: at least 16 characters of A-Z a-z 0-9 . _ ~ + / -.",
          "Remove the file; the next start makes a new token.");
    }
    return new ApiToken(token);
  }

  boolean matches(String presented) {
    return MessageDigest.isEqual(digest, sha256(presented));
  }

  private static String random() {
    byte[] bytes = new byte[BITS / 8];
    new SecureRandom().nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
