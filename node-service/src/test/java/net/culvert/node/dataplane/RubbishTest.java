package net.culvert.node.dataplane;

import static net.culvert.node.dataplane.MemoryNode.endpoint;
import static net.culvert.node.dataplane.MemoryNode.prefixes;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Random;
import net.culvert.node.kernel.udp.MemoryNetwork;
import net.culvert.node.kernel.udp.UdpEndpoint;
import net.culvert.node.packet.TestPackets;
import net.culvert.node.testing.TestSize;
import net.culvert.node.transport.plain.Framing;
import net.culvert.node.transport.plain.PlainTransport;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A million datagrams and TUN packets that nobody should send, half of them with a watcher: each is
 * counted once, as forwarded or as dropped, and nothing is thrown.
 */
class RubbishTest {

  private static final int ROUNDS = TestSize.isLong() ? 500_000 : 5_000;
  private static final int EACH = 50;

  private static final byte[][] SEEDS = {
    TestPackets.echo("10.1.2.2", "10.1.2.3", true, 1, 1, 56),
    TestPackets.echo("fd00:2::2", "fd00:2::3", true, 1, 1, 56),
    TestPackets.udp("10.1.2.2", 1, "10.1.2.3", 2, new byte[1300]),
    TestPackets.udp("fd00:2::2", 1, "fd00:2::3", 2, new byte[1300]),
    TestPackets.ip("fd00:2::2", "fd00:2::3", 0, new byte[64]),
    TestPackets.ip("fd00:2::2", "fd00:2::3", 44, new byte[64]),
    TestPackets.ip("10.1.2.2", "10.1.2.3", 1, new byte[0]),
  };

  @ParameterizedTest
  @EnumSource(Framing.class)
  @Timeout(120)
  void everyPieceOfRubbishIsCountedOnceAndNothingIsThrown(Framing framing) {
    long seed = TestSize.seed(RubbishTest.class);
    Random random = new Random(seed);
    MemoryNetwork network = new MemoryNetwork();
    UdpEndpoint here = endpoint("192.0.2.1", 7000);
    UdpEndpoint there = endpoint("192.0.2.2", 7000);
    try (MemoryNode node =
        new MemoryNode(network, new PlainTransport(framing), "192.0.2.1", "0.0.0.0:7000")) {
      node.peers(
          PeerConfig.at("given", there, 1280, prefixes("10.1.2.0/24", "fd00:2::/64")),
          PeerConfig.learned("learned", 1280, prefixes("0.0.0.0/1", "8000::/1")));
      PacketReader reader = node.tap.watch(PacketFilter.ALL, 64);
      for (int round = 0; round < ROUNDS; round++) {
        if (round == ROUNDS / 2) {
          reader.close();
        }
        for (int i = 0; i < EACH; i++) {
          node.tun.send(rubbish(random, framing, false));
          network.inject(there, here, rubbish(random, framing, true));
        }
        node.turn();
        network.takeSent();
        node.tun.takeWritten();
        while (reader.poll() != null) {
          // An event that can be read is all that is asked here.
        }
      }
      TunnelSnapshot end = node.snapshot();
      assertThat(sum(end.outboundDrops()) + end.outbound().packets())
          .as("seed %d", seed)
          .isEqualTo((long) ROUNDS * EACH);
      assertThat(sum(end.inboundDrops()) + end.inbound().packets())
          .as("seed %d", seed)
          .isEqualTo((long) ROUNDS * EACH);
      assertThat(end.inboundDrops().keySet())
          .contains(DropReason.MALFORMED, DropReason.BAD_CHECKSUM, DropReason.SOURCE_NOT_ALLOWED);
      assertThat(end.peers()).hasSize(2);
    }
  }

  private static long sum(Map<DropReason, Long> drops) {
    return drops.values().stream().mapToLong(Long::longValue).sum();
  }

  private static byte[] rubbish(Random random, Framing framing, boolean datagram) {
    if (random.nextInt(8) == 0) {
      byte[] noise = new byte[random.nextInt(200)];
      random.nextBytes(noise);
      return noise;
    }
    byte[] packet = SEEDS[random.nextInt(SEEDS.length)].clone();
    for (int i = random.nextInt(4); i > 0; i--) {
      packet[random.nextInt(Math.min(64, packet.length))] = (byte) random.nextInt();
    }
    if ((packet[0] & 0xf0) == 0x40 && packet.length >= 20 && random.nextInt(3) != 0) {
      ByteBuffer.wrap(packet).putShort(10, (short) 0);
      int header = Math.min(packet.length, Math.max(20, (packet[0] & 0xf) * 4));
      ByteBuffer.wrap(packet).putShort(10, (short) TestPackets.checksum(packet, 0, header, 0));
    }
    if (random.nextInt(4) == 0) {
      packet = TestPackets.slice(packet, 0, random.nextInt(packet.length + 1));
    }
    if (datagram && framing == Framing.PACKET_INFORMATION && packet.length > 0) {
      packet = TestPackets.withPacketInformation(packet);
    }
    return packet;
  }
}
