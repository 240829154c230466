package net.culvert.node.tunnel;

import static net.culvert.node.reconcile.WishRefusedException.conflict;
import static net.culvert.node.reconcile.WishRefusedException.invalid;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import net.culvert.api.tunnel.Framing;
import net.culvert.api.tunnel.PeerSpec;
import net.culvert.api.tunnel.TransportKind;
import net.culvert.api.tunnel.TunnelSpec;
import net.culvert.api.value.InterfaceAddress;
import net.culvert.api.value.LinkName;
import net.culvert.api.value.ListenAddress;
import net.culvert.node.object.AddressKey;
import net.culvert.node.object.AddressState;
import net.culvert.node.object.Claims;
import net.culvert.node.object.HostFacts;
import net.culvert.node.object.LinkKey;
import net.culvert.node.object.LinkState;
import net.culvert.node.object.Observation;
import net.culvert.node.object.Setting;
import net.culvert.node.object.SettingKey;
import net.culvert.node.object.SettingState;
import net.culvert.node.reconcile.Expansion;
import net.culvert.node.reconcile.ObjectKey;
import net.culvert.node.reconcile.ResourceId;
import net.culvert.node.reconcile.ResourceType;
import net.culvert.node.reconcile.Surroundings;
import net.culvert.node.reconcile.Wish;
import org.jspecify.annotations.Nullable;

/**
 * What a tunnel is made of: the data plane with its device, and the device's MTU, addresses and
 * forwarding.
 */
final class TunnelType implements ResourceType<TunnelSpec> {

  static final String NAME = "tunnels";

  private final TunnelMtu mtus;

  TunnelType(HostFacts facts) {
    this.mtus = new TunnelMtu(facts);
  }

  static ResourceId id(LinkName name) {
    return new ResourceId(NAME, name.value());
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Class<TunnelSpec> bodyType() {
    return TunnelSpec.class;
  }

  @Override
  public boolean comesFirst() {
    return true;
  }

  @Override
  public TunnelSpec complete(String name, TunnelSpec body, @Nullable TunnelSpec stored) {
    return TunnelDefaults.of(body, stored);
  }

  @Override
  public TunnelSpec withoutSecrets(TunnelSpec body) {
    return body.withPrivateKey(null);
  }

  @Override
  public boolean followsFacts() {
    return true;
  }

  @Override
  public boolean followsChildren() {
    return true;
  }

  @Override
  public Expansion expand(String name, TunnelSpec body, Surroundings surroundings) {
    TunnelKey key = new TunnelKey(new LinkName(name));
    List<ListenAddress> listen = TunnelDefaults.listen(body);
    Expansion.Builder expansion = Expansion.builder();
    requireKeys(body, peers(key, surroundings));
    requireFree(key, listen, surroundings);
    listen.forEach(address -> Claims.listen(expansion, address));

    Collection<PeerSpec> peers = peers(key, surroundings);
    boolean ipv6 = TunnelMtu.carriesIpv6(body, peers);
    if (body.mtu() != null && body.mtu() < 1280 && ipv6) {
      throw invalid("mtu", "IPv6 needs an MTU of 1280 bytes or more (RFC 8200)");
    }
    int mtu = mtus.ofTunnel(body, peers);
    LinkKey link = new LinkKey(null, key.name());
    expansion
        .object(
            key,
            new TunnelState(
                body.transport(),
                Objects.requireNonNullElse(body.framing(), Framing.IP),
                listen,
                TunnelDefaults.queues(body),
                TunnelDefaults.options(body),
                TunnelKeys.encryption(body)))
        .object(link, LinkState.tun(mtu, TunnelDefaults.up(body)))
        .object(new SettingKey(link, Setting.IPV4_FORWARDING), SettingState.ON)
        .offerMtu(mtu);
    if (ipv6) {
      expansion.object(new SettingKey(link, Setting.IPV6_FORWARDING), SettingState.ON);
    }
    for (InterfaceAddress address :
        Objects.requireNonNullElse(body.addresses(), List.<InterfaceAddress>of())) {
      expansion.object(new AddressKey(link, address), AddressState.PRESENT);
      Claims.address(expansion, link, address);
    }
    return expansion.build();
  }

  /** What belongs to one transport alone, and who must have a key. */
  private static void requireKeys(TunnelSpec body, Collection<PeerSpec> peers) {
    if (body.transport() == TransportKind.WIREGUARD) {
      if (body.framing() != null) {
        throw invalid("framing", "belongs to the plain transport");
      }
      if (peers.stream().anyMatch(peer -> peer.publicKey() == null)) {
        throw conflict("transport", "the tunnel has peers without a publicKey");
      }
      return;
    }
    if (body.cipher() != null) {
      throw invalid("cipher", "belongs to the transport wireguard");
    }
    if (body.privateKey() != null) {
      throw invalid("privateKey", "belongs to the transport wireguard");
    }
    if (peers.stream().anyMatch(peer -> peer.publicKey() != null)) {
      throw conflict("transport", "the tunnel has peers with a publicKey");
    }
  }

  private void requireFree(TunnelKey key, List<ListenAddress> listen, Surroundings surroundings) {
    Set<ListenAddress> own = new HashSet<>();
    for (int i = 0; i < listen.size(); i++) {
      ListenAddress address = listen.get(i);
      String field = "listen[" + i + "]";
      if (own.stream().anyMatch(address::collidesWith)) {
        throw invalid(field, address + " collides with another listen address of the tunnel");
      }
      own.add(address);
      for (Wish<TunnelSpec> other : surroundings.wishes(this)) {
        if (!other.id().equals(id(key.name()))
            && TunnelDefaults.listen(other.body()).stream().anyMatch(address::collidesWith)) {
          throw conflict(field, "listen address " + address + " is already used by " + other.id());
        }
      }
    }
  }

  private static Collection<PeerSpec> peers(TunnelKey key, Surroundings surroundings) {
    return surroundings.<PeerSpec>children(id(key.name())).stream().map(Wish::body).toList();
  }

  @Override
  public Map<String, Object> describe(Map<ObjectKey, Object> observed) {
    return Observation.describe(observed);
  }
}
