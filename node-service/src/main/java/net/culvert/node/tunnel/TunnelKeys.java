package net.culvert.node.tunnel;

import java.security.SecureRandom;
import java.util.Objects;
import net.culvert.api.tunnel.Cipher;
import net.culvert.api.tunnel.PeerSpec;
import net.culvert.api.tunnel.TransportKind;
import net.culvert.api.tunnel.TunnelSpec;
import net.culvert.api.value.SecretKey;
import net.culvert.node.transport.wireguard.CipherSuite;
import net.culvert.node.transport.wireguard.PresharedKey;
import net.culvert.node.transport.wireguard.PrivateKey;
import net.culvert.node.transport.wireguard.PublicKey;
import net.culvert.node.transport.wireguard.WireGuardIdentity;
import org.jspecify.annotations.Nullable;

/**
 * The keys of wishes: which one counts where a body leaves it open, and what the transport is told.
 * Any thread.
 */
final class TunnelKeys {

  private static final SecureRandom RANDOM = new SecureRandom();

  private TunnelKeys() {}

  /**
   * The private key of a tunnel: the one given, else the one stored, else a new one.
   *
   * @param stored the wish so far, or null
   */
  static @Nullable SecretKey privateKey(TunnelSpec body, @Nullable TunnelSpec stored) {
    SecretKey given = body.privateKey();
    if (body.transport() != TransportKind.WIREGUARD || given != null && given.value() != null) {
      return given;
    }
    SecretKey before = stored == null ? null : stored.privateKey();
    return given == null && before != null
        ? before
        : new SecretKey(PrivateKey.generate(RANDOM).toBase64());
  }

  /** The preshared key of a peer: the one given, else the one stored; null for none. */
  static @Nullable SecretKey presharedKey(PeerSpec body, @Nullable PeerSpec stored) {
    SecretKey given = body.presharedKey();
    if (given != null) {
      return given.value() == null ? null : given;
    }
    return stored == null ? null : stored.presharedKey();
  }

  /** Null for a tunnel without. */
  static @Nullable Encryption encryption(TunnelSpec body) {
    SecretKey key = body.privateKey();
    if (body.transport() != TransportKind.WIREGUARD || key == null || key.value() == null) {
      return null;
    }
    CipherSuite suite =
        body.cipher() == Cipher.AES_256_GCM ? CipherSuite.CULVERT_AES : CipherSuite.WIREGUARD;
    return new Encryption(suite, PrivateKey.parse(key.value()));
  }

  /** Null for a peer without a key. */
  static @Nullable WireGuardIdentity identity(PeerSpec body) {
    if (body.publicKey() == null) {
      return null;
    }
    SecretKey preshared = body.presharedKey();
    return new WireGuardIdentity(
        PublicKey.parse(body.publicKey().value()),
        preshared == null || preshared.value() == null
            ? PresharedKey.NONE
            : PresharedKey.parse(preshared.value()),
        Objects.requireNonNullElse(body.persistentKeepalive(), 0));
  }

  /** What peers know the tunnel by; null for a tunnel without encryption. */
  static net.culvert.api.value.@Nullable PublicKey publicKey(TunnelSpec body) {
    Encryption encryption = encryption(body);
    return encryption == null
        ? null
        : new net.culvert.api.value.PublicKey(encryption.privateKey().publicKey().toString());
  }
}
