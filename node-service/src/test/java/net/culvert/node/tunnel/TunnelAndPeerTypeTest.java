package net.culvert.node.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import net.culvert.api.tunnel.Framing;
import net.culvert.api.tunnel.PeerSpec;
import net.culvert.api.tunnel.TransportKind;
import net.culvert.api.tunnel.TunnelSpec;
import net.culvert.api.value.Endpoint;
import net.culvert.api.value.LinkName;
import net.culvert.api.value.ListenAddress;
import net.culvert.api.value.Prefix;
import net.culvert.api.value.ResourceName;
import net.culvert.node.object.HostFacts;
import net.culvert.node.object.LinkKey;
import net.culvert.node.object.LinkState;
import net.culvert.node.object.RouteKey;
import net.culvert.node.object.RouteState;
import net.culvert.node.reconcile.DesiredStore;
import net.culvert.node.reconcile.DesiredTable;
import net.culvert.node.reconcile.Precondition;
import net.culvert.node.testing.FixedFacts;
import net.culvert.node.testing.WishedObjects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TunnelAndPeerTypeTest {

  private static final LinkName TUN0 = new LinkName("tun0");
  private static final LinkKey DEVICE = new LinkKey(null, TUN0);

  private final HostFacts facts = new FixedFacts(OptionalInt.of(1500));
  private final TunnelType tunnels = new TunnelType(facts);
  private final PeerType peers = new PeerType(tunnels, facts);
  private final WishedObjects wished = new WishedObjects();
  private final DesiredTable table =
      new DesiredTable(DesiredStore.inMemory(), List.of(tunnels, peers), wished);

  private void tunnel(String name, boolean up, Framing framing, String... listen) {
    List<ListenAddress> addresses = Arrays.stream(listen).map(ListenAddress::parse).toList();
    TunnelSpec body =
        new TunnelSpec(TransportKind.PLAIN, framing, addresses, List.of(), null, null, up);
    table.put(tunnels, name, TunnelDefaults.of(body, null), Precondition.NONE);
  }

  private void peer(String tunnel, String name, @Nullable String endpoint, String... prefixes) {
    List<Prefix> allowed = Arrays.stream(prefixes).map(Prefix::parse).toList();
    PeerSpec body = new PeerSpec(endpoint == null ? null : Endpoint.parse(endpoint), allowed, null);
    table.put(
        peers,
        PeerType.qualified(new LinkName(tunnel), new ResourceName(name)),
        TunnelDefaults.of(body, null),
        Precondition.NONE);
  }

  private int mtu() {
    return wished
        .of(table, DEVICE)
        .map(state -> ((LinkState) state).mtu())
        .orElseThrow(() -> new AssertionError("no device"));
  }

  @Test
  void theMtuIsTheEgressLinksLessTheHeaders() {
    tunnel("tun0", true, Framing.IP, "0.0.0.0:7000", "[::]:7000");
    assertThat(mtu()).isEqualTo(1472);
    peer("tun0", "b", "[2001:db8::2]:7000", "10.1.2.0/24");
    assertThat(mtu()).isEqualTo(1452);
    peer("tun0", "c", "192.0.2.3:7000", "10.1.3.0/24");
    assertThat(mtu()).isEqualTo(1452);
    table.delete(TunnelAndPeerTypeTest.peerId("tun0/b"), Precondition.NONE);
    assertThat(mtu()).isEqualTo(1472);
  }

  private static net.culvert.node.reconcile.ResourceId peerId(String name) {
    return new net.culvert.node.reconcile.ResourceId(PeerType.NAME, name);
  }

  @Test
  void packetInformationTakesFourBytesMore() {
    tunnel("tun0", true, Framing.PACKET_INFORMATION, "0.0.0.0:7000");
    assertThat(mtu()).isEqualTo(1468);
  }

  @Test
  void routesFollowPrefixesWhileTheTunnelIsUp() {
    RouteKey route = RouteKey.of(null, Prefix.parse("10.1.2.0/24"), null);
    tunnel("tun0", true, Framing.IP, "0.0.0.0:7000");
    peer("tun0", "b", "192.0.2.2:7000", "10.1.2.0/24");
    assertThat(wished.of(table, route)).contains(new RouteState(null, TUN0, null));
    tunnel("tun0", false, Framing.IP, "0.0.0.0:7000");
    assertThat(wished.of(table, route)).isEmpty();
    tunnel("tun0", true, Framing.IP, "0.0.0.0:7000");
    assertThat(wished.of(table, route)).isPresent();
  }

  @Test
  void prefixesMayNestButNotBeTheSame() {
    tunnel("tun0", true, Framing.IP, "0.0.0.0:7000");
    peer("tun0", "b", null, "10.0.0.0/8");
    peer("tun0", "c", null, "10.1.0.0/16");
    assertThatThrownBy(() -> peer("tun0", "d", null, "10.1.0.0/16"))
        .hasMessageContaining("10.1.0.0/16")
        .hasMessageContaining("peers/tun0/c");
  }

  @Test
  void aPrefixWithThePeersOwnEndpointIsRefused() {
    tunnel("tun0", true, Framing.IP, "0.0.0.0:7000");
    assertThatThrownBy(() -> peer("tun0", "b", "10.1.2.9:7000", "10.1.2.0/24"))
        .hasMessageContaining("own endpoint");
  }

  @Test
  void listenAddressesOfTwoTunnelsMustNotCollide() {
    tunnel("tun0", true, Framing.IP, "0.0.0.0:7000");
    assertThatThrownBy(() -> tunnel("tun1", true, Framing.IP, "192.0.2.1:7000"))
        .hasMessageContaining("tunnels/tun0");
    tunnel("tun1", true, Framing.IP, "[::]:7000", "0.0.0.0:7001");
  }

  @Test
  void anEndpointNeedsASocketOfItsFamily() {
    tunnel("tun0", true, Framing.IP, "0.0.0.0:7000");
    assertThatThrownBy(() -> peer("tun0", "b", "[2001:db8::2]:7000", "10.1.2.0/24"))
        .hasMessageContaining("no socket");
  }

  @Test
  void aPeerNeedsItsTunnelAndGoesWithIt() {
    assertThatThrownBy(() -> peer("tun0", "b", null, "10.1.2.0/24"))
        .hasMessageContaining("no tunnel tun0");
    tunnel("tun0", true, Framing.IP, "0.0.0.0:7000");
    peer("tun0", "b", null, "10.1.2.0/24");
    table.delete(TunnelType.id(TUN0), Precondition.NONE);
    assertThat(wished.keys(table)).isEmpty();
  }
}
