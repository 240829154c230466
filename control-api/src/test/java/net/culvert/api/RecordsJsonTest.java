package net.culvert.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import net.culvert.api.link.Link;
import net.culvert.api.link.LinkPeerSpec;
import net.culvert.api.link.LinkSpec;
import net.culvert.api.namespace.AttachmentSpec;
import net.culvert.api.namespace.Namespace;
import net.culvert.api.namespace.NamespaceSpec;
import net.culvert.api.neighbour.Neighbour;
import net.culvert.api.neighbour.NeighbourSpec;
import net.culvert.api.node.NodeInfo;
import net.culvert.api.ping.PingReport;
import net.culvert.api.ping.PingRequest;
import net.culvert.api.problem.FieldError;
import net.culvert.api.problem.Problem;
import net.culvert.api.resource.ItemList;
import net.culvert.api.resource.ResourceState;
import net.culvert.api.resource.ResourceStatus;
import net.culvert.api.route.Route;
import net.culvert.api.route.RouteDestination;
import net.culvert.api.route.RouteSpec;
import net.culvert.api.tunnel.Cipher;
import net.culvert.api.tunnel.Framing;
import net.culvert.api.tunnel.PacketEvent;
import net.culvert.api.tunnel.Peer;
import net.culvert.api.tunnel.PeerSession;
import net.culvert.api.tunnel.PeerSpec;
import net.culvert.api.tunnel.TrafficCounters;
import net.culvert.api.tunnel.TransportKind;
import net.culvert.api.tunnel.Tunnel;
import net.culvert.api.tunnel.TunnelOffload;
import net.culvert.api.tunnel.TunnelSpec;
import net.culvert.api.value.Endpoint;
import net.culvert.api.value.InterfaceAddress;
import net.culvert.api.value.IpAddress;
import net.culvert.api.value.LinkName;
import net.culvert.api.value.ListenAddress;
import net.culvert.api.value.Prefix;
import net.culvert.api.value.PublicKey;
import net.culvert.api.value.ResourceName;
import net.culvert.api.value.SecretKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

class RecordsJsonTest {

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .changeDefaultPropertyInclusion(
              inclusion -> inclusion.withValueInclusion(JsonInclude.Include.NON_NULL))
          .build();

  private static final Instant NOON = Instant.parse("2026-11-01T12:00:00Z");
  private static final ResourceStatus STATUS =
      new ResourceStatus(
          ResourceState.APPLIED,
          null,
          1,
          NOON,
          2,
          "route 10.1.2.0/24 was gone and was made again",
          NOON,
          List.of("link veth-net1: forwarded packets are dropped"),
          Map.of("links", List.of(Map.of("name", "veth0", "up", true))));
  private static final ResourceName NET1 = new ResourceName("net1");
  private static final String KEY = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=";
  private static final LinkName TUN0 = new LinkName("tun0");
  private static final LinkName VETH0 = new LinkName("veth0");
  private static final InterfaceAddress ADDRESS = InterfaceAddress.parse("10.1.1.2/24");
  private static final TrafficCounters COUNTERS =
      new TrafficCounters(1, 84, 2, 168, Map.of("no-peer", 3L));
  private static final AttachmentSpec ATTACHMENT =
      new AttachmentSpec(
          ADDRESS,
          IpAddress.parse("10.1.1.1"),
          InterfaceAddress.parse("2001:db8::2/64"),
          IpAddress.parse("2001:db8::1"),
          VETH0,
          new LinkName("net1"),
          new LinkName("br0"),
          1400,
          false);
  private static final LinkPeerSpec LINK_PEER =
      new LinkPeerSpec(NET1, VETH0, List.of(InterfaceAddress.parse("10.1.1.2/24")));

