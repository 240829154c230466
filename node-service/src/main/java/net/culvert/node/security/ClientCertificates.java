package net.culvert.node.security;

import jakarta.servlet.http.HttpServletRequest;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;
import net.culvert.api.token.Role;
import net.culvert.node.configuration.CulvertProperties.ClientCertificate;
import net.culvert.node.configuration.StartRefusedException;
import net.culvert.node.web.caller.Caller;
import org.jspecify.annotations.Nullable;

/**
 * Which certificate's holder may do what. That a certificate is trusted, and its holder has the
 * key, was found by TLS. Immutable.
 */
final class ClientCertificates {

  private static final String ATTRIBUTE = "jakarta.servlet.request.X509Certificate";

  private final Map<String, Role> bySubject = new HashMap<>();
  private final Map<String, Role> byCommonName = new HashMap<>();
  private final Clock clock;

  /**
   * Those of the configuration.
   *
   * @throws StartRefusedException if a subject is no distinguished name
   */
  ClientCertificates(List<ClientCertificate> configured, Clock clock) {
    this.clock = clock;
    for (ClientCertificate each : configured) {
      if (each.subject().indexOf('=') < 0) {
        byCommonName.put(each.subject(), each.role());
      } else {
        try {
          bySubject.put(canonical(new X500Principal(each.subject())), each.role());
        } catch (IllegalArgumentException e) {
          throw new StartRefusedException(
              "culvert.api.client-certificates: '"
                  + each.subject()
                  + "' is no distinguished name: "
                  + e.getMessage(),
              "Write it as RFC 2253 does, such as CN=ops,O=Example, or give the common name"
                  + " alone.");
        }
      }
    }
  }

  private static String canonical(X500Principal subject) {
    return subject.getName(X500Principal.CANONICAL);
  }

  /** The certificate that came with the connection; null if none did. */
  static @Nullable X509Certificate of(HttpServletRequest request) {
    return request.getAttribute(ATTRIBUTE) instanceof X509Certificate[] chain && chain.length > 0
        ? chain[0]
        : null;
  }

  /** Who holds it; empty if nobody who may call. */
  Optional<Caller> find(X509Certificate certificate) {
    X500Principal subject = certificate.getSubjectX500Principal();
    Role role = bySubject.get(canonical(subject));
    if (role == null) {
      String name = commonName(subject);
      role = name == null ? null : byCommonName.get(name);
    }
    if (role == null) {
      return Optional.empty();
    }
    return Optional.of(
        new Caller(
            subject.getName(), Caller.Credential.CERTIFICATE, role, () -> ended(certificate)));
  }

  private @Nullable String ended(X509Certificate certificate) {
    return clock.instant().isAfter(certificate.getNotAfter().toInstant())
        ? "the certificate is expired"
        : null;
  }

  private static @Nullable String commonName(X500Principal subject) {
    try {
      List<Rdn> parts = new LdapName(subject.getName()).getRdns();
      return parts.reversed().stream()
          .filter(part -> part.getType().equalsIgnoreCase("CN"))
          .findFirst()
          .map(part -> String.valueOf(part.getValue()))
          .orElse(null);
    } catch (InvalidNameException e) {
      return null;
    }
  }
}
