package net.culvert.node.dataplane;

import static net.culvert.node.dataplane.MemoryNode.endpoint;
import static net.culvert.node.dataplane.MemoryNode.prefixes;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.culvert.node.dataplane.TunnelSnapshot.PeerSnapshot;
import net.culvert.node.kernel.udp.MemoryNetwork;
import net.culvert.node.kernel.udp.UdpEndpoint;
import net.culvert.node.packet.TestPackets;
import net.culvert.node.transport.wireguard.CipherSuite;
import net.culvert.node.transport.wireguard.ForgedInitiations;
import net.culvert.node.transport.wireguard.PresharedKey;
import net.culvert.node.transport.wireguard.PrivateKey;
import net.culvert.node.transport.wireguard.PublicKey;
import net.culvert.node.transport.wireguard.WireGuardIdentity;
import net.culvert.node.transport.wireguard.WireGuardTransport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Two whole nodes with sessions between them, and what must not get in. */
class SealedNodesTest {

  /** Those that only a transport with sessions has. */
  static final Set<DropReason> REASONS =
      Set.of(
          DropReason.NOT_AUTHENTIC,
          DropReason.REPLAYED,
          DropReason.NO_SESSION,
          DropReason.OTHER_SUITE,
          DropReason.HANDSHAKES_LIMITED);

  private static final UdpEndpoint AT_A = endpoint("192.0.2.1", 51820);
  private static final UdpEndpoint AT_B = endpoint("192.0.2.2", 51820);
  private static final byte[] PING = TestPackets.echo("10.1.1.2", "10.1.2.2", true, 7, 1, 56);
  private static final byte[] REPLY = TestPackets.echo("10.1.2.2", "10.1.1.2", false, 7, 1, 56);
  private static final int IPPROTO_IPIP = 4;
  private static final int MTU = 1420;

  private final MemoryNetwork network = new MemoryNetwork();
  private final Random random = new Random(5);
  private final List<MemoryNode> nodes = new ArrayList<>();
  private final PrivateKey keyA = PrivateKey.generate(random);
  private final PrivateKey keyB = PrivateKey.generate(random);
  private MemoryNode a = node(CipherSuite.WIREGUARD, keyA, "192.0.2.1");
  private MemoryNode b = node(CipherSuite.WIREGUARD, keyB, "192.0.2.2");

  @AfterEach
  void close() {
    nodes.forEach(MemoryNode::close);
  }

  private MemoryNode node(CipherSuite suite, PrivateKey key, String host) {
    MemoryNode node =
        new MemoryNode(network, new WireGuardTransport(suite, key, random), host, "0.0.0.0:51820");
    nodes.add(node);
    return node;
  }

  private static PeerConfig peer(
      String name, @Nullable UdpEndpoint at, PublicKey key, String... prefixes) {
    return new PeerConfig(
        name, at, true, prefixes(prefixes), MTU, new WireGuardIdentity(key, PresharedKey.NONE, 0));
  }

  private void meet() {
    a.peers(peer("b", AT_B, keyB.publicKey(), "10.1.2.0/24", "fd00:2::/64"));
    b.peers(peer("a", AT_A, keyA.publicKey(), "10.1.1.0/24", "fd00:1::/64"));
  }

  private void turnAll() {
    for (int i = 0; i < 4; i++) {
      nodes.forEach(MemoryNode::turn);
    }
  }

  private void ping() {
    a.tun.send(PING);
    turnAll();
    assertThat(b.tun.takeWritten()).singleElement().isEqualTo(PING);
    b.tun.send(REPLY);
    turnAll();
    assertThat(a.tun.takeWritten()).singleElement().isEqualTo(REPLY);
  }

  private static PeerSnapshot only(MemoryNode node) {
    return node.snapshot().peers().getFirst();
  }

  /** A datagram that carries a packet of a's, sealed for b and kept from it. */
  private byte[] sealed(byte[] packet) {
    network.takeSent();
    a.tun.send(packet);
    a.turn();
    return network.takeSent().getLast();
  }

