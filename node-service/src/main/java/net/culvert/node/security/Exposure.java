package net.culvert.node.security;

import java.net.InetAddress;
import net.culvert.node.configuration.StartRefusedException;
import org.jspecify.annotations.Nullable;

/**
 * To whom the API is open, and how. Without TLS a token can be read by whoever is on the way, so an
 * API that more than this host can reach needs TLS, or the word that this is meant.
 *
 * @param address that the server is bound to; null for every one
 */
record Exposure(@Nullable InetAddress address, boolean tls) {

  /**
   * Passes if it may be so.
   *
   * @throws StartRefusedException if not
   */
  void check(boolean allowPlaintext) {
    if (isPlaintextForOthers() && !allowPlaintext) {
      throw new StartRefusedException(
          "The API would be served without TLS on "
              + where()
              + ", which others than this host can reach: whoever is on the way could read the token.",
          "Give the server a certificate with server.ssl.bundle, bind it to loopback with"
              + " server.address=127.0.0.1, or say with culvert.api.allow-plaintext=true that the"
              + " network is yours alone.");
    }
  }

  boolean isPlaintextForOthers() {
    return !tls && (address == null || !address.isLoopbackAddress());
  }

  String where() {
    return address == null ? "every address" : address.getHostAddress();
  }
}
