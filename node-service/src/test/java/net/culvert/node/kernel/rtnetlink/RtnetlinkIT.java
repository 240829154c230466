package net.culvert.node.kernel.rtnetlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import net.culvert.api.value.Family;
import net.culvert.api.value.InterfaceAddress;
import net.culvert.api.value.IpAddress;
import net.culvert.api.value.Prefix;
import net.culvert.node.kernel.abi.Errno;
import net.culvert.node.kernel.netlink.NetlinkException;
import net.culvert.node.kernel.netlink.NetlinkRequest;
import net.culvert.node.kernel.netlink.Outcome;
import net.culvert.node.kernel.netns.Sysctl;
import net.culvert.node.kernel.sys.Syscalls;
import net.culvert.node.testing.FaultInjectingSyscalls;
import net.culvert.node.testing.RequiresRoot;
import net.culvert.node.testing.TestNamespace;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Everything here is looked at with {@code ip} too: the kernel's view, read by somebody else. */
@RequiresRoot
class RtnetlinkIT {

  private final FaultInjectingSyscalls faults = new FaultInjectingSyscalls(Syscalls.real());
  private final Sysctl sysctl = new Sysctl(Syscalls.real());
  private final TestNamespace test = new TestNamespace();
  private final Rtnetlink rtnetlink = Rtnetlink.open(faults.syscalls(), test.namespace());

  @BeforeEach
  void loopbackIsThere() {
    assertThat(rtnetlink.links()).extracting(Link::name).containsExactly("lo");
  }

  @AfterEach
  void nothingStays() {
    rtnetlink.close();
    test.close();
    assertThat(faults.openDescriptors()).isEmpty();
  }

  private static IpAddress ip(String text) {
    return IpAddress.parse(text);
  }

  private Link bridge(String name) {
    Link link = rtnetlink.create(LinkRequest.create(name, new BridgeKind()));
    rtnetlink.execute(LinkRequest.change(link).up(true).build());
    return link;
  }

  @Test
  void aVethPairWithItsPeerInAnotherNamespace() {
    try (TestNamespace other = new TestNamespace();
        Rtnetlink inside = Rtnetlink.open(faults.syscalls(), other.namespace())) {
      assertThat(rtnetlink.namespaceId(other.namespace())).isEmpty();
      faults.disarm();
      Link near =
          rtnetlink.create(
              LinkRequest.create(
                      "veth1",
                      new VethKind(
                          "veth0", other.namespace(), 1400, MacAddress.parse("02:00:00:00:00:01")))
                  .mtu(1400)
                  .up(true)
                  .group(7));
      assertThat(faults.calls()).startsWith("send").doesNotContain("socket").hasSizeLessThan(6);
      inside.execute(LinkRequest.change(inside.link("veth0").orElseThrow()).up(true).build());
      Link far = inside.link("veth0").orElseThrow();
      assertThat(near.kind()).isEqualTo(VethKind.NAME);
      assertThat(near.mtu()).isEqualTo(1400);
      assertThat(near.isUp()).isTrue();
      assertThat(near.group()).isEqualTo(7);
      assertThat(near.parent()).isEqualTo(far.index());
      assertThat(rtnetlink.namespaceId(other.namespace())).hasValue(near.parentNamespace());
      assertThat(inside.namespaceId(test.namespace())).hasValue(far.parentNamespace());
      assertThat(far.isUp()).isTrue();
      assertThat(far.mtu()).isEqualTo(1400);
      assertThat(far.address()).hasToString("02:00:00:00:00:01");
      assertThat(far.parent()).isEqualTo(near.index());
      assertThat(rtnetlink.link("veth1").orElseThrow().hasCarrier()).isTrue();
      assertThat(test.run("ip", "-d", "link", "show", "veth1"))
          .contains("veth1@if" + far.index() + ":", "mtu 1400", "veth", "group 7", ",UP,");
      assertThat(other.run("ip", "link", "show", "veth0")).contains("02:00:00:00:00:01");

      rtnetlink.execute(Link.delete(near.index(), near.name()));
      assertThat(rtnetlink.link("veth1")).isEmpty();
      assertThat(inside.link("veth0")).isEmpty();
    }
  }

