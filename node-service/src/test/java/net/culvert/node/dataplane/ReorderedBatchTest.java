package net.culvert.node.dataplane;

import static net.culvert.node.dataplane.MemoryNode.endpoint;
import static net.culvert.node.dataplane.MemoryNode.prefixes;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.culvert.node.kernel.tun.MemoryTun;
import net.culvert.node.kernel.tun.TunSpec;
import net.culvert.node.kernel.udp.MemoryNetwork;
import net.culvert.node.kernel.udp.UdpEndpoint;
import net.culvert.node.packet.OffloadHeader;
import net.culvert.node.packet.TestPackets;
import net.culvert.node.testing.TestSize;
import net.culvert.node.transport.plain.Framing;
import net.culvert.node.transport.plain.PlainTransport;
import net.culvert.node.transport.wireguard.CipherSuite;
import net.culvert.node.transport.wireguard.PresharedKey;
import net.culvert.node.transport.wireguard.PrivateKey;
import net.culvert.node.transport.wireguard.WireGuardIdentity;
import net.culvert.node.transport.wireguard.WireGuardTransport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a network that shuffles does to a batch, and what the receiving node makes of it. */
class ReorderedBatchTest {

  private static final UdpEndpoint AT_A = endpoint("192.0.2.1", 51820);
  private static final UdpEndpoint AT_B = endpoint("192.0.2.2", 51820);
  private static final UdpEndpoint AT_C = endpoint("192.0.2.3", 51820);
  private static final int MTU = 1420;
  private static final int BATCH = 32;

  /** Where the payload begins behind the headers of the device, IPv4 and UDP. */
  private static final int PAYLOAD_AT = OffloadHeader.BYTES + 28;

  private final MemoryNetwork network = new MemoryNetwork();
  private final Random random = new Random(TestSize.seed(getClass()));
  private final PrivateKey keyA = PrivateKey.generate(random);
  private final PrivateKey keyB = PrivateKey.generate(random);
  private final PrivateKey keyC = PrivateKey.generate(random);
  private final List<MemoryNode> nodes = new ArrayList<>();

  @AfterEach
  void close() {
    nodes.forEach(MemoryNode::close);
  }

  private MemoryNode sealed(PrivateKey key, String host) {
    WireGuardTransport transport = new WireGuardTransport(CipherSuite.WIREGUARD, key, random);
    MemoryTun device = new MemoryTun("tun0", 1, TunSpec.TCP_OFFLOADS | TunSpec.UDP_OFFLOADS);
    MemoryNode node = new MemoryNode(network, transport, device, host, "0.0.0.0:51820");
    nodes.add(node);
    return node;
  }

  private static PeerConfig peer(UdpEndpoint at, @Nullable PrivateKey key, String prefix) {
    WireGuardIdentity identity =
        key == null ? null : new WireGuardIdentity(key.publicKey(), PresharedKey.NONE, 0);
    return new PeerConfig("peer" + prefix, at, true, prefixes(prefix), MTU, identity);
  }

  private static byte[] packet(String source, int number) {
    byte[] payload = new byte[100];
    Arrays.fill(payload, (byte) number);
    byte[] packet = TestPackets.udp(source, 7, "10.1.2.2", 7, payload);
    byte[] withHeader = new byte[OffloadHeader.BYTES + packet.length];
    System.arraycopy(packet, 0, withHeader, OffloadHeader.BYTES, packet.length);
    return withHeader;
  }

  /** Establishes a session with b. */
  private void greet(MemoryNode from, MemoryNode b, String source) {
    from.tun.send(packet(source, 0));
    for (int i = 0; i < 4; i++) {
      from.turn();
      b.turn();
    }
    assertThat(b.tun.takeWritten()).hasSize(1);
  }

  /** Datagrams with so many packets, which b has not got yet. */
  private List<byte[]> held(MemoryNode from, MemoryNode b, String source, int count) {
    network.takeSent();
    MemoryNetwork.MemorySocket socket = b.sockets.getFirst();
    for (int i = 1; i <= count; i++) {
      from.tun.send(packet(source, i));
    }
    from.core.outbound(0).doWork(from.now);
    assertThat(socket.discardWaiting()).isEqualTo(count);
    return new ArrayList<>(network.takeSent());
  }

  /** The first byte of every payload, in the order in which b's stack gets them. */
  private static List<Integer> numbers(List<byte[]> written) {
    List<Integer> numbers = new ArrayList<>();
    for (byte[] each : written) {
      for (int at = PAYLOAD_AT; at < each.length; at += 100) {
        numbers.add((int) each[at]);
      }
    }
    return numbers;
  }

  private static List<Integer> upTo(int last) {
    List<Integer> numbers = new ArrayList<>();
    for (int i = 1; i <= last; i++) {
      numbers.add(i);
    }
    return numbers;
  }

