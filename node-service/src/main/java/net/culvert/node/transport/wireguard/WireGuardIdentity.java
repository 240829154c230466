package net.culvert.node.transport.wireguard;

import net.culvert.node.transport.PeerIdentity;

/**
 * What a WireGuard device is told of a peer.
 *
 * @param publicKey who it is
 * @param presharedKey {@link PresharedKey#NONE} where there is none
 * @param keepaliveSeconds after so long without a word either way one is said; 0 for never
 */
public record WireGuardIdentity(
    PublicKey publicKey, PresharedKey presharedKey, int keepaliveSeconds) implements PeerIdentity {

  /** The longest interval that {@code wg(8)} knows, in seconds. */
  public static final int MAX_KEEPALIVE_SECONDS = 65_535;

  public WireGuardIdentity {
    if (keepaliveSeconds < 0 || keepaliveSeconds > MAX_KEEPALIVE_SECONDS) {
      throw new IllegalArgumentException(
          "a keepalive interval is 0 to " + MAX_KEEPALIVE_SECONDS + " seconds");
    }
  }

  @Override
  public String toString() {
    return "peer " + publicKey;
  }
}
