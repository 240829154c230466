package net.culvert.node.uapi;

import java.util.List;
import net.culvert.api.value.Endpoint;
import net.culvert.api.value.Prefix;
import net.culvert.api.value.PublicKey;
import net.culvert.api.value.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * What {@code wg(8)} asks of a device: what is null stays.
 *
 * @param listenPort 0 for one that is free
 * @param firewallMark 0 for none
 * @param replacePeers whether those not named here go
 */
public record DeviceChange(
    @Nullable SecretKey privateKey,
    @Nullable Integer listenPort,
    @Nullable Long firewallMark,
    boolean replacePeers,
    List<PeerChange> peers) {

  /**
   * What becomes of one peer.
   *
   * @param updateOnly whether nothing happens where there is no such peer
   * @param presharedKey {@link SecretKey#NONE} to take it away
   * @param keepaliveSeconds 0 for never
   * @param replacePrefixes whether those not added here go
   * @param prefixes in their order: each is added, and taken from whoever has it, or removed
   */
  public record PeerChange(
      PublicKey publicKey,
      boolean remove,
      boolean updateOnly,
      @Nullable SecretKey presharedKey,
      @Nullable Endpoint endpoint,
      @Nullable Integer keepaliveSeconds,
      boolean replacePrefixes,
      List<PrefixChange> prefixes) {}

  /** One prefix comes or goes. */
  public record PrefixChange(Prefix prefix, boolean remove) {}
}