  @ParameterizedTest
  @EnumSource(CipherSuite.class)
  void aPingWaitsForTheSessionAndCrosses(CipherSuite suite) {
    nodes.forEach(MemoryNode::close);
    nodes.clear();
    a = node(suite, keyA, "192.0.2.3");
    b = node(suite, keyB, "192.0.2.4");
    a.peers(peer("b", endpoint("192.0.2.4", 51820), keyB.publicKey(), "10.1.2.0/24"));
    b.peers(peer("a", null, keyA.publicKey(), "10.1.1.0/24"));
    ping();
    assertThat(a.snapshot().outboundDrops()).isEmpty();
    assertThat(b.snapshot().inboundDrops()).isEmpty();
    assertThat(only(b).endpoint()).isEqualTo(endpoint("192.0.2.3", 51820));
    var session = only(a).session();
    assertThat(session).isNotNull();
    if (session != null) {
      assertThat(session.sessionAgeNanos()).isNotNull();
      assertThat(session.lastHandshakeEpochNanos()).isNotNull();
    }
  }

  @Test
  void nothingReadableIsOnTheWire() {
    meet();
    ping();
    byte[] datagram = sealed(PING);
    // 84 bytes are padded to 96, with a header and a tag of 16 each.
    assertThat(datagram).hasSize(128);
    assertThat(new String(datagram, java.nio.charset.StandardCharsets.ISO_8859_1))
        .doesNotContain(new String(PING, 28, 56, java.nio.charset.StandardCharsets.ISO_8859_1));
  }

  @Test
  void packetsThatWaitAreBoundedAndTheOldestGo() {
    a.peers(peer("b", endpoint("192.0.2.77", 51820), keyB.publicKey(), "10.1.2.0/24"));
    for (int i = 0; i < 200; i++) {
      a.tun.send(PING);
      a.turn();
    }
    assertThat(a.drops(Direction.OUTBOUND, DropReason.NO_SESSION)).isEqualTo(200 - 128);
    a.now += 91_000_000_000L;
    a.turn();
    assertThat(a.drops(Direction.OUTBOUND, DropReason.NO_SESSION)).isEqualTo(200);
  }

  @Test
  void aChangedDatagramIsNoPacket() {
    meet();
    ping();
    byte[] datagram = sealed(PING);
    b.turn();
    b.tun.takeWritten();
    for (int at = 16; at < datagram.length; at += 7) {
      byte[] changed = datagram.clone();
      changed[at] ^= 1;
      network.inject(AT_A, AT_B, changed);
    }
    b.turn();
    assertThat(b.tun.takeWritten()).isEmpty();
    assertThat(b.drops(Direction.INBOUND, DropReason.NOT_AUTHENTIC)).isEqualTo(16);
  }

  @Test
  void aDatagramIsGoodOnce() {
    meet();
    ping();
    byte[] datagram = sealed(PING);
    network.inject(endpoint("203.0.113.9", 9), AT_B, datagram);
    b.turn();
    assertThat(b.tun.takeWritten()).hasSize(1);
    assertThat(b.drops(Direction.INBOUND, DropReason.REPLAYED)).isEqualTo(1);
    assertThat(only(b).endpoint()).isEqualTo(AT_A);
  }

  @Test
  void anUnknownSessionIsTold() {
    meet();
    byte[] datagram = new byte[48];
    datagram[0] = 4;
    network.inject(AT_A, AT_B, datagram);
    b.turn();
    assertThat(b.drops(Direction.INBOUND, DropReason.NO_SESSION)).isEqualTo(1);
  }

  @Test
  void anotherSuiteIsTold() {
    meet();
    PrivateKey keyC = PrivateKey.generate(random);
    MemoryNode c = node(CipherSuite.CULVERT_AES, keyC, "192.0.2.9");
    c.peers(peer("b", AT_B, keyB.publicKey(), "10.1.2.0/24"));
    c.tun.send(PING);
    turnAll();
    assertThat(b.drops(Direction.INBOUND, DropReason.OTHER_SUITE)).isEqualTo(1);
    assertThat(b.tun.takeWritten()).isEmpty();
  }

