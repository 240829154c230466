package net.culvert.node.uapi;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import net.culvert.api.value.Prefix;
import net.culvert.api.value.PublicKey;
import net.culvert.api.value.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * Writes what {@code get=1} answers: the device first, then each peer. One thread; what the reader
 * on the other side does not take comes out as {@link UncheckedIOException}.
 */
public final class DeviceText {

  private static final int KEY_DIGITS = 2 * 32;
  private static final long NANOS = 1_000_000_000L;

  private final Appendable out;

  public DeviceText(Appendable out) {
    this.out = out;
  }

  /**
   * The device itself.
   *
   * @param privateKey null where it has none
   * @param listenPort 0 where it has none yet
   * @param firewallMark 0 for none
   */
  public void device(@Nullable SecretKey privateKey, int listenPort, long firewallMark) {
    if (privateKey != null && privateKey.value() != null) {
      line("private_key", hex(privateKey.value()));
    }
    if (listenPort != 0) {
      line("listen_port", listenPort);
    }
    if (firewallMark != 0) {
      line("fwmark", firewallMark);
    }
  }

  /** A peer begins; the other methods tell of it. */
  public void peer(PublicKey publicKey, @Nullable SecretKey presharedKey) {
    line("public_key", hex(publicKey.value()));
    String preshared = presharedKey == null ? null : presharedKey.value();
    line("preshared_key", preshared == null ? "0".repeat(KEY_DIGITS) : hex(preshared));
    line("protocol_version", 1);
  }

  /** Where it is: an address, in brackets if it is of IPv6, and a port. */
  public void endpoint(Object endpoint) {
    line("endpoint", endpoint);
  }

  /**
   * What passed.
   *
   * @param handshakeEpochNanos of the latest handshake, null if there was none
   * @param sentBytes to the peer
   * @param receivedBytes from it
   */
  public void traffic(@Nullable Long handshakeEpochNanos, long sentBytes, long receivedBytes) {
    long handshake = handshakeEpochNanos == null ? 0 : handshakeEpochNanos;
    line("last_handshake_time_sec", Math.floorDiv(handshake, NANOS));
    line("last_handshake_time_nsec", Math.floorMod(handshake, NANOS));
    line("tx_bytes", sentBytes);
    line("rx_bytes", receivedBytes);
  }

  /** What is left to tell of the peer. */
  public void settings(int keepaliveSeconds, Collection<Prefix> allowedPrefixes) {
    line("persistent_keepalive_interval", keepaliveSeconds);
    allowedPrefixes.forEach(prefix -> line("allowed_ip", prefix));
  }

  private static String hex(String base64) {
    return HexFormat.of().formatHex(Base64.getDecoder().decode(base64));
  }

  private void line(String key, Object value) {
    try {
      out.append(key).append('=').append(value.toString()).append('\n');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
