package net.culvert.node.lab;

import static net.culvert.node.lab.Bodies.link;
import static net.culvert.node.lab.Bodies.tunnel;
import static net.culvert.node.lab.Bodies.withAddresses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import net.culvert.api.tunnel.Framing;
import net.culvert.node.testing.RequiresCommand;
import net.culvert.node.testing.RequiresRoot;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The article's opening scene: a tunnel that leads nowhere shows what goes into it.
 *
 * <pre>
 *   ping 192.37.1.3 ── host a, tun0 192.37.1.2/24, fd00:37::2/64 ── node ── GET …/packets
 * </pre>
 */
@RequiresRoot
@RequiresCommand("ping")
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PacketStreamIT {

  /** Events: the node keeps 4096 for a reader, and TCP some megabytes of text. */
  private static final int MORE_THAN_ALL_BUFFERS = 30_000;

  private static final String PACKETS = "/api/v1/tunnels/tun0/packets";

  private final Lab lab = new Lab();
  private final LabNode node = lab.start(lab.a());

  @BeforeAll
  void start() {
    node.awaitReady();
    node.client()
        .tunnels()
        .put(
            link("tun0"),
            null,
            withAddresses(
                tunnel(Framing.PACKET_INFORMATION, null, "0.0.0.0:7000"),
                "192.37.1.2/24",
                "fd00:37::2/64"));
  }

  @AfterAll
  void close() {
    lab.close();
  }

  @Test
  void showsEachEchoRequest() throws Exception {
    try (EventReader packets = node.events(PACKETS + "?protocol=icmp&direction=outbound")) {
      Pings.ping(node.host(), "192.37.1.3").requireNone();
      for (int sequence = 1; sequence <= 3; sequence++) {
        EventReader.Event packet = packets.await(each -> each.name().equals("packet"));
        assertThat(packet.text("direction")).isEqualTo("outbound");
        assertThat(packet.data().path("length").asInt()).isEqualTo(84);
        assertThat(packet.data().path("wireLength").asInt()).isEqualTo(88);
        assertThat(packet.text("family")).isEqualTo("ipv4");
        assertThat(packet.text("source")).isEqualTo("192.37.1.2");
        assertThat(packet.text("destination")).isEqualTo("192.37.1.3");
        assertThat(packet.text("protocol")).isEqualTo("icmp");
        assertThat(packet.data().path("icmpType").asInt()).isEqualTo(8);
        assertThat(packet.data().path("icmpSequence").asInt()).isEqualTo(sequence);
        assertThat(packet.data().path("ttl").asInt()).isEqualTo(64);
        assertThat(packet.data().has("peer")).isFalse();
        assertThat(packet.text("verdict")).isEqualTo("no-peer");
      }
    }
  }

  @Test
  void endsAfterTheLimit() throws Exception {
    try (EventReader packets = node.events(PACKETS + "?limit=2&protocol=icmp")) {
      Pings.ping(node.host(), 4, "192.37.1.4").requireNone();
      List<EventReader.Event> all = packets.untilEnd();
      assertThat(all)
          .extracting(EventReader.Event::name)
          .containsExactly("packet", "packet", "end");
      assertThat(all.getLast().data().path("lost").asInt(-1)).isZero();
    }
  }

  @Test
  void endsAfterTheSeconds() throws Exception {
    try (EventReader packets = node.events(PACKETS + "?seconds=1&host=192.37.1.99")) {
      assertThat(packets.untilEnd()).extracting(EventReader.Event::name).containsExactly("end");
    }
  }

  @Test
  void showsOnlyWhatIsAskedFor() throws Exception {
    try (EventReader icmp6 = node.events(PACKETS + "?protocol=icmpv6&host=fd00:37::5&limit=1");
        EventReader udp = node.events(PACKETS + "?protocol=udp&limit=1");
        EventReader host = node.events(PACKETS + "?host=192.37.1.6&limit=1");
        EventReader inbound = node.events(PACKETS + "?direction=inbound&seconds=5")) {
      Pings.ping(node.host(), 1, "192.37.1.5").requireNone();
      Pings.ping(node.host(), 1, "fd00:37::5").requireNone();
      Pings.ping(node.host(), 1, "192.37.1.6").requireNone();
      try (DatagramSocket socket = lab.a().namespace().call(() -> new DatagramSocket(7777))) {
        byte[] words = "hello".getBytes(StandardCharsets.UTF_8);
        socket.send(new DatagramPacket(words, words.length, destination(7778)));
      }
      assertThat(icmp6.untilEnd().getFirst().text("destination")).isEqualTo("fd00:37::5");
      EventReader.Event datagram = udp.untilEnd().getFirst();
      assertThat(datagram.data().path("sourcePort").asInt()).isEqualTo(7777);
      assertThat(datagram.data().path("destinationPort").asInt()).isEqualTo(7778);
      assertThat(host.untilEnd().getFirst().text("destination")).isEqualTo("192.37.1.6");
      assertThat(inbound.untilEnd()).extracting(EventReader.Event::name).containsExactly("end");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "?limit=0",
        "?limit=many",
        "?seconds=-1",
        "?direction=sideways",
        "?protocol=quic!",
        "?host=10.1.1.1/24"
      })
  void whatCannotBeAskedForIsRefused(String query) {
    var answer = node.http("GET", PACKETS + query, "");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(answer.body()).contains(query.substring(1, query.indexOf('=')));
  }

  @Test
  void aTunnelThatIsNotThereHasNoPackets() {
    assertThat(node.http("GET", "/api/v1/tunnels/tun8/packets", "").statusCode()).isEqualTo(404);
  }

  @Test
  void aSlowReaderLosesEventsAndIsToldAndNoPacketWaits() throws Exception {
    try (Socket reader = new Socket();
        DatagramSocket sender = lab.a().namespace().call(() -> new DatagramSocket(7780))) {
      reader.setReceiveBufferSize(4096);
      reader.setSoTimeout(30_000);
      reader.connect(new InetSocketAddress(node.url().getHost(), node.url().getPort()), 5000);
      reader
          .getOutputStream()
          .write(
              ("GET "
                      + PACKETS
                      + "?protocol=udp HTTP/1.1\r\nHost: "
                      + node.url().getAuthority()
                      + "\r\nAuthorization: Bearer "
                      + node.token()
                      + "\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(reader.getInputStream(), StandardCharsets.UTF_8));
      skipTo(lines, ":");
      long before = outbound();
      DatagramPacket datagram = new DatagramPacket(new byte[8], 8, destination(7781));
      // Every packet is looked at and answered for, although nobody reads what is told of it.
      await()
          .atMost(Duration.ofSeconds(30))
          .pollDelay(Duration.ZERO)
          .until(() -> {
            for (int i = 0; i < 2_000; i++) {
              sender.send(datagram);
            }
            return outbound() - before > MORE_THAN_ALL_BUFFERS;
          });
      String lost = skipTo(lines, "event: lost");
      assertThat(lost).isEqualTo("event: lost");
      assertThat(lines.readLine()).matches("data: \\{.*\"events\":[1-9]\\d*.*}");
    }
    // The reader is gone without a word; the next one is served.
    try (EventReader next = node.events(PACKETS + "?limit=1&protocol=icmp")) {
      Pings.ping(node.host(), 1, "192.37.1.7").requireNone();
      assertThat(next.untilEnd()).hasSize(2);
    }
  }

  private static InetSocketAddress destination(int port) throws IOException {
    return new InetSocketAddress(InetAddress.getByName("192.37.1.8"), port);
  }

  private static String skipTo(BufferedReader lines, String beginning) throws IOException {
    String line;
    do {
      line = lines.readLine();
    } while (line != null && !line.startsWith(beginning));
    return String.valueOf(line);
  }

  /** Packets that came out of the device, all of which have no peer. */
  private long outbound() {
    var tunnel = node.client().tunnels().get(link("tun0")).getBody();
    return Objects.requireNonNull(tunnel).counters().drops().getOrDefault("no-peer", 0L);
  }
}