  static Stream<Record> records() {
    return Stream.of(
        new NamespaceSpec(null),
        new NamespaceSpec(ATTACHMENT),
        new Namespace(NET1, ATTACHMENT, 7, STATUS),
        new LinkSpec(
            "veth", NET1, List.of(ADDRESS), 1400, true, false, VETH0, LINK_PEER, TUN0, "bridge"),
        new Link(
            VETH0,
            "veth",
            null,
            List.of(ADDRESS),
            null,
            true,
            false,
            null,
            LINK_PEER,
            null,
            null,
            8,
            STATUS),
        new RouteSpec(
            NET1,
            RouteDestination.parse("default"),
            IpAddress.parse("10.1.1.1"),
            VETH0,
            0xffff_ffffL,
            1400),
        new Route(NET1, null, RouteDestination.parse("::/0"), null, TUN0, null, null, 9, STATUS),
        new NeighbourSpec(NET1, VETH0, IpAddress.parse("10.1.1.9"), "02:00:00:00:00:01"),
        new Neighbour(NET1, null, VETH0, IpAddress.parse("fe80::1"), null, 10, STATUS),
        new TunnelSpec(
            TransportKind.PLAIN,
            Framing.PACKET_INFORMATION,
            List.of(ListenAddress.parse("0.0.0.0:7000"), ListenAddress.parse("[::]:7000")),
            List.of(ADDRESS),
            1472,
            1,
            true),
        new Tunnel(
            TUN0,
            TransportKind.PLAIN,
            Framing.IP,
            List.of(ListenAddress.parse("[::1]:7000")),
            List.of(),
            null,
            1,
            true,
            true,
            Set.of(TunnelOffload.SEND_TRAINS),
            COUNTERS,
            Map.of("tso", "on"),
            null,
            null,
            11,
            STATUS),
        new TunnelSpec(
            TransportKind.WIREGUARD,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            Cipher.AES_256_GCM,
            SecretKey.parse(KEY)),
        new Tunnel(
            TUN0,
            TransportKind.WIREGUARD,
            null,
            List.of(ListenAddress.parse("[::1]:51820")),
            List.of(),
            null,
            1,
            true,
            true,
            Set.of(),
            COUNTERS,
            Map.of(),
            Cipher.CHACHA20_POLY1305,
            PublicKey.parse(KEY),
            12,
            STATUS),
        new PeerSpec(
            null,
            List.of(),
            null,
            PublicKey.parse(KEY),
            SecretKey.parse("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="),
            25),
        new Peer(
            TUN0,
            new ResourceName("b"),
            null,
            List.of(),
            false,
            PublicKey.parse(KEY),
            true,
            0,
            new PeerSession(NOON, 7L, 1),
            COUNTERS,
            12,
            STATUS),
        new PeerSpec(Endpoint.parse("192.0.2.2:7000"), List.of(Prefix.parse("10.1.2.0/24")), true),
        new Peer(
            TUN0,
            new ResourceName("b"),
            Endpoint.parse("[2001:db8::1]:7000"),
            List.of(Prefix.parse("2001:db8:2::/48")),
            false,
            null,
            null,
            null,
            null,
            COUNTERS,
            12,
            STATUS),
        COUNTERS,
        new PacketEvent(
            NOON,
            "outbound",
            84,
            88,
            "ipv4",
            "10.1.1.2",
            "10.1.2.2",
            "icmp",
            null,
            null,
            8,
            0,
            4711,
            1,
            63,
            "b",
            "forwarded"),
        new PingRequest(IpAddress.parse("10.1.2.2"), 3, 1000, 56),
        new PingReport(
            IpAddress.parse("10.1.2.2"),
            3,
            2,
            62,
            new PingReport.RoundTrip(0.25, 0.5, 0.75),
            List.of(new PingReport.PingReply(1, 62, 0.25)),
            List.of("10.1.1.1 says: host unreachable")),
        new NodeInfo(
            "a",
            "4b9ac3ea-8f66-4c3c-9d7d-6c1f2f0b4a11",
            "0.1.0",
            "6.18.0",
            List.of("CAP_NET_ADMIN"),
            List.of(new NodeInfo.Missing("CAP_NET_RAW", "ping will not work")),
            Map.of("tso4", "offered")),
        STATUS,
        new Problem(
            URI.create("urn:culvert:problem:conflict"),
            "Conflict",
            409,
            "prefix 10.1.2.0/24 is already used by routes/r1",
            URI.create("/api/v1/routes/r2"),
            List.of(new FieldError("destination", "is taken")),
            "EEXIST",
            "RTM_NEWROUTE",
            "Route exists"));
  }

