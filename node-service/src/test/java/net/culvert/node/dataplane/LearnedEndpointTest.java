package net.culvert.node.dataplane;

import static net.culvert.node.dataplane.MemoryNode.endpoint;
import static net.culvert.node.dataplane.MemoryNode.prefixes;
import static org.assertj.core.api.Assertions.assertThat;

import net.culvert.node.kernel.udp.MemoryNetwork;
import net.culvert.node.kernel.udp.UdpEndpoint;
import net.culvert.node.packet.TestPackets;
import net.culvert.node.transport.plain.Framing;
import net.culvert.node.transport.plain.PlainTransport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LearnedEndpointTest {

  private static final UdpEndpoint NODE = endpoint("192.0.2.1", 7000);
  private static final byte[] PING = TestPackets.echo("10.1.1.2", "10.1.2.2", true, 1, 1, 8);
  private static final byte[] REPLY = TestPackets.echo("10.1.2.2", "10.1.1.2", false, 1, 1, 8);

  private final MemoryNetwork network = new MemoryNetwork();
  private final MemoryNode node =
      new MemoryNode(
          network, new PlainTransport(Framing.IP), "192.0.2.1", "0.0.0.0:7000", "[::]:7000");

  @AfterEach
  void close() {
    node.close();
  }

  private TunnelSnapshot.PeerSnapshot peer() {
    return node.snapshot().peers().getFirst();
  }

  private void receive(UdpEndpoint from, byte[] datagram) {
    network.inject(from, NODE, datagram);
    node.turn();
  }

  @Test
  void theFirstDatagramOfThatPeerTeachesAndALaterOneMoves() {
    node.peers(PeerConfig.learned("b", 1472, prefixes("10.1.2.0/24")));
    assertThat(peer().endpoint()).isNull();

    UdpEndpoint first = endpoint("198.51.100.7", 40_000);
    receive(first, REPLY);
    assertThat(peer().endpoint()).isEqualTo(first);
    assertThat(peer().endpointLearned()).isTrue();
    assertThat(node.tun.takeWritten()).containsExactly(REPLY);

    MemoryNetwork.MemorySocket there = network.open("198.51.100.8", "198.51.100.8:41000");
    receive(endpoint("198.51.100.8", 41_000), REPLY);
    assertThat(peer().endpoint()).isEqualTo(endpoint("198.51.100.8", 41_000));
    node.tun.send(PING);
    node.turn();
    assertThat(network.takeSent()).containsExactly(PING);
    assertThat(there.receiveQueueDrops()).isZero();
  }

  @Test
  void aSourceThatIsNotThePeersTeachesNothing() {
    node.peers(PeerConfig.learned("b", 1472, prefixes("10.1.2.0/24")));
    receive(
        endpoint("198.51.100.7", 40_000), TestPackets.echo("10.9.9.9", "10.1.1.2", true, 1, 1, 8));
    byte[] damaged = REPLY.clone();
    damaged[8]--;
    receive(endpoint("198.51.100.7", 40_000), damaged);
    assertThat(peer().endpoint()).isNull();
  }

  @Test
  void anEndpointOfTheOtherFamilyIsLearnedToo() {
    node.peers(PeerConfig.learned("b", 1452, prefixes("10.1.2.0/24")));
    MemoryNetwork.MemorySocket v6 = network.open("2001:db8::1", "[2001:db8::1]:7001");
    network.inject(endpoint("2001:db8::2", 9), endpoint("2001:db8::1", 7001), REPLY);
    assertThat(v6.receiveQueueDrops()).isZero();
    try (MemoryNode other =
        new MemoryNode(
            network, new PlainTransport(Framing.IP), "2001:db8::5", "0.0.0.0:7000", "[::]:7000")) {
      other.peers(PeerConfig.learned("b", 1452, prefixes("10.1.2.0/24")));
      network.inject(endpoint("2001:db8::2", 9), endpoint("2001:db8::5", 7000), REPLY);
      other.turn();
      assertThat(other.snapshot().peers().getFirst().endpoint())
          .isEqualTo(endpoint("2001:db8::2", 9));
      other.tun.send(PING);
      other.turn();
      assertThat(network.takeSent()).containsExactly(PING);
    }
  }

  @Test
  void whatWasLearnedAndCountedSurvivesANewConfiguration() {
    node.peers(PeerConfig.learned("b", 1472, prefixes("10.1.2.0/24")));
    UdpEndpoint learned = endpoint("198.51.100.7", 40_000);
    receive(learned, REPLY);
    node.peers(
        PeerConfig.learned("b", 1400, prefixes("10.1.2.0/24", "10.1.9.0/24")),
        PeerConfig.learned("c", 1400, prefixes("10.1.3.0/24")));
    assertThat(peer().endpoint()).isEqualTo(learned);
    assertThat(peer().inbound().packets()).isEqualTo(1);

    UdpEndpoint given = endpoint("192.0.2.9", 7000);
    node.peers(PeerConfig.at("b", given, 1472, prefixes("10.1.2.0/24")));
    assertThat(peer().endpoint()).isEqualTo(given);
    assertThat(peer().endpointLearned()).isFalse();

    node.peers(PeerConfig.learned("b", 1472, prefixes("10.1.2.0/24")));
    assertThat(peer().endpoint()).isNull();
  }

  @Test
  void whatARemovedPeerCountedStaysInTheTunnelsSum() {
    node.peers(PeerConfig.learned("b", 1472, prefixes("10.1.2.0/24")));
    receive(endpoint("198.51.100.7", 40_000), REPLY);
    node.peers();
    assertThat(node.snapshot().peers()).isEmpty();
    assertThat(node.snapshot().inbound().packets()).isEqualTo(1);
    assertThat(node.snapshot().inbound().bytes()).isEqualTo(REPLY.length);
  }

  @Test
  void withoutEndpointAndWithoutLearningAPeerIsNotHeard() {
    node.peers(new PeerConfig("b", null, false, prefixes("10.1.2.0/24"), 1472));
    receive(endpoint("198.51.100.7", 40_000), REPLY);
    assertThat(node.drops(Direction.INBOUND, DropReason.ENDPOINT_NOT_ALLOWED)).isEqualTo(1);
  }

  @Test
  void aSenderNobodyCanAnswerIsNotLearned() {
    node.peers(PeerConfig.learned("b", 1472, prefixes("10.1.2.0/24")));
    receive(endpoint("224.0.0.5", 7000), REPLY);
    assertThat(peer().endpoint()).isNull();
    assertThat(node.drops(Direction.INBOUND, DropReason.ENDPOINT_NOT_ALLOWED)).isEqualTo(1);
  }

  @Test
  void answersComeFromTheAddressThatWasSpokenToUntilItIsGone() {
    UdpEndpoint given = endpoint("192.0.2.2", 7000);
    node.peers(PeerConfig.at("b", given, 1472, prefixes("10.1.2.0/24")));
    receive(given, REPLY);
    MemoryNetwork.MemorySocket b = network.open("192.0.2.2", "192.0.2.2:7000");
    node.sockets.getFirst().refuse(22);
    node.tun.send(PING);
    node.turn();
    assertThat(b.receiveQueueDrops()).isZero();
    assertThat(network.takeSent()).containsExactly(PING);
    assertThat(node.snapshot().outboundDrops()).isEmpty();
  }
}