  @Test
  void aChangedLink() {
    Link bridge = bridge("br0");
    Link pair = rtnetlink.create(LinkRequest.create("a", new VethKind("b")));
    assertThat(pair.parentNamespace()).isEqualTo(Link.SAME_NAMESPACE);
    rtnetlink.execute(
        LinkRequest.change(pair)
            .rename("port0")
            .alias("culvert:1234")
            .mtu(1300)
            .master(bridge.index())
            .address(MacAddress.parse("02:00:00:00:00:09"))
            .up(true)
            .build());
    Link changed = rtnetlink.link(pair.index()).orElseThrow();
    assertThat(changed.name()).isEqualTo("port0");
    assertThat(changed.alias()).isEqualTo("culvert:1234");
    assertThat(changed.mtu()).isEqualTo(1300);
    assertThat(changed.master()).isEqualTo(bridge.index());
    assertThat(changed.isUp()).isTrue();
    assertThat(changed.address()).hasToString("02:00:00:00:00:09");
    assertThat(test.run("ip", "-d", "link", "show", "port0"))
        .contains("master br0", "alias culvert:1234", "mtu 1300", "bridge_slave");
    rtnetlink.execute(LinkRequest.change(changed).master(0).up(false).alias("").build());
    Link released = rtnetlink.link("port0").orElseThrow();
    assertThat(released.master()).isZero();
    assertThat(released.isUp()).isFalse();
    assertThat(released.alias()).isNull();
  }

  @Test
  void aLinkMovesToAnotherNamespace() {
    try (TestNamespace other = new TestNamespace();
        Rtnetlink inside = Rtnetlink.open(faults.syscalls(), other.namespace())) {
      Link pair = rtnetlink.create(LinkRequest.create("a", new VethKind("b")));
      rtnetlink.execute(LinkRequest.change(pair).namespace(other.namespace()).build());
      assertThat(rtnetlink.link("a")).isEmpty();
      assertThat(inside.link("a")).isPresent();
      assertThat(other.run("ip", "link")).contains(" a@if");
    }
  }

  @Test
  void aMacvlanOnABridge() {
    Link parent = bridge("br0");
    Link macvlan =
        rtnetlink.create(
            LinkRequest.create("mv0", new MacvlanKind(parent.index(), MacvlanKind.Mode.PRIVATE)));
    assertThat(macvlan.kind()).isEqualTo("macvlan");
    assertThat(macvlan.parent()).isEqualTo(parent.index());
    assertThat(MacvlanKind.modeOf(macvlan)).isEqualTo(MacvlanKind.Mode.PRIVATE);
    assertThat(MacvlanKind.modeOf(parent)).isNull();
    assertThat(test.run("ip", "-d", "link", "show", "mv0")).contains("macvlan mode private");
    assertThat(macvlan).isEqualTo(rtnetlink.link(macvlan.index()).orElseThrow());
  }

