package net.culvert.node.dataplane;

import static net.culvert.node.dataplane.MemoryNode.endpoint;
import static net.culvert.node.dataplane.MemoryNode.prefixes;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.culvert.node.kernel.abi.Errno;
import net.culvert.node.kernel.tun.MemoryTun;
import net.culvert.node.kernel.tun.TunSpec;
import net.culvert.node.kernel.udp.MemoryNetwork;
import net.culvert.node.packet.TestPackets;
import net.culvert.node.transport.plain.Framing;
import net.culvert.node.transport.plain.PlainTransport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a kernel refuses is done without the offload, loses nothing, and comes back. */
class OffloadFallbackTest {

  private final MemoryNetwork network = new MemoryNetwork();
  private final MemoryNode node =
      new MemoryNode(
          network,
          new PlainTransport(Framing.IP),
          new MemoryTun("tun0", 1, TunSpec.TCP_OFFLOADS | TunSpec.UDP_OFFLOADS),
          "192.0.2.1",
          "0.0.0.0:7000");

  OffloadFallbackTest() {
    node.peers(
        PeerConfig.at("b", endpoint("192.0.2.2", 7000), 65_000, prefixes("0.0.0.0/0", "::/0")));
  }

  @AfterEach
  void close() {
    node.close();
  }

  private OffloadStatus status(Offload offload) {
    return node.snapshot().offloads().stream()
        .filter(each -> each.offload() == offload)
        .findFirst()
        .orElseThrow();
  }

  /** A super-packet of several segments, each small enough for the path. */
  private static byte[] superPacket() {
    RandomPackets packets = new RandomPackets(new Random(5));
    while (true) {
      byte[] candidate = packets.superPacket();
      List<byte[]> cut = SlowSegmentation.packets(candidate);
      if (cut.size() > 3 && cut.size() < 60 && cut.getFirst().length > 200) {
        return candidate;
      }
    }
  }

  @Test
  void aSuperPacketLeavesAsTheDatagramsItStandsFor() {
    byte[] packet = superPacket();
    node.tun.send(packet);
    node.turn();
    assertThat(network.takeSent()).containsExactlyElementsOf(SlowSegmentation.packets(packet));
    assertThat(node.snapshot().outbound().packets())
        .isEqualTo(SlowSegmentation.packets(packet).size());
  }

  @ParameterizedTest
  @ValueSource(ints = {Errno.EIO, Errno.EINVAL})
  void aRefusedTrainIsSentSinglyAndTrainsComeBack(int errno) {
    byte[] packet = superPacket();
    List<byte[]> expected = SlowSegmentation.packets(packet);
    node.sockets.getFirst().refuse(errno);
    node.tun.send(packet);
    node.turn();
    assertThat(network.takeSent()).containsExactlyElementsOf(expected);
    assertThat(node.snapshot().outboundDrops()).isEmpty();
    assertThat(node.snapshot().outbound().packets()).isEqualTo(expected.size());
    OffloadStatus off = status(Offload.SEND_TRAINS);
    assertThat(off.on()).isFalse();
    assertThat(off.fallbacks()).isEqualTo(1);
    assertThat(off.reason()).contains("refused a train");
    assertThat(off.retryInNanos()).isEqualTo(OffloadSwitch.FIRST_PAUSE_NANOS);

    node.now += OffloadSwitch.FIRST_PAUSE_NANOS;
    node.tun.send(packet);
    node.turn();
    assertThat(network.takeSent()).containsExactlyElementsOf(expected);
    assertThat(status(Offload.SEND_TRAINS).on()).isTrue();
  }

  @Test
  void aTrainTooLongForThePathIsSentSinglyAndTrainsStay() {
    byte[] packet = superPacket();
    node.sockets.getFirst().refuse(Errno.EMSGSIZE);
    node.tun.send(packet);
    node.turn();
    assertThat(network.takeSent()).containsExactlyElementsOf(SlowSegmentation.packets(packet));
    assertThat(status(Offload.SEND_TRAINS).on()).isTrue();
  }

