package net.culvert.node.dataplane;

import static net.culvert.node.dataplane.MemoryNode.endpoint;
import static net.culvert.node.dataplane.MemoryNode.prefixes;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import net.culvert.node.kernel.abi.Errno;
import net.culvert.node.kernel.udp.MemoryNetwork;
import net.culvert.node.kernel.udp.MemoryNetwork.MemorySocket;
import net.culvert.node.kernel.udp.UdpEndpoint;
import net.culvert.node.packet.TestPackets;
import net.culvert.node.transport.plain.Framing;
import net.culvert.node.transport.plain.PlainTransport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every reason to drop a packet: caused, counted for tunnel and peer, and told to a watcher. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DropReasonsTest {

  private static final UdpEndpoint NODE = endpoint("192.0.2.1", 7000);
  private static final UdpEndpoint PEER = endpoint("192.0.2.2", 7000);
  private static final byte[] PING = TestPackets.echo("10.1.1.2", "10.1.2.2", true, 1, 1, 56);
  private static final byte[] REPLY = TestPackets.echo("10.1.2.2", "10.1.1.2", false, 1, 1, 56);

  private final Set<DropReason> caused = EnumSet.noneOf(DropReason.class);
  private MemoryNetwork network = new MemoryNetwork();
  private MemoryNode node = node(Framing.IP);
  private PacketReader reader = node.tap.watch(PacketFilter.ALL, 64);

  private MemoryNode node(Framing framing) {
    MemoryNode made =
        new MemoryNode(network, new PlainTransport(framing), "192.0.2.1", "0.0.0.0:7000");
    made.peers(
        PeerConfig.at("given", PEER, 1472, prefixes("10.1.2.0/24", "fd00:2::/64")),
        PeerConfig.learned("learned", 1472, prefixes("10.1.3.0/24")),
        PeerConfig.at("v6", endpoint("2001:db8::2", 7000), 1472, prefixes("10.1.4.0/24")),
        PeerConfig.at("narrow", PEER, 1252, prefixes("10.1.5.0/24", "fd00:5::/64")));
    return made;
  }

  @AfterEach
  void fresh() {
    use(Framing.IP);
  }

  private void use(Framing framing) {
    reader.close();
    node.close();
    network = new MemoryNetwork();
    node = node(framing);
    reader = node.tap.watch(PacketFilter.ALL, 64);
  }

  @AfterAll
  void everyReasonWasCaused() {
    node.close();
    assertThat(caused)
        .containsExactlyInAnyOrderElementsOf(
            EnumSet.complementOf(EnumSet.copyOf(SealedNodesTest.REASONS)));
  }

  /** One packet was dropped for this reason and no other, and everybody knows. */
  private void expect(Direction direction, DropReason reason, String peer) {
    caused.add(reason);
    TunnelSnapshot snapshot = node.snapshot();
    boolean out = direction == Direction.OUTBOUND;
    assertThat(out ? snapshot.outboundDrops() : snapshot.inboundDrops())
        .containsOnlyKeys(reason)
        .containsEntry(reason, 1L);
    assertThat(out ? snapshot.inboundDrops() : snapshot.outboundDrops()).isEmpty();
    for (TunnelSnapshot.PeerSnapshot each : snapshot.peers()) {
      var drops = out ? each.outboundDrops() : each.inboundDrops();
      if (each.name().equals(peer)) {
        assertThat(drops).containsOnlyKeys(reason).containsEntry(reason, 1L);
      } else {
        assertThat(drops).isEmpty();
      }
      assertThat((out ? each.outbound() : each.inbound()).packets()).isZero();
    }
    PacketEvent event = reader.poll();
    assertThat(event).isNotNull();
    if (event != null) {
      assertThat(event.direction()).isEqualTo(direction);
      assertThat(event.dropReason()).isEqualTo(reason);
      assertThat(event.forwarded()).isFalse();
      assertThat(event.peer()).isEqualTo(peer.isEmpty() ? null : peer);
    }
    assertThat(reader.poll()).isNull();
  }

  private void send(byte[] packet) {
    node.tun.send(packet);
    node.turn();
  }

  private void receive(UdpEndpoint from, byte[] datagram) {
    network.inject(from, NODE, datagram);
    node.turn();
  }

  @Test
  void outboundMalformed() {
    send(new byte[] {0x45, 0, 0});
    expect(Direction.OUTBOUND, DropReason.MALFORMED, "");
    assertThat(node.tun.takeWritten()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"10.1.1.2, 10.9.9.9", "fd00:1::2, fd00:9::9"})
  void noPeer(String source, String destination) {
    send(TestPackets.echo(source, destination, true, 1, 1, 56));
    expect(Direction.OUTBOUND, DropReason.NO_PEER, "");
    assertThat(node.tun.takeWritten()).hasSize(1);
    assertThat(network.takeSent()).isEmpty();
  }

  @Test
  void noEndpoint() {
    send(TestPackets.echo("10.1.1.2", "10.1.3.2", true, 1, 1, 56));
    expect(Direction.OUTBOUND, DropReason.NO_ENDPOINT, "learned");
    assertThat(node.tun.takeWritten()).hasSize(1);
  }

  @Test
  void noSocket() {
    send(TestPackets.echo("10.1.1.2", "10.1.4.2", true, 1, 1, 56));
    expect(Direction.OUTBOUND, DropReason.NO_SOCKET, "v6");
    assertThat(node.tun.takeWritten()).hasSize(1);
  }

  @Test
  void tooBigToldWithThePeersOwnMtu() {
    send(TestPackets.udp("10.1.1.2", 1, "10.1.5.2", 2, new byte[1253 - 28]));
    expect(Direction.OUTBOUND, DropReason.TOO_BIG, "narrow");
    byte[] error = node.tun.takeWritten().getFirst();
    assertThat(ByteBuffer.wrap(error).getShort(26)).isEqualTo((short) 1252);
  }

  @Test
  void tooBigForIpv6() {
    send(TestPackets.udp("fd00:1::2", 1, "fd00:5::2", 2, new byte[1281 - 48]));
    expect(Direction.OUTBOUND, DropReason.TOO_BIG, "narrow");
    byte[] error = node.tun.takeWritten().getFirst();
    assertThat(ByteBuffer.wrap(error).getInt(44)).isEqualTo(1280);
  }

  @Test
  void whatMayBeFragmentedOutsideGoes() {
    send(TestPackets.udp("10.1.1.2", 1, "10.1.5.2", 2, new byte[1300], false));
    send(TestPackets.udp("fd00:1::2", 1, "fd00:5::2", 2, new byte[1280 - 48]));
    send(TestPackets.udp("10.1.1.2", 1, "10.1.5.2", 2, new byte[1252 - 28]));
    assertThat(network.takeSent()).hasSize(3);
    assertThat(node.snapshot().outboundDrops()).isEmpty();
  }

  @Test
  void aPacketThatNoDatagramHoldsIsTooBigWhateverItsSenderSays() {
    use(Framing.PACKET_INFORMATION);
    send(TestPackets.udp("10.1.1.2", 1, "10.1.2.2", 2, new byte[65_507 - 28 - 3], false));
    expect(Direction.OUTBOUND, DropReason.TOO_BIG, "given");
  }

  @ParameterizedTest
  @CsvSource({
    Errno.EMSGSIZE + ", SEND_TOO_BIG",
    Errno.ECONNREFUSED + ", SEND_REFUSED",
    Errno.ENETUNREACH + ", SEND_UNREACHABLE",
    Errno.EHOSTUNREACH + ", SEND_UNREACHABLE",
    Errno.EPERM + ", SEND_NOT_PERMITTED",
    Errno.EACCES + ", SEND_NOT_PERMITTED",
    Errno.EIO + ", SEND_FAILED",
  })
  void aRefusedSendCostsOnlyItsOwnPacket(int errno, DropReason reason) {
    node.sockets.getFirst().refuse(errno);
    node.tun.send(PING);
    node.turn();
    expect(Direction.OUTBOUND, reason, "given");
    send(PING);
    assertThat(network.takeSent()).containsExactly(PING);
  }

  @Test
  void noBuffersIsTriedThrice() {
    MemorySocket socket = node.sockets.getFirst();
    socket.refuse(Errno.ENOBUFS, Errno.ENOBUFS, Errno.ENOBUFS);
    send(PING);
    assertThat(network.takeSent()).hasSize(1);
    assertThat(reader.poll()).isNotNull();

    use(Framing.IP);
    int[] four = {Errno.ENOBUFS, Errno.ENOBUFS, Errno.ENOBUFS, Errno.ENOBUFS};
    node.sockets.getFirst().refuse(four);
    send(PING);
    expect(Direction.OUTBOUND, DropReason.SEND_NO_BUFFERS, "given");
  }

  @Test
  void aSendBufferThatStaysFull() {
    int[] often = new int[11];
    Arrays.fill(often, Errno.EAGAIN);
    node.sockets.getFirst().refuse(often);
    send(PING);
    expect(Direction.OUTBOUND, DropReason.SEND_QUEUE_FULL, "given");
  }

  @Test
  void inboundMalformed() {
    byte[] twoBytes = {0x45, 0};
    receive(PEER, twoBytes);
    expect(Direction.INBOUND, DropReason.MALFORMED, "");
  }

  @Test
  void inboundEmpty() {
    receive(PEER, new byte[0]);
    expect(Direction.INBOUND, DropReason.MALFORMED, "");
  }

  @Test
  void inboundShorterThanItsHeaderSays() {
    receive(PEER, TestPackets.slice(REPLY, 0, REPLY.length - 1));
    expect(Direction.INBOUND, DropReason.MALFORMED, "");
  }

  @Test
  void inboundWithAnotherFraming() {
    use(Framing.PACKET_INFORMATION);
    receive(PEER, REPLY);
    expect(Direction.INBOUND, DropReason.MALFORMED, "");
  }

  @Test
  void inboundWhoseEtherTypeIsNotItsVersion() {
    use(Framing.PACKET_INFORMATION);
    byte[] framed = TestPackets.withPacketInformation(REPLY);
    ByteBuffer.wrap(framed).putShort(2, (short) 0x86dd);
    receive(PEER, framed);
    expect(Direction.INBOUND, DropReason.MALFORMED, "");
  }

  @Test
  void inboundBadChecksum() {
    byte[] damaged = REPLY.clone();
    damaged[8]--;
    receive(PEER, damaged);
    expect(Direction.INBOUND, DropReason.BAD_CHECKSUM, "");
  }

  @Test
  void inboundTruncated() {
    receive(PEER, new byte[70_000]);
    expect(Direction.INBOUND, DropReason.TRUNCATED, "");
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.9.9.9", "0.0.0.0", "224.0.0.1", "10.1.20.2"})
  void sourceNotAllowed(String source) {
    receive(PEER, TestPackets.echo(source, "10.1.1.2", false, 1, 1, 56));
    expect(Direction.INBOUND, DropReason.SOURCE_NOT_ALLOWED, "");
  }

  @Test
  void anotherPeersSourceIsNotAllowedFromHere() {
    node.peers(
        PeerConfig.at("given", PEER, 1472, prefixes("10.1.2.0/24")),
        PeerConfig.at("other", endpoint("192.0.2.3", 7000), 1472, prefixes("10.1.3.0/24")));
    receive(PEER, TestPackets.echo("10.1.3.2", "10.1.1.2", false, 1, 1, 56));
    expect(Direction.INBOUND, DropReason.ENDPOINT_NOT_ALLOWED, "other");
  }

  @ParameterizedTest
  @CsvSource({"192.0.2.2, 7001", "192.0.2.3, 7000"})
  void aGivenEndpointIsAddressAndPort(String address, int port) {
    receive(endpoint(address, port), REPLY);
    expect(Direction.INBOUND, DropReason.ENDPOINT_NOT_ALLOWED, "given");
    assertThat(node.tun.takeWritten()).isEmpty();
  }

  @Test
  void theDeviceIsDown() {
    node.tun.setUp(false);
    receive(PEER, REPLY);
    expect(Direction.INBOUND, DropReason.TUN_DOWN, "given");
  }

  @Test
  void theDeviceRefusesThePacket() {
    node.tun.refuseWrites(Errno.EINVAL);
    receive(PEER, REPLY);
    expect(Direction.INBOUND, DropReason.TUN_WRITE_FAILED, "given");
  }

  @Test
  void bytesBehindTheInnerPacketAreCutOff() {
    receive(PEER, Arrays.copyOf(REPLY, REPLY.length + 9));
    assertThat(node.tun.takeWritten()).containsExactly(REPLY);
  }

  @Test
  void everyReasonHasASentenceAndALabel() {
    for (DropReason reason : DropReason.values()) {
      assertThat(reason.sentence()).endsWith(".").hasSizeGreaterThan(15);
      assertThat(reason.label()).matches("[a-z-]+");
    }
    assertThat(List.of(DropReason.values()).stream().map(DropReason::label))
        .doesNotHaveDuplicates();
  }
}
