package net.culvert.node.uapi;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import net.culvert.api.value.Endpoint;
import net.culvert.api.value.Prefix;
import net.culvert.api.value.PublicKey;
import net.culvert.api.value.SecretKey;
import org.jspecify.annotations.Nullable;

/** A peer as it was configured. Changed by {@link DevicePeers} alone; one thread at a time. */
public final class DevicePeer {

  private final PublicKey publicKey;
  @Nullable SecretKey presharedKey;
  @Nullable Endpoint endpoint;
  int keepaliveSeconds;
  final Set<Prefix> prefixes = new LinkedHashSet<>();

  DevicePeer(PublicKey publicKey) {
    this.publicKey = publicKey;
  }

  public PublicKey publicKey() {
    return publicKey;
  }

  /** Null for none. */
  public @Nullable SecretKey presharedKey() {
    return presharedKey;
  }

  /** Where it was said to be, null if nobody did. */
  public @Nullable Endpoint endpoint() {
    return endpoint;
  }

  /** 0 for never. */
  public int keepaliveSeconds() {
    return keepaliveSeconds;
  }

  /** In the order that they came in. */
  public Collection<Prefix> allowedPrefixes() {
    return Collections.unmodifiableSet(prefixes);
  }

  @Override
  public String toString() {
    return "peer " + publicKey;
  }
}
