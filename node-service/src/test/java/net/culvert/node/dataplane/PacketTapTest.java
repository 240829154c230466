package net.culvert.node.dataplane;

import static net.culvert.node.dataplane.MemoryNode.endpoint;
import static net.culvert.node.dataplane.MemoryNode.prefixes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import net.culvert.api.value.Family;
import net.culvert.api.value.IpAddress;
import net.culvert.node.kernel.udp.MemoryNetwork;
import net.culvert.node.packet.TestPackets;
import net.culvert.node.transport.plain.Framing;
import net.culvert.node.transport.plain.PlainTransport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PacketTapTest {

  private final MemoryNetwork network = new MemoryNetwork();
  private final MemoryNode node =
      new MemoryNode(
          network, new PlainTransport(Framing.PACKET_INFORMATION), "192.0.2.1", "0.0.0.0:7000");

  @AfterEach
  void close() {
    node.close();
  }

  private static List<PacketEvent> all(PacketReader reader) {
    List<PacketEvent> events = new ArrayList<>();
    for (PacketEvent event = reader.poll(); event != null; event = reader.poll()) {
      events.add(event);
    }
    return events;
  }

  @Test
  void theArticlesOpeningScene() {
    PacketReader reader = node.tap.watch(PacketFilter.ALL, 16);
    node.tun.send(TestPackets.echo("10.0.0.1", "10.0.0.2", true, 4711, 3, 56));
    node.turn();
    PacketEvent event = all(reader).getFirst();
    assertThat(event.length()).isEqualTo(84);
    assertThat(event.wireLength()).isEqualTo(88);
    assertThat(event.direction()).isEqualTo(Direction.OUTBOUND);
    assertThat(event.family()).isEqualTo(Family.IPV4);
    assertThat(event.source()).isEqualTo(IpAddress.parse("10.0.0.1"));
    assertThat(event.destination()).isEqualTo(IpAddress.parse("10.0.0.2"));
    assertThat(event.protocolName()).isEqualTo("icmp");
    assertThat(event.icmpType()).isEqualTo(8);
    assertThat(event.icmpCode()).isZero();
    assertThat(event.identifier()).isEqualTo(4711);
    assertThat(event.sequence()).isEqualTo(3);
    assertThat(event.hopLimit()).isEqualTo(64);
    assertThat(event.dropReason()).isEqualTo(DropReason.NO_PEER);
    assertThat(event.peer()).isNull();
    assertThat(event.sourcePort()).isNull();
  }

  @Test
  void forwardedPacketsOfBothDirections() {
    node.peers(PeerConfig.at("b", endpoint("192.0.2.2", 7000), 1468, prefixes("fd00:2::/64")));
    PacketReader reader = node.tap.watch(PacketFilter.ALL, 16);
    byte[] out = TestPackets.udp("fd00:1::2", 1111, "fd00:2::2", 2222, new byte[10]);
    byte[] in = TestPackets.udp("fd00:2::2", 2222, "fd00:1::2", 1111, new byte[10]);
    node.tun.send(out);
    network.inject(
        endpoint("192.0.2.2", 7000),
        endpoint("192.0.2.1", 7000),
        TestPackets.withPacketInformation(in));
    node.turn();
    List<PacketEvent> events = all(reader);
    assertThat(events).hasSize(2);
    assertThat(events).allMatch(PacketEvent::forwarded);
    assertThat(events).extracting(PacketEvent::peer).containsOnly("b");
    assertThat(events).extracting(PacketEvent::wireLength).containsOnly(out.length + 4);
    assertThat(events).extracting(PacketEvent::sourcePort).containsExactly(1111, 2222);
    assertThat(events)
        .extracting(PacketEvent::direction)
        .containsExactly(Direction.OUTBOUND, Direction.INBOUND);
  }

  @Test
  void filtersByDirectionProtocolAndHost() {
    PacketReader inbound = node.tap.watch(new PacketFilter(Direction.INBOUND, null, null), 16);
    PacketReader udp = node.tap.watch(new PacketFilter(null, 17, null), 16);
    PacketReader host =
        node.tap.watch(new PacketFilter(null, null, IpAddress.parse("10.9.9.9")), 16);
    node.tun.send(TestPackets.echo("10.1.1.2", "10.9.9.9", true, 1, 1, 8));
    node.tun.send(TestPackets.udp("10.1.1.2", 1, "10.8.8.8", 2, new byte[1]));
    node.tun.send(new byte[] {1, 2, 3});
    node.turn();
    assertThat(all(inbound)).isEmpty();
    assertThat(all(udp)).extracting(PacketEvent::protocol).containsExactly(17);
    assertThat(all(host)).extracting(PacketEvent::protocolName).containsExactly("icmp");
  }

  @Test
  void aSlowReaderLosesEventsAndKnowsHowMany() {
    PacketReader reader = node.tap.watch(PacketFilter.ALL, 8);
    for (int i = 0; i < 50; i++) {
      node.tun.send(TestPackets.echo("10.1.1.2", "10.9.9.9", true, 1, i, 8));
    }
    node.turn();
    assertThat(reader.lost()).isEqualTo(42);
    assertThat(all(reader))
        .extracting(PacketEvent::sequence)
        .containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
    node.tun.send(TestPackets.echo("10.1.1.2", "10.9.9.9", true, 1, 99, 8));
    node.turn();
    assertThat(all(reader)).extracting(PacketEvent::sequence).containsExactly(99);
  }

  @Test
  void aClosedReaderSeesNothingMoreAndFreesItsPlace() {
    List<PacketReader> readers = new ArrayList<>();
    for (int i = 0; i < PacketTap.MAX_READERS; i++) {
      readers.add(node.tap.watch(PacketFilter.ALL, 8));
    }
    assertThatThrownBy(() -> node.tap.watch(PacketFilter.ALL, 8))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("readers");
    readers.forEach(PacketReader::close);
    readers.getFirst().close();
    assertThat(node.tap.isWatched()).isFalse();
    node.tun.send(TestPackets.echo("10.1.1.2", "10.9.9.9", true, 1, 1, 8));
    node.turn();
    assertThat(readers.getFirst().poll()).isNull();
  }
}
