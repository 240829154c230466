package net.culvert.node.namespace;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import net.culvert.api.namespace.AttachmentSpec;
import net.culvert.api.value.LinkName;
import net.culvert.api.value.ResourceName;

/** Fills in what an attachment leaves open and what does not follow anything else. */
final class AttachmentDefaults {

  private static final LinkName INNER = new LinkName("veth0");
  private static final String PREFIX = "veth-";

  private AttachmentDefaults() {}

  static AttachmentSpec of(ResourceName namespace, AttachmentSpec spec) {
    return new AttachmentSpec(
        spec.address(),
        spec.gateway(),
        spec.address6(),
        spec.gateway6(),
        Objects.requireNonNullElse(spec.link(), INNER),
        Objects.requireNonNullElseGet(spec.hostLink(), () -> hostLink(namespace)),
        spec.bridge(),
        spec.mtu(),
        Objects.requireNonNullElse(spec.proxyArp(), true));
  }

  /**
   * {@code veth-NAME}; a name too long for a device gives way to the first 40 bits of its SHA-256.
   */
  static LinkName hostLink(ResourceName namespace) {
    String plain = PREFIX + namespace;
    if (plain.length() <= LinkName.MAX_BYTES) {
      return new LinkName(plain);
    }
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(namespace.value().getBytes(StandardCharsets.US_ASCII));
      return new LinkName(PREFIX + HexFormat.of().formatHex(digest, 0, 5));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}
