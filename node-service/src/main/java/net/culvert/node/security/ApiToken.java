package net.culvert.node.security;

import java.util.regex.Pattern;
import net.culvert.node.configuration.CulvertProperties;
import net.culvert.node.configuration.StartRefusedException;
import net.culvert.node.configuration.StateDirectory;
import org.jspecify.annotations.Nullable;

/**
 * The node's own token, which every node has: of the configuration, or made at the first start. It
 * is an administrator's, and only its digest stays in memory. Immutable.
 */
final class ApiToken {

  private static final String FILE = "api-token";
  private static final Pattern FORM = Pattern.compile(CulvertProperties.TOKEN_FORM);

  private final String digest;

  private ApiToken(String token) {
    this.digest = TokenText.digest(token);
  }

  /** The configured token, or that of the file {@code api-token}, made at the first start. */
  static ApiToken of(@Nullable String configured, StateDirectory state) {
    if (configured != null) {
      return new ApiToken(configured);
    }
    String token = state.readOrCreate(FILE, TokenText::random);
    if (!FORM.matcher(token).matches()) {
      throw new StartRefusedException(
          state.path().resolve(FILE)
              + " does not hold a token: at least 16 characters of A-Z a-z 0-9 . _ ~ + / -.",
          "Remove the file; the next start makes a new token.");
    }
    return new ApiToken(token);
  }

  boolean matches(String presented) {
    return TokenText.same(digest, TokenText.digest(presented));
  }

  String digest() {
    return digest;
  }
}