  @ParameterizedTest
  @MethodSource("records")
  void readsWhatItWrites(Record record) {
    String json = MAPPER.writeValueAsString(record);

    assertThat(MAPPER.readValue(json, record.getClass())).isEqualTo(record);
    assertThat(MAPPER.writeValueAsString(MAPPER.readValue(json, record.getClass())))
        .isEqualTo(json);
  }

  @Test
  void readsAListOfThem() {
    ItemList<Route> list =
        new ItemList<>(
            List.of(
                new Route(
                    NET1,
                    null,
                    RouteDestination.parse("default"),
                    null,
                    TUN0,
                    null,
                    null,
                    1,
                    STATUS)));

    assertThat(
            MAPPER.readValue(
                MAPPER.writeValueAsString(list), new TypeReference<ItemList<Route>>() {}))
        .isEqualTo(list);
  }

  @Test
  void writesValuesAsTheirCanonicalText() {
    assertThat(
            MAPPER.writeValueAsString(
                new PeerSpec(
                    Endpoint.parse("[2001:DB8::0]:7000"),
                    List.of(Prefix.parse("2001:DB8:0::/48")),
                    null)))
        .isEqualTo("{\"endpoint\":\"[2001:db8::]:7000\",\"allowedPrefixes\":[\"2001:db8::/48\"]}");
    assertThat(
            MAPPER.writeValueAsString(
                new TunnelSpec(
                    TransportKind.PLAIN, Framing.PACKET_INFORMATION, null, null, null, null, null)))
        .isEqualTo("{\"transport\":\"plain\",\"framing\":\"packet-information\"}");
  }

  @Test
  void aSecretThatIsToGoIsWrittenAsNull() {
    PeerSpec body = new PeerSpec(null, List.of(), null, PublicKey.parse(KEY), SecretKey.NONE, null);

    assertThat(MAPPER.writeValueAsString(body))
        .isEqualTo("{\"allowedPrefixes\":[],\"publicKey\":\"" + KEY + "\",\"presharedKey\":null}");
    assertThat(body.toString()).contains("no key");
    assertThat(SecretKey.parse(KEY).toString()).doesNotContain(KEY);
  }

  @Test
  void readsTheBodiesOfTheContract() {
    assertThat(
            MAPPER.readValue(
                "{\"attachment\":{\"address\":\"10.1.1.2/24\",\"gateway\":\"10.1.1.1\"}}",
                NamespaceSpec.class))
        .isEqualTo(
            new NamespaceSpec(
                new AttachmentSpec(
                    ADDRESS,
                    IpAddress.parse("10.1.1.1"),
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null)));
    assertThat(
            MAPPER.readValue(
                "{\"transport\":\"plain\",\"framing\":\"ip\",\"listen\":[\"0.0.0.0:7000\"]}",
                TunnelSpec.class))
        .isEqualTo(
            new TunnelSpec(
                TransportKind.PLAIN,
                Framing.IP,
                List.of(ListenAddress.parse("0.0.0.0:7000")),
                null,
                null,
                null,
                null));
  }

  @Test
  void carriesTheSentenceOfARefusedValue() {
    assertThatThrownBy(
            () -> MAPPER.readValue("{\"allowedPrefixes\":[\"10.1.2.3/24\"]}", PeerSpec.class))
        .isInstanceOf(JacksonException.class)
        .rootCause()
        .hasMessage("10.1.2.3/24 has host bits set; the prefix is 10.1.2.0/24");
  }
}
