package net.culvert.node.lab;

import static net.culvert.node.lab.Bodies.attached;
import static net.culvert.node.lab.Bodies.link;
import static net.culvert.node.lab.Bodies.name;
import static net.culvert.node.lab.Bodies.peer;
import static net.culvert.node.lab.Bodies.route;
import static net.culvert.node.lab.Bodies.tunnel;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import net.culvert.api.tunnel.Framing;
import net.culvert.api.value.IpAddress;
import net.culvert.node.packet.TestPackets;
import net.culvert.node.testing.RequiresCommand;
import net.culvert.node.testing.RequiresRoot;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * To whom a packet goes, from whom one is taken, and what a sender is told of the rest. The peers
 * are bare UDP sockets of the test, so every byte on the wire is seen.
 *
 * <pre>
 *  net1 10.1.1.2  ─┐                      ┌─ b:7101  wide    10.9.0.0/16, fd00:9::/32
 *       fd00:1::2 ─┴─ host a, node, tun0 ═╪═ b:7102  narrow  10.9.5.0/24, fd00:9:5::/48
 *                     UDP port 7000       └─ (anywhere) roamer  10.8.0.0/16, fd00:8::/32
 * </pre>
 */
@RequiresRoot
@RequiresCommand("ping")
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ForwardingIT {

  private static final int ECHO_ID = 0x4242;
  private static final Duration QUIET = Duration.ofMillis(300);

  private final Lab lab = new Lab();
  private final String net1 = lab.namespaceName();
  private final LabNode node = lab.start(lab.a());
  private final ForeignSocket wide = lab.closing(new ForeignSocket(lab.b(), 7101));
  private final ForeignSocket narrow = lab.closing(new ForeignSocket(lab.b(), 7102));

  @BeforeAll
  void start() {
    node.awaitReady();
    node.client().tunnels().put(link("tun0"), null, tunnel("0.0.0.0:7000"));
    put("wide", Lab.UNDERLAY_B + ":7101", "10.9.0.0/16", "fd00:9::/32");
    put("narrow", Lab.UNDERLAY_B + ":7102", "10.9.5.0/24", "fd00:9:5::/48");
    put("roamer", null, "10.8.0.0/16", "fd00:8::/32");
    node.client()
        .namespaces()
        .put(
            name(net1),
            null,
            attached("10.1.1.2/24", "10.1.1.1", "fd00:1::2/64", "fd00:1::1", 1500));
  }

  @AfterAll
  void close() {
    lab.close();
  }

  private void put(String peer, @Nullable String endpoint, String... prefixes) {
    node.client().peers().put(link("tun0"), name(peer), null, peer(endpoint, prefixes));
  }

  @ParameterizedTest
  @CsvSource({"10.9.5.1, 10.9.6.1", "fd00:9:5::1, fd00:9:6::1"})
  void theLongestPrefixOwnsADestination(String ofNarrow, String ofWide) {
    Pings.ping(node.inside(net1), 1, ofNarrow).requireNone();
    byte[] packet = narrow.await(each -> isTo(each, ofNarrow));
    assertThat(source(packet)).isIn("10.1.1.2", "fd00:1::2");
    Pings.ping(node.inside(net1), 1, ofWide).requireNone();
    wide.await(each -> isTo(each, ofWide));
    // Neither got what was the other's.
    assertThat(wide.receive(QUIET).filter(each -> isTo(each, ofNarrow))).isEmpty();
    assertThat(narrow.receive(QUIET).filter(each -> isTo(each, ofWide))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"10.8.0.1, 10.1.1.2", "fd00:8::1, fd00:1::2"})
  void anEndpointIsLearnedFromThePeersOwnPackets(String roamer, String inside) {
    put("roamer", Lab.UNDERLAY_B + ":9", "10.8.0.0/16", "fd00:8::/32");
    put("roamer", null, "10.8.0.0/16", "fd00:8::/32");
    assertThat(Pings.ping(node.inside(net1), 1, roamer).requireNone().output())
        .containsAnyOf("Destination Host Unreachable", "Address unreachable");
    for (int port : new int[] {7201, 7202}) {
      try (ForeignSocket socket = new ForeignSocket(lab.b(), port)) {
        socket.send(
            TestPackets.echo(roamer, inside, true, ECHO_ID, port, 56), Lab.UNDERLAY_A, 7000);
        socket.await(each -> isFrom(each, inside));
        var peer =
            Objects.requireNonNull(
                node.client().peers().get(link("tun0"), name("roamer")).getBody());
        assertThat(peer.endpoint()).isNull();
        assertThat(peer.status().observed().toString())
            .contains(Lab.UNDERLAY_B + ":" + port)
            .containsIgnoringCase("learned");
        // Packets of our own go there too.
        Pings.ping(node.inside(net1), 1, roamer).requireNone();
        socket.await(each -> isTo(each, roamer));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "172.16.9.9, 10.9.6.1, 10.1.1.2, source-not-allowed",
    "10.9.5.1, 10.9.6.1, 10.1.1.2, endpoint-not-allowed",
    "fd00:77::1, fd00:9:6::1, fd00:1::2, source-not-allowed",
    "fd00:9:5::1, fd00:9:6::1, fd00:1::2, endpoint-not-allowed",
  })
  void aSpoofedInnerSourceIsDroppedAndCounted(
      String spoofed, String own, String inside, String reason) {
    long before = drops(reason);
    try (EventReader packets =
        node.events("/api/v1/tunnels/tun0/packets?direction=inbound&seconds=30")) {
      wide.send(TestPackets.echo(spoofed, inside, true, ECHO_ID, 1, 56), Lab.UNDERLAY_A, 7000);
      wide.send(TestPackets.echo(own, inside, true, ECHO_ID, 2, 56), Lab.UNDERLAY_A, 7000);
      // The honest one behind it is answered first.
      byte[] answer = wide.await(each -> isFrom(each, inside));
      assertThat(sequence(answer)).isEqualTo(2);
      assertThat(packets.await(each -> each.text("source").equals(spoofed)).text("verdict"))
          .isEqualTo(reason);
      assertThat(packets.await(each -> each.text("source").equals(own)).text("verdict"))
          .isEqualTo("forwarded");
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    assertThat(drops(reason)).isEqualTo(before + 1);
  }

  @ParameterizedTest
  @CsvSource({
    "10.77.0.1, 10.77.0.0/16, Destination Net Unreachable",
    "fd00:77::1, fd00:77::/32, No route"
  })
  void aDestinationThatNoPeerOwnsIsUnreachable(String destination, String prefix, String words) {
    node.client().routes().put(name("nobody"), null, route(prefix, "tun0"));
    long before = drops("no-peer");
    String output = Pings.ping(node.inside(net1), 2, destination).requireNone().output();
    assertThat(output).contains(words);
    assertThat(drops("no-peer")).isGreaterThanOrEqualTo(before + 2);
    node.client().routes().delete(name("nobody"), null);
  }

  @ParameterizedTest
  @CsvSource({"10.9.6.2, 28", "fd00:9:6::2, 48"})
  void aPacketThatIsTooBigIsToldTheRightMtu(String destination, int headers) {
    // The namespace's own link takes 1500 bytes, the tunnel 1472.
    assertThat(node.kernel().mtu("tun0")).isEqualTo(1472);
    String size = Integer.toString(1500 - headers);
    String output =
        Pings.ping(node.inside(net1), 2, destination, "-M", "do", "-s", size)
            .requireNone()
            .output();
    assertThat(output).containsPattern("mtu ?= ?1472");
    assertThat(node.inside(net1).run("ip", "route", "get", destination)).contains("mtu 1472");
  }

  @ParameterizedTest
  @CsvSource({"10.9.6.3, 28", "fd00:9:6::3, 48"})
  void aDeviceWiderThanThePathTellsTheMtuItself(String destination, int headers) {
    node.client().tunnels().put(link("tun0"), null, tunnel(Framing.IP, 1500, "0.0.0.0:7000"));
    try {
      long before = drops("too-big");
      String size = Integer.toString(1500 - headers);
      String output =
          Pings.ping(node.inside(net1), 2, destination, "-M", "do", "-s", size)
              .requireNone()
              .output();
      assertThat(output).containsPattern("mtu ?= ?1472");
      assertThat(node.inside(net1).run("ip", "route", "get", destination)).contains("mtu 1472");
      assertThat(drops("too-big")).isGreaterThan(before);
    } finally {
      node.client().tunnels().put(link("tun0"), null, tunnel("0.0.0.0:7000"));
    }
  }

  @Test
  void rubbishIsCountedAndHarmsNothing() {
    long before = drops("malformed");
    for (byte[] rubbish :
        List.of(new byte[0], new byte[] {0x45}, new byte[100], new byte[] {0x60, 0, 0, 0})) {
      wide.send(rubbish, Lab.UNDERLAY_A, 7000);
    }
    wide.send(TestPackets.echo("10.9.6.1", "10.1.1.2", true, ECHO_ID, 7, 56), Lab.UNDERLAY_A, 7000);
    wide.await(each -> isFrom(each, "10.1.1.2"));
    assertThat(drops("malformed")).isGreaterThanOrEqualTo(before + 3);
  }

  private long drops(String reason) {
    Map<String, Long> drops =
        Objects.requireNonNull(node.client().tunnels().get(link("tun0")).getBody())
            .counters()
            .drops();
    return drops.getOrDefault(reason, 0L);
  }

  private static boolean isTo(byte[] packet, String address) {
    return address(packet, false).equals(address);
  }

  private static boolean isFrom(byte[] packet, String address) {
    return source(packet).equals(address);
  }

  private static String source(byte[] packet) {
    return address(packet, true);
  }

  private static int sequence(byte[] packet) {
    int icmp = packet[0] >> 4 == 4 ? 20 : 40;
    return (packet[icmp + 6] & 0xff) << 8 | packet[icmp + 7] & 0xff;
  }

  private static String address(byte[] packet, boolean source) {
    boolean ipv4 = packet.length >= 20 && packet[0] >> 4 == 4;
    int bytes = ipv4 ? 4 : 16;
    int from = (ipv4 ? 12 : 8) + (source ? 0 : bytes);
    return packet.length < from + bytes
        ? ""
        : IpAddress.of(Arrays.copyOfRange(packet, from, from + bytes)).toString();
  }
}
