package net.culvert.node.web.caller;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import java.util.function.Supplier;
import net.culvert.api.token.Role;
import org.jspecify.annotations.Nullable;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/**
 * Who sent a request.
 *
 * @param name the token's name, or the certificate's subject
 * @param ended why it is not valid any more, as a few words; null while it is. Any thread; quick.
 */
public record Caller(
    String name, Credential credential, Role role, Supplier<@Nullable String> ended) {

  private static final String ATTRIBUTE = Caller.class.getName();

  /** What was shown. */
  public enum Credential {
    TOKEN,
    CERTIFICATE;

    /** As the audit log writes it. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Notes that this is who sent the request. */
  public void attachTo(HttpServletRequest request) {
    request.setAttribute(ATTRIBUTE, this);
  }

  /** Who sent the request; null for a stranger. */
  public static @Nullable Caller of(HttpServletRequest request) {
    return request.getAttribute(ATTRIBUTE) instanceof Caller caller ? caller : null;
  }

  /** Who sent the request that this thread serves; null for a stranger, or where it serves none. */
  public static @Nullable Caller ofCurrentRequest() {
    return RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes current
        ? of(current.getRequest())
        : null;
  }
}
