package net.culvert.node.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import net.culvert.node.packet.TestPackets;
import net.culvert.node.testing.RequiresRoot;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What happens on a node is told as it happens, and a reader that was away misses nothing.
 *
 * <pre>
 *   net1 ── [a] tun0 ◀── one packet ── b        GET /events ── id … ✂ … Last-Event-ID
 * </pre>
 */
@RequiresRoot
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EventsIT {

  private static final String EVENTS = "/api/v1/events";

  /** Of a protocol for experiments, that nobody speaks (RFC 3692). */
  private static final byte[] PACKET = TestPackets.ip("10.1.2.2", "10.1.1.2", 253, new byte[8]);

  private final Lab lab = new Lab();
  private final String net1 = lab.namespaceName();
  private final LabNode node = lab.start(lab.a());

  @BeforeAll
  void start() {
    node.awaitReady();
  }

  @AfterAll
  void close() {
    lab.close();
  }

  /** All up to and with the first that fits. */
  private static List<EventReader.Event> until(
      EventReader reader, Predicate<EventReader.Event> wanted) {
    List<EventReader.Event> all = new ArrayList<>();
    do {
      EventReader.Event event = reader.next(Duration.ofSeconds(20));
      assertThat(event).as("the one that is wanted, after " + all).isNotNull();
      all.add(event);
    } while (!wanted.test(all.getLast()));
    return all;
  }

  private static Predicate<EventReader.Event> is(String type, String action, String resource) {
    return event ->
        event.name().equals(type)
            && event.text("action").equals(action)
            && event.text("resource").equals(resource);
  }

  private static long number(EventReader.Event event) {
    return Long.parseLong(event.id().substring(event.id().indexOf('-') + 1));
  }

  @Test
  void resourcesStepsDriftAndPeersAreToldAndNoneIsMissedByOneThatComesBack() throws Exception {
    List<EventReader.Event> all = new ArrayList<>();
    String namespace = "namespaces/" + net1;
    try (EventReader reader = node.events(EVENTS)) {
      node.http(
          "PUT",
          "/api/v1/" + namespace,
          "{\"attachment\":{\"address\":\"10.1.1.2/24\",\"gateway\":\"10.1.1.1\"}}");
      all.addAll(until(reader, is("resource", "settled", namespace)));
      assertThat(all.getFirst()).matches(is("resource", "created", namespace));
      assertThat(all.getFirst().data().path("revision").asLong()).isPositive();
      assertThat(all)
          .filteredOn(is("step", "created", namespace))
          .extracting(event -> event.text("object"))
          .contains("namespace " + net1, "link veth0 in namespace " + net1);
      assertThat(all.getLast().text("state")).isEqualTo("APPLIED");

      node.inside(net1).run("ip", "route", "del", "default");
      List<EventReader.Event> drift = until(reader, is("drift", "put-back", namespace));
      String route = "route 0.0.0.0/0 in namespace " + net1;
      assertThat(drift).filteredOn(is("drift", "seen", namespace)).isNotEmpty();
      assertThat(drift.getLast().text("object")).isEqualTo(route);
      assertThat(drift.getLast().text("message")).isEqualTo(route + " was gone and was made again");
      all.addAll(drift);
    }
    String last = all.getLast().id();
    node.http("PUT", "/api/v1/links/br1", "{\"kind\":\"bridge\"}");
    node.http("PUT", "/api/v1/tunnels/tun0", "{\"transport\":\"plain\"}");
    node.http(
        "PUT",
        "/api/v1/tunnels/tun0/peers/b",
        "{\"endpoint\":\"198.51.100.2:7000\",\"allowedPrefixes\":[\"10.1.2.0/24\"]}");
    node.http("DELETE", "/api/v1/links/br1", "");
    try (EventReader reader = node.events(EVENTS, "Last-Event-ID", last)) {
      all.addAll(until(reader, is("resource", "deleted", "links/br1")));
      try (DatagramSocket socket =
          lab.b()
              .namespace()
              .call(() -> new DatagramSocket(7000, InetAddress.getByName("0.0.0.0")))) {
        socket.send(
            new DatagramPacket(PACKET, PACKET.length, new InetSocketAddress(Lab.UNDERLAY_A, 7000)));
        all.addAll(until(reader, is("peer", "up", "peers/tun0/b")));
      }
      assertThat(all.getLast().text("endpoint")).isEqualTo("198.51.100.2:7000");
    }
    assertThat(all)
        .anyMatch(is("resource", "created", "links/br1"))
        .anyMatch(is("step", "created", "tunnels/tun0"));
    for (int i = 1; i < all.size(); i++) {
      assertThat(number(all.get(i))).as(all.toString()).isEqualTo(number(all.get(i - 1)) + 1);
    }
  }

  @Test
  void aRefusedWriteIsToldWithItsUndoing() throws Exception {
    node.host().run("ip", "link", "add", "theirs", "type", "bridge");
    try (EventReader reader = node.events(EVENTS + "?types=resource,step")) {
      node.http("PUT", "/api/v1/links/theirs", "{\"kind\":\"bridge\"}");
      List<EventReader.Event> all = until(reader, is("resource", "deleted", "links/theirs"));
      assertThat(all).anyMatch(is("resource", "created", "links/theirs"));
      assertThat(all)
          .filteredOn(is("step", "failed", "links/theirs"))
          .singleElement()
          .satisfies(event -> assertThat(event.text("message")).contains("theirs"));
      assertThat(all)
          .filteredOn(is("resource", "settled", "links/theirs"))
          .allSatisfy(event -> assertThat(event.text("state")).isEqualTo("FAILED"));
    } finally {
      node.host().run("ip", "link", "del", "theirs");
    }
  }
}