  @Test
  void tooManyHandshakesAreDroppedAndTheirSendersAsked() {
    meet();
    byte[] initiation = new byte[148];
    initiation[0] = 1;
    for (int i = 0; i < 2 * ControlMessages.MAX_INBOX; i++) {
      network.inject(AT_A, AT_B, initiation);
    }
    while (b.core.inbound(0).doWork(b.now) != 0) {
      // The conductor does not come to its turn.
    }
    assertThat(b.drops(Direction.INBOUND, DropReason.HANDSHAKES_LIMITED))
        .isEqualTo(ControlMessages.MAX_INBOX);
    b.turn();
    // None of them had a right mac1, so nobody is answered at all.
    assertThat(b.drops(Direction.INBOUND, DropReason.NOT_AUTHENTIC))
        .isEqualTo(ControlMessages.MAX_INBOX);
    assertThat(network.takeSent()).isEmpty();
  }

  @Test
  void aThousandThatBeginAtOnceAreLookedAtAndMoreProveWhereTheyAre() {
    meet();
    begin(1000);
    assertThat(b.drops(Direction.INBOUND, DropReason.NOT_AUTHENTIC)).isEqualTo(1000);
    assertThat(b.drops(Direction.INBOUND, DropReason.HANDSHAKES_LIMITED)).isZero();
    assertThat(network.takeSent()).isEmpty();
    begin(ControlMessages.LOAD);
    assertThat(b.drops(Direction.INBOUND, DropReason.NOT_AUTHENTIC)).isEqualTo(1000);
    assertThat(b.drops(Direction.INBOUND, DropReason.HANDSHAKES_LIMITED))
        .isEqualTo(ControlMessages.LOAD);
    // A few, since all came from one place.
    assertThat(network.takeSent())
        .hasSizeBetween(1, 10)
        .allSatisfy(reply -> assertThat(reply).hasSize(64));
  }

  /** So many initiations that only somebody can have made who knows b, before b looks at one. */
  private void begin(int count) {
    ForgedInitiations forged = new ForgedInitiations(keyB.publicKey(), random);
    for (int i = 0; i < count; i++) {
      network.inject(AT_A, AT_B, forged.next());
    }
    while (b.core.inbound(0).doWork(b.now) != 0) {
      // The conductor does not come to its turn.
    }
    b.turn();
  }