  @Test
  void aRefusalHasTheKernelsSentence() {
    Link bridge = bridge("br0");
    assertThatThrownBy(() -> rtnetlink.create(LinkRequest.create("br0", new BridgeKind())))
        .isInstanceOf(NetlinkException.class)
        .hasMessage("RTM_NEWLINK br0: EEXIST (File exists)");
    assertThatThrownBy(() -> rtnetlink.execute(LinkRequest.change(bridge).mtu(10).build()))
        .hasMessageContaining("RTM_SETLINK br0: EINVAL (Invalid argument): mtu less than");
    LinkKind unknown = () -> "nonesuch";
    assertThatThrownBy(() -> rtnetlink.create(LinkRequest.create("x", unknown)))
        .hasMessageContaining("EOPNOTSUPP (Operation not supported): Unknown device type");
    assertThatThrownBy(() -> rtnetlink.execute(Link.delete(4711, "gone")))
        .isInstanceOfSatisfying(
            NetlinkException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENODEV));
    assertThat(rtnetlink.links()).extracting(Link::name).containsExactlyInAnyOrder("lo", "br0");
  }

  @Test
  void severalLinksByName() {
    bridge("br0");
    bridge("br1");
    assertThat(rtnetlink.links(Set.of("br0", "br1", "none")).keySet())
        .containsExactlyInAnyOrder("br0", "br1");
    assertThat(rtnetlink.links(Set.of())).isEmpty();
    assertThat(rtnetlink.link("none")).isEmpty();
    assertThat(rtnetlink.link(4711)).isEmpty();
  }

  @Test
  void settingsOfIpv4ByNetlinkAndOfIpv6Read() {
    Link bridge = bridge("br0");
    assertThat(bridge.configuration().ipv4Forwarding()).isFalse();
    assertThat(bridge.configuration().ipv4ProxyArp()).isFalse();
    rtnetlink.execute(LinkRequest.change(bridge).ipv4Forwarding(true).ipv4ProxyArp(true).build());
    IpConfiguration on = rtnetlink.link("br0").orElseThrow().configuration();
    assertThat(on.ipv4Forwarding()).isTrue();
    assertThat(on.ipv4ProxyArp()).isTrue();
    assertThat(test.run("cat", "/proc/sys/net/ipv4/conf/br0/forwarding")).isEqualTo("1\n");
    assertThat(test.run("cat", "/proc/sys/net/ipv4/conf/br0/proxy_arp")).isEqualTo("1\n");
    assertThat(test.run("cat", "/proc/sys/net/ipv4/ip_forward")).isEqualTo("0\n");

    assertThat(on.ipv6ProxyNdp()).isFalse();
    assertThat(on.ipv6ForceForwarding()).isIn(false, null);
    assertThat(on.ipv6AcceptRa())
        .hasToString(test.run("cat", "/proc/sys/net/ipv6/conf/br0/accept_ra").strip());
    sysctl.write(test.namespace(), "ipv6/conf/br0/proxy_ndp", 1);
    if (on.ipv6ForceForwarding() != null) {
      sysctl.write(test.namespace(), "ipv6/conf/br0/force_forwarding", 1);
    }
    IpConfiguration after = rtnetlink.link("br0").orElseThrow().configuration();
    assertThat(after.ipv6ProxyNdp()).isTrue();
    assertThat(after.ipv6Forwarding()).isFalse();
    if (on.ipv6ForceForwarding() != null) {
      assertThat(after.ipv6ForceForwarding()).isTrue();
    }
    rtnetlink.execute(LinkRequest.change(bridge).ipv4ProxyArp(false).build());
    IpConfiguration off = rtnetlink.link("br0").orElseThrow().configuration();
    assertThat(off.ipv4ProxyArp()).isFalse();
    assertThat(off.ipv4Forwarding()).isTrue();
  }

  @Test
  void addressesOfBothFamilies() {
    Link bridge = bridge("br0");
    Link other = bridge("br1");
    InterfaceAddress four = InterfaceAddress.parse("10.1.1.1/24");
    InterfaceAddress six = InterfaceAddress.parse("fd00:1::1/64");
    rtnetlink
        .executeAll(
            List.of(
                Address.create(bridge.index(), four),
                Address.create(bridge.index(), six),
                Address.create(other.index(), InterfaceAddress.parse("10.1.2.1/24"))))
        .forEach(Outcome::orThrow);
    assertThat(test.run("ip", "addr", "show", "br0"))
        .contains("inet 10.1.1.1/24", "inet6 fd00:1::1/64")
        .doesNotContain("fd00:1::1/64 scope global tentative");
    List<Address> found = rtnetlink.addresses(bridge.index());
    assertThat(found).filteredOn(address -> address.is(four)).hasSize(1);
    assertThat(found).filteredOn(address -> address.is(six)).hasSize(1);
    assertThat(found)
        .filteredOn(address -> address.is(six))
        .allMatch(Address::isUsable)
        .allMatch(address -> address.protocol() == RouteProtocol.CULVERT);
    assertThat(found).allMatch(address -> address.link() == bridge.index());
    assertThat(rtnetlink.addresses()).hasSizeGreaterThan(found.size());
    assertThatThrownBy(() -> rtnetlink.execute(Address.create(bridge.index(), four)))
        .hasMessageContaining("EEXIST");
    rtnetlink.execute(Address.delete(bridge.index(), four));
    rtnetlink.execute(Address.delete(bridge.index(), six));
    assertThatThrownBy(() -> rtnetlink.execute(Address.delete(bridge.index(), four)))
        .hasMessageContaining("EADDRNOTAVAIL");
    assertThat(rtnetlink.addresses(bridge.index()))
        .noneMatch(address -> address.is(four) || address.is(six));
    assertThat(rtnetlink.addresses(4711)).isEmpty();
  }

  @Test
  void aLinkLocalAddressThatServesAtOnce() {
    Link pair =
        rtnetlink.create(
            LinkRequest.create("a", new VethKind("b"))
                .address(MacAddress.parse("02:00:5e:10:00:01")));
    rtnetlink.execute(LinkRequest.change(pair).ipv6LinkLocal(false).build());
    rtnetlink.execute(LinkRequest.change(pair).up(true).build());
    Link other = rtnetlink.link("b").orElseThrow();
    rtnetlink.execute(LinkRequest.change(other).up(true).build());
    assertThat(rtnetlink.addresses(pair.index())).isEmpty();
    IpAddress linkLocal = MacAddress.parse("02:00:5e:10:00:01").linkLocalAddress();
    assertThat(linkLocal).isEqualTo(ip("fe80::5eff:fe10:1"));
    rtnetlink.execute(Address.create(pair.index(), new InterfaceAddress(linkLocal, 64)));
    assertThat(rtnetlink.addresses(pair.index())).hasSize(1).allMatch(Address::isUsable);
    // The kernel makes its own when it has noticed the carrier, which is not at once.
    await()
        .untilAsserted(() ->
            assertThat(rtnetlink.addresses(other.index()))
                .extracting(Address::address)
                .containsExactly(Objects.requireNonNull(other.address()).linkLocalAddress()));
  }

  @Test
  void routesOfBothFamilies() {
    Link bridge = bridge("br0");
    Link other = bridge("br1");
    rtnetlink.execute(Address.create(bridge.index(), InterfaceAddress.parse("10.1.1.1/24")));
    rtnetlink.execute(Address.create(bridge.index(), InterfaceAddress.parse("fd00:1::1/64")));
    Route four = Route.of(Prefix.parse("10.1.2.0/24"), ip("10.1.1.2"), bridge.index(), 50, 1400);
    Route onLink = Route.of(Prefix.parse("10.1.3.0/24"), null, other.index(), 0, 0);
    Route six = Route.of(Prefix.parse("fd00:2::/64"), ip("fd00:1::2"), bridge.index(), 1024, 1350);
    Route byDefault = Route.of(Prefix.IPV4_DEFAULT, ip("10.1.1.9"), 0, 0, 0);
    Route other6 = Route.of(Prefix.parse("10.1.4.0/24"), ip("fd00:1::3"), bridge.index(), 0, 0);
    rtnetlink
        .executeAll(
            List.of(
                four.create(),
                onLink.withSource(ip("10.1.1.1")).create(),
                six.create(),
                byDefault.create(),
                other6.create()))
        .forEach(Outcome::orThrow);
    assertThat(test.run("ip", "route"))
        .contains(
            "10.1.2.0/24 via 10.1.1.2 dev br0 proto 199 metric 50 mtu 1400",
            "10.1.3.0/24 dev br1 proto 199 scope link src 10.1.1.1",
            "default via 10.1.1.9 dev br0 proto 199",
            "10.1.4.0/24 via inet6 fd00:1::3 dev br0 proto 199");
    assertThat(test.run("ip", "-6", "route"))
        .contains("fd00:2::/64 via fd00:1::2 dev br0 proto 199 metric 1024 mtu 1350");
    assertThat(rtnetlink.routes(RouteFilter.OURS))
        .contains(four, six, onLink.withSource(ip("10.1.1.1")), other6)
        .hasSize(5);
    assertThat(rtnetlink.routes(new RouteFilter(254, 0, other.index())))
        .extracting(Route::destination)
        .contains(Prefix.parse("10.1.3.0/24"))
        .doesNotContain(Prefix.parse("10.1.2.0/24"));
    assertThat(rtnetlink.defaultRoute(Family.IPV4).orElseThrow().gateway())
        .isEqualTo(ip("10.1.1.9"));
    assertThat(rtnetlink.defaultRoute(Family.IPV6)).isEmpty();

    assertThatThrownBy(() -> rtnetlink.execute(four.create()))
        .hasMessageContaining("RTM_NEWROUTE route to 10.1.2.0/24: EEXIST");
    rtnetlink.execute(
        Route.of(four.destination(), ip("10.1.1.3"), bridge.index(), 50, 0).replace());
    assertThat(test.run("ip", "route", "show", "10.1.2.0/24"))
        .isEqualTo("10.1.2.0/24 via 10.1.1.3 dev br0 proto 199 metric 50 \n");
    rtnetlink
        .executeAll(List.of(four.delete(), onLink.delete(), six.delete(), byDefault.delete()))
        .forEach(Outcome::orThrow);
    assertThat(rtnetlink.routes(RouteFilter.OURS)).containsExactly(other6);
    assertThatThrownBy(() -> rtnetlink.execute(four.delete())).hasMessageContaining("ESRCH");
  }

  @Test
  void aRouteOfSomebodyElseIsNotDeleted() {
    bridge("br0");
    test.run("ip", "route", "add", "10.9.0.0/16", "dev", "br0", "proto", "static");
    Route ours = Route.of(Prefix.parse("10.9.0.0/16"), null, 0, 0, 0);
    assertThatThrownBy(() -> rtnetlink.execute(ours.delete())).hasMessageContaining("ESRCH");
    assertThat(test.run("ip", "route", "show", "10.9.0.0/16")).contains("dev br0");
  }

  /** Some machines have such routes, as a defence; they are no addresses that we know. */
  @Test
  void aRouteToMappedAddressesHidesNoOther() {
    Link bridge = bridge("br0");
    test.run("ip", "-6", "route", "add", "unreachable", "::ffff:0:0/96");
    test.run("ip", "-6", "route", "add", "::ffff:192.0.2.0/120", "dev", "br0");
    Route ours = Route.of(Prefix.parse("fd00:9::/64"), null, bridge.index(), 0, 0);
    rtnetlink.execute(ours.create());
    assertThat(rtnetlink.routes(RouteFilter.OURS))
        .extracting(Route::destination)
        .containsExactly(Prefix.parse("fd00:9::/64"));
    assertThat(rtnetlink.routes(RouteFilter.MAIN))
        .extracting(Route::destination)
        .contains(Prefix.parse("fd00:9::/64"));
  }

  @Test
  void aGatewayThatNoAddressReaches() {
    Link bridge = bridge("br0");
    Route route = Route.of(Prefix.IPV4_DEFAULT, ip("169.254.1.1"), bridge.index(), 0, 0);
    assertThatThrownBy(() -> rtnetlink.execute(route.create()))
        .hasMessageContaining("ENETUNREACH (Network is unreachable): Nexthop has invalid gateway");
    rtnetlink.execute(route.withGatewayOnLink().create());
    assertThat(rtnetlink.routes(RouteFilter.OURS)).containsExactly(route.withGatewayOnLink());
  }

  @Test
  void aWayIsLookedUp() {
    Link bridge = bridge("br0");
    rtnetlink.execute(Address.create(bridge.index(), InterfaceAddress.parse("10.1.1.1/24")));
    rtnetlink.execute(Route.of(Prefix.parse("10.1.2.0/24"), ip("10.1.1.2"), 0, 0, 1300).create());
    RouteLookup way = rtnetlink.route(ip("10.1.2.7")).orElseThrow();
    assertThat(way)
        .isEqualTo(new RouteLookup(bridge.index(), ip("10.1.1.2"), ip("10.1.1.1"), 1300, false));
    assertThat(rtnetlink.route(ip("10.1.1.1")).orElseThrow().local()).isTrue();
    assertThat(rtnetlink.route(ip("10.77.0.1"))).isEmpty();
    assertThat(rtnetlink.route(ip("fd00:77::1"))).isEmpty();
    assertThat(rtnetlink.route(ip("::1")).orElseThrow().local()).isTrue();
  }

  @Test
  void neighboursAndProxies() {
    Link bridge = bridge("br0");
    Link other = bridge("br1");
    MacAddress mac = MacAddress.parse("02:00:00:00:00:aa");
    List<NetlinkRequest> requests = new ArrayList<>();
    for (String address : List.of("10.1.1.5", "fd00:1::5")) {
      requests.add(Neighbour.put(bridge.index(), ip(address), mac));
      requests.add(Neighbour.putProxy(bridge.index(), ip(address)));
      requests.add(Neighbour.putProxy(bridge.index(), ip(address)));
      requests.add(Neighbour.put(other.index(), ip(address), mac));
    }
    rtnetlink.executeAll(requests).forEach(Outcome::orThrow);
    assertThat(test.run("ip", "neigh", "show", "dev", "br0"))
        .contains("10.1.1.5 lladdr 02:00:00:00:00:aa PERMANENT", "fd00:1::5 lladdr");
    assertThat(test.run("ip", "neigh", "show", "proxy", "dev", "br0"))
        .contains("10.1.1.5", "fd00:1::5");
    assertThat(rtnetlink.neighbours(bridge.index()))
        .filteredOn(Neighbour::isPermanent)
        .extracting(neighbour -> neighbour.address().toString())
        .containsExactlyInAnyOrder("10.1.1.5", "fd00:1::5");
    assertThat(rtnetlink.neighbours(bridge.index()))
        .filteredOn(Neighbour::isPermanent)
        .allMatch(neighbour -> mac.equals(neighbour.linkAddress()))
        .allMatch(neighbour -> neighbour.protocol() == RouteProtocol.CULVERT);
    assertThat(rtnetlink.proxies(bridge.index()))
        .hasSize(2)
        .allMatch(Neighbour::proxy)
        .allMatch(neighbour -> neighbour.protocol() == RouteProtocol.CULVERT);
    assertThat(rtnetlink.proxies(other.index())).isEmpty();
    rtnetlink.execute(Neighbour.delete(bridge.index(), ip("10.1.1.5"), true));
    rtnetlink.execute(Neighbour.delete(bridge.index(), ip("10.1.1.5"), false));
    assertThat(rtnetlink.proxies(bridge.index()))
        .extracting(Neighbour::address)
        .containsExactly(ip("fd00:1::5"));
    assertThatThrownBy(
            () -> rtnetlink.execute(Neighbour.delete(bridge.index(), ip("10.1.1.5"), true)))
        .hasMessageContaining("ENOENT");
    assertThat(rtnetlink.neighbours(4711)).isEmpty();
  }

  @Test
  void aThousandRoutesInFewCalls() {
    Link bridge = bridge("br0");
    List<NetlinkRequest> requests = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      Prefix prefix = Prefix.parse("10." + (100 + i / 250) + "." + i % 250 + ".0/24");
      requests.add(Route.of(prefix, null, bridge.index(), 0, 0).create());
    }
    faults.disarm();
    rtnetlink.executeAll(requests).forEach(Outcome::orThrow);
    assertThat(faults.calls()).filteredOn("send"::equals).hasSize(8);
    assertThat(rtnetlink.routes(Family.IPV4, RouteFilter.OURS)).hasSize(1000);
    assertThat(test.run("ip", "route", "show", "proto", "199").lines()).hasSize(1000);
  }
}