  @Test
  void aRefusedSuperPacketIsWrittenAsItWasAndJoiningComesBack() {
    List<byte[]> datagrams = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      byte[] packet = TestPackets.udp("10.1.2.2", 1, "10.1.1.2", 2, new byte[64]);
      packet[4] = 0;
      packet[5] = (byte) i;
      RandomPackets.refreshIpv4(packet);
      datagrams.add(packet);
    }
    node.tun.refuseSuperPackets(true);
    receive(datagrams);
    assertThat(written()).containsExactlyElementsOf(datagrams);
    assertThat(node.snapshot().inboundDrops()).isEmpty();
    assertThat(node.snapshot().inbound().packets()).isEqualTo(20);
    assertThat(status(Offload.TUN_UDP_WRITE).on()).isFalse();
    assertThat(status(Offload.TUN_UDP_WRITE).reason()).contains("refused a super-packet");
    assertThat(status(Offload.TUN_TCP_WRITE).on()).isTrue();

    node.tun.refuseSuperPackets(false);
    node.now += OffloadSwitch.FIRST_PAUSE_NANOS;
    receive(datagrams);
    List<byte[]> joined = node.tun.takeWritten();
    assertThat(joined).hasSize(1);
    assertThat(SlowSegmentation.packets(joined.getFirst())).containsExactlyElementsOf(datagrams);
    assertThat(status(Offload.TUN_UDP_WRITE).on()).isTrue();
  }

  private void receive(List<byte[]> datagrams) {
    for (byte[] datagram : datagrams) {
      network.inject(endpoint("192.0.2.2", 7000), endpoint("192.0.2.1", 7000), datagram);
    }
    node.turn();
  }

  private List<byte[]> written() {
    List<byte[]> all = new ArrayList<>();
    node.tun.takeWritten().forEach(each -> all.addAll(SlowSegmentation.packets(each)));
    return all;
  }

  @Test
  void watchersSeeEachPacketOfATrainAsItWas() {
    PacketReader reader = node.tap.watch(PacketFilter.ALL, 256);
    byte[] packet = superPacket();
    node.tun.send(packet);
    node.turn();
    List<byte[]> expected = SlowSegmentation.packets(packet);
    for (byte[] each : expected) {
      PacketEvent event = reader.poll();
      assertThat(event).isNotNull();
      if (event != null) {
        assertThat(event.length()).isEqualTo(each.length);
        assertThat(event.forwarded()).isTrue();
      }
    }
    assertThat(reader.poll()).isNull();
    reader.close();
  }

  @Test
  void thePauseDoublesUpToAnHour() {
    OffloadSwitch each = OffloadSwitch.on(Offload.SEND_TRAINS);
    long now = 0;
    long pause = OffloadSwitch.FIRST_PAUSE_NANOS;
    for (int i = 0; i < 10; i++) {
      assertThat(each.isOn(now)).isTrue();
      each.failed("test", now);
      each.failed("the same, seen by another agent", now);
      assertThat(each.status(now).retryInNanos()).isEqualTo(pause);
      assertThat(each.isOn(now + pause - 1)).isFalse();
      now += pause;
      pause = Math.min(OffloadSwitch.LONGEST_PAUSE_NANOS, pause * 2);
    }
    assertThat(each.isOn(now)).isTrue();
    assertThat(each.status(now).fallbacks()).isEqualTo(10);
  }

  @Test
  void whatIsSwitchedOffStaysOff() {
    OffloadSwitch off = OffloadSwitch.off(Offload.SEND_TRAINS, "not wished");
    assertThat(off.isOn(Long.MAX_VALUE / 2)).isFalse();
    assertThat(off.status(0).retryInNanos()).isNull();
    assertThat(off.status(0).reason()).isEqualTo("not wished");
  }
}