  private MemoryNode[] pair() {
    MemoryNode a = sealed(keyA, "192.0.2.1");
    MemoryNode b = sealed(keyB, "192.0.2.2");
    a.peers(peer(AT_B, keyB, "10.1.2.0/24"));
    b.peers(peer(AT_A, keyA, "10.1.1.0/24"));
    greet(a, b, "10.1.1.2");
    return new MemoryNode[] {a, b};
  }

  @Test
  void aShuffledBatchComesOutInOrderAsOneSuperPacket() {
    MemoryNode[] pair = pair();
    for (int i = 0; i < 200; i++) {
      List<byte[]> datagrams = held(pair[0], pair[1], "10.1.1.2", BATCH);
      Collections.shuffle(datagrams, random);
      datagrams.forEach(each -> network.inject(AT_A, AT_B, each));
      pair[1].turn();
      List<byte[]> written = pair[1].tun.takeWritten();
      assertThat(written).hasSize(1);
      assertThat(numbers(written)).isEqualTo(upTo(BATCH));
    }
    assertThat(pair[1].snapshot().inboundDrops()).isEmpty();
    assertThat(pair[1].snapshot().inbound().packets()).isEqualTo(200 * BATCH + 1);
  }

  @Test
  void eachSessionIsSortedForItself() {
    MemoryNode[] pair = pair();
    MemoryNode b = pair[1];
    MemoryNode c = sealed(keyC, "192.0.2.3");
    c.peers(peer(AT_B, keyB, "10.1.2.0/24"));
    b.peers(peer(AT_A, keyA, "10.1.1.0/24"), peer(AT_C, keyC, "10.1.3.0/24"));
    greet(c, b, "10.1.3.2");
    List<byte[]> ofA = held(pair[0], b, "10.1.1.2", BATCH / 2);
    List<byte[]> ofC = held(c, b, "10.1.3.2", BATCH / 2);
    Collections.reverse(ofA);
    for (int i = 0; i < BATCH / 2; i++) {
      network.inject(AT_A, AT_B, ofA.get(i));
      network.inject(AT_C, AT_B, ofC.get(i));
    }
    b.turn();
    List<byte[]> written = b.tun.takeWritten();
    assertThat(written).hasSize(2);
    assertThat(numbers(written.subList(0, 1))).isEqualTo(upTo(BATCH / 2));
    assertThat(numbers(written.subList(1, 2))).isEqualTo(upTo(BATCH / 2));
    assertThat(b.snapshot().peers())
        .allSatisfy(each -> assertThat(each.inbound().packets()).isEqualTo(BATCH / 2 + 1));
  }

  @Test
  void whatWasSeenBeforeIsDroppedAsEver() {
    MemoryNode[] pair = pair();
    List<byte[]> datagrams = held(pair[0], pair[1], "10.1.1.2", BATCH / 2);
    Collections.reverse(datagrams);
    for (byte[] datagram : datagrams) {
      network.inject(AT_A, AT_B, datagram);
      network.inject(AT_A, AT_B, datagram);
    }
    pair[1].turn();
    assertThat(numbers(pair[1].tun.takeWritten())).isEqualTo(upTo(BATCH / 2));
    assertThat(pair[1].drops(Direction.INBOUND, DropReason.REPLAYED)).isEqualTo(BATCH / 2);
  }

  @Test
  void nothingWaitsForTheNextBatch() {
    MemoryNode[] pair = pair();
    List<byte[]> datagrams = held(pair[0], pair[1], "10.1.1.2", BATCH + 1);
    Collections.rotate(datagrams, -1);
    datagrams.forEach(each -> network.inject(AT_A, AT_B, each));
    pair[1].turn();
    List<Integer> expected = upTo(BATCH + 1);
    Collections.rotate(expected, -1);
    assertThat(numbers(pair[1].tun.takeWritten())).isEqualTo(expected);
  }

  @Test
  void thePlainTransportKeepsTheOrderOfComing() {
    MemoryTun device = new MemoryTun("tun0", 1, TunSpec.TCP_OFFLOADS | TunSpec.UDP_OFFLOADS);
    MemoryNode b =
        new MemoryNode(
            network, new PlainTransport(Framing.IP), device, "192.0.2.2", "0.0.0.0:51820");
    nodes.add(b);
    b.peers(peer(AT_A, null, "10.1.1.0/24"));
    for (int i = BATCH; i > 0; i--) {
      byte[] packet = packet("10.1.1.2", i);
      network.inject(AT_A, AT_B, Arrays.copyOfRange(packet, OffloadHeader.BYTES, packet.length));
    }
    b.turn();
    List<Integer> expected = upTo(BATCH);
    Collections.reverse(expected);
    assertThat(numbers(b.tun.takeWritten())).isEqualTo(expected);
  }
}
