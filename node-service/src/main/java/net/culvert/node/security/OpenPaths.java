package net.culvert.node.security;

import java.util.Set;
import java.util.regex.Pattern;

/** The paths that need no token: health probes and the API's own page. */
final class OpenPaths {

  private static final Set<String> PROBES =
      Set.of("/actuator/health/liveness", "/actuator/health/readiness");

  private static final Set<String> PAGES =
      Set.of(
          "/",
          "/swagger-ui.html",
          "/v3/api-docs",
          "/v3/api-docs.yaml",
          "/v3/api-docs/swagger-config");

  /**
   * The page's own files. The dispatcher matches the path as it was sent, so an escape, a parameter
   * or a dot segment must not hide another path behind this prefix: a path holding one is closed.
   */
  private static final Pattern FILES = Pattern.compile("/swagger-ui/[A-Za-z0-9_-][A-Za-z0-9._-]*");

  private OpenPaths() {}

  /** Whether the path, as it was sent, is one of them. */
  static boolean isOpen(String path) {
    return isProbe(path) || isPage(path);
  }

  static boolean isProbe(String path) {
    return PROBES.contains(path);
  }

  /** What a browser shows to a person. */
  static boolean isPage(String path) {
    return PAGES.contains(path) || FILES.matcher(path).matches();
  }
}