  @Test
  void aPeerIsFollowedAndItsMovesCounted() {
    meet();
    ping();
    byte[] datagram = sealed(PING);
    b.turn();
    a.tun.send(PING);
    a.turn();
    byte[] fresh = network.takeSent().getLast();
    assertThat(fresh).isNotEqualTo(datagram);
    b.turn();
    assertThat(only(b).roams()).isZero();
    // One that b has not seen yet, from elsewhere.
    MemoryNode moved = a;
    moved.peers(
        peer("b", endpoint("192.0.2.88", 51820), keyB.publicKey(), "10.1.2.0/24", "fd00:2::/64"));
    moved.tun.send(PING);
    moved.turn();
    UdpEndpoint elsewhere = endpoint("203.0.113.9", 4711);
    network.inject(elsewhere, AT_B, network.takeSent().getLast());
    b.turn();
    assertThat(only(b).endpoint()).isEqualTo(elsewhere);
    assertThat(only(b).roams()).isEqualTo(1);
    // Told the same again, it stays where it was found.
    b.peers(peer("a", AT_A, keyA.publicKey(), "10.1.1.0/24", "fd00:1::/64", "10.9.0.0/16"));
    assertThat(only(b).endpoint()).isEqualTo(elsewhere);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.1.9.9", // nobody's
        "10.1.2.2", // b's own side
        "fd00:2::2",
      })
  void nobodySendsFromWhatIsNotHis(String source) {
    meet();
    ping();
    String destination = source.contains(":") ? "fd00:2::9" : "10.1.2.9";
    a.tun.send(TestPackets.udp(source, 1000, destination, 2000, new byte[32]));
    turnAll();
    assertThat(b.tun.takeWritten()).isEmpty();
    assertThat(b.drops(Direction.INBOUND, DropReason.SOURCE_NOT_ALLOWED)).isEqualTo(1);
  }

  @Test
  void anIpv4MappedSourceIsNotTheIpv4One() {
    meet();
    ping();
    byte[] packet = TestPackets.udp("fd00:1::2", 1, "fd00:2::2", 2, new byte[8]);
    byte[] mapped = new byte[16];
    mapped[10] = mapped[11] = (byte) 0xff;
    System.arraycopy(PING, 12, mapped, 12, 4);
    System.arraycopy(mapped, 0, packet, 8, 16);
    a.tun.send(packet);
    turnAll();
    assertThat(b.tun.takeWritten()).isEmpty();
    assertThat(b.drops(Direction.INBOUND, DropReason.SOURCE_NOT_ALLOWED)).isEqualTo(1);
  }

  @Test
  void aPeerHasNoSayOverAnothersPrefixes() {
    PrivateKey keyC = PrivateKey.generate(random);
    MemoryNode c = node(CipherSuite.WIREGUARD, keyC, "192.0.2.9");
    a.peers(peer("b", AT_B, keyB.publicKey(), "10.1.2.0/24"));
    c.peers(peer("b", AT_B, keyB.publicKey(), "10.1.2.0/24"));
    b.peers(
        peer("a", AT_A, keyA.publicKey(), "10.1.1.0/24"),
        peer("c", endpoint("192.0.2.9", 51820), keyC.publicKey(), "10.1.1.128/25"));
    ping();
    c.tun.send(PING); // from 10.1.1.2, which is a's
    turnAll();
    assertThat(b.tun.takeWritten()).isEmpty();
    assertThat(b.drops(Direction.INBOUND, DropReason.SOURCE_NOT_ALLOWED)).isEqualTo(1);
    a.tun.send(TestPackets.udp("10.1.1.200", 1, "10.1.2.2", 2, new byte[8])); // c's by length
    turnAll();
    assertThat(b.tun.takeWritten()).isEmpty();
    assertThat(b.drops(Direction.INBOUND, DropReason.SOURCE_NOT_ALLOWED)).isEqualTo(2);
  }

  @Test
  void whatIsInsideAnAllowedPacketIsTheReceiversBusiness() {
    meet();
    ping();
    // 4-in-6: the outer of the two headers is what counts, here and for routes.
    byte[] inner = TestPackets.udp("10.1.9.9", 1, "10.1.2.2", 2, new byte[8]);
    byte[] packet = TestPackets.ip("fd00:1::2", "fd00:2::2", IPPROTO_IPIP, inner);
    a.tun.send(packet);
    turnAll();
    assertThat(b.tun.takeWritten()).singleElement().isEqualTo(packet);
    byte[] foreign = TestPackets.ip("fd00:9::2", "fd00:2::2", IPPROTO_IPIP, inner);
    a.tun.send(foreign);
    turnAll();
    assertThat(b.tun.takeWritten()).isEmpty();
  }

  @Test
  void aPeerThatIsTakenAwayIsHeardNoMore() {
    meet();
    ping();
    b.peers();
    a.tun.send(PING);
    turnAll();
    assertThat(b.tun.takeWritten()).isEmpty();
    assertThat(b.drops(Direction.INBOUND, DropReason.NO_SESSION)).isEqualTo(1);
  }

  @Test
  void aPrefixMovesToItsNewOwner() {
    meet();
    ping();
    a.peers(peer("b", AT_B, keyB.publicKey(), "10.1.3.0/24"));
    a.tun.send(PING);
    a.turn();
    assertThat(a.drops(Direction.OUTBOUND, DropReason.NO_PEER)).isEqualTo(1);
  }
}
