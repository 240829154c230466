package net.culvert.node.reconcile;

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import net.culvert.node.reconcile.Thing.Value;

/** Resource types that follow one another, as tunnels, their peers and namespaces do. */
final class Tunnelling {

  /**
   * @param mtu the largest that it offers
   */
  record Tunnel(int mtu) {}

  /**
   * @param mtu the largest that the way to it carries
   */
  record Peer(String prefix, int mtu) {}

  record Net(String address) {}

  /** The MTU of the egress link: a fact of the host. */
  final AtomicInteger egress = new AtomicInteger(1500);

  final ResourceType<Tunnel> tunnels = new TunnelType();
  final ResourceType<Peer> peers = new PeerType();
  final ResourceType<Net> nets = new NetType();

  static Thing device(String tunnel) {
    return Thing.link(tunnel);
  }

  static Thing veth(String net) {
    return Thing.link(Thing.namespace(net), "veth0");
  }

  private int mtu(String tunnel, Tunnel body, Surroundings surroundings) {
    int mtu = Math.min(body.mtu(), egress.get());
    for (Wish<Peer> peer : surroundings.<Peer>children(new ResourceId(tunnels.name(), tunnel))) {
      mtu = Math.min(mtu, peer.body().mtu());
    }
    return mtu;
  }

  private abstract static class Named<B> implements ResourceType<B> {
    private final String name;
    private final Class<B> bodyType;

    Named(String name, Class<B> bodyType) {
      this.name = name;
      this.bodyType = bodyType;
    }

    @Override
    public Class<B> bodyType() {
      return bodyType;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public Map<String, Object> describe(Map<ObjectKey, Object> observed) {
      return Map.of();
    }
  }

  private final class TunnelType extends Named<Tunnel> {
    TunnelType() {
      super("tunnels", Tunnel.class);
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
    public Expansion expand(String name, Tunnel body, Surroundings surroundings) {
      int mtu = mtu(name, body, surroundings);
      return Expansion.builder().object(device(name), Value.of("mtu " + mtu)).offerMtu(mtu).build();
    }
  }

  private final class PeerType extends Named<Peer> {
    PeerType() {
      super("peers", Peer.class);
    }

    @Override
    public Expansion expand(String name, Peer body, Surroundings surroundings) {
      String tunnel = name.substring(0, name.indexOf('/'));
      Tunnel above =
          surroundings
              .wish(tunnels, tunnel)
              .map(Wish::body)
              .orElseThrow(() -> WishRefusedException.absent("there is no tunnel " + tunnel));
      return Expansion.builder()
          .parent(new ResourceId(tunnels.name(), tunnel))
          .claim("prefix " + body.prefix(), "prefix " + body.prefix())
          .object(Thing.route(body.prefix()), Value.of("by " + tunnel + " " + name))
          .object(
              Thing.setting(device(tunnel), name),
              Value.of("mtu " + mtu(tunnel, above, surroundings)))
          .build();
    }
  }

  private static final class NetType extends Named<Net> {
    NetType() {
      super("nets", Net.class);
    }

    @Override
    public boolean followsMtu() {
      return true;
    }

    @Override
    public Expansion expand(String name, Net body, Surroundings surroundings) {
      Thing veth = veth(name);
      int mtu = surroundings.smallestOfferedMtu().orElse(9000);
      return Expansion.builder()
          .object(Thing.namespace(name), Value.of("any"))
          .object(veth, Value.of("mtu " + mtu))
          .object(Thing.address(veth, body.address()), Value.of("any"))
          .claim("address " + body.address(), "address " + body.address())
          .build();
    }
  }
}
