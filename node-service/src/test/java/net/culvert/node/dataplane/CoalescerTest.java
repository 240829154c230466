package net.culvert.node.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.culvert.node.kernel.tun.Gathered;
import net.culvert.node.packet.GatherList;
import net.culvert.node.packet.IpHeader;
import net.culvert.node.packet.TestPackets;
import net.culvert.node.testing.TestSize;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CoalescerTest {

  private static final int CASES = TestSize.cases(1_000_000, 100_000_000);

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment memory = arena.allocate(1 << 20, 64);
  private final Coalescer coalescer = new Coalescer(arena);
  private final GatherList pieces = new GatherList(arena, 1024);
  private final IpHeader header = new IpHeader();

  @AfterEach
  void close() {
    arena.close();
  }

  private void add(List<byte[]> packets) {
    coalescer.clear(memory);
    int at = 16;
    for (byte[] packet : packets) {
      MemorySegment.copy(packet, 0, memory, ValueLayout.JAVA_BYTE, at, packet.length);
      if (header.parse(memory, at, packet.length)) {
        coalescer.add(header, at);
      }
      at += packet.length + 3;
    }
  }

  /** What is written to the device, with offload headers, in order. */
  private List<byte[]> written() {
    List<byte[]> all = new ArrayList<>();
    for (int item = 0; item < coalescer.items(); item++) {
      pieces.clear();
      coalescer.gather(item, pieces);
      all.add(Gathered.bytes(pieces, 0, pieces.size()));
      coalescer.restore(item);
    }
    return all;
  }

  /** By flow, as far as anybody could tell it: version, protocol, addresses, ports. */
  private static Map<String, List<byte[]>> byFlow(List<byte[]> packets) {
    Map<String, List<byte[]>> flows = new LinkedHashMap<>();
    for (byte[] packet : packets) {
      boolean ipv4 = (packet[0] & 0xf0) == 0x40;
      byte[] addresses = Arrays.copyOfRange(packet, ipv4 ? 12 : 8, ipv4 ? 20 : 40);
      int protocol = packet[ipv4 ? 9 : 6];
      byte[] ports =
          Arrays.copyOfRange(packet, ipv4 ? 20 : 40, Math.min(packet.length, ipv4 ? 24 : 44));
      String key = ipv4 + " " + protocol + Arrays.toString(addresses) + Arrays.toString(ports);
      flows.computeIfAbsent(key, k -> new ArrayList<>()).add(packet);
    }
    return flows;
  }

  private static String hex(List<byte[]> packets) {
    StringBuilder text = new StringBuilder();
    packets.forEach(packet -> text.append(HexFormat.of().formatHex(packet)).append('\n'));
    return text.toString();
  }

  @Test
  void whatWasJoinedComesApartAsItWas() {
    long seed = TestSize.seed(CoalescerTest.class);
    Random random = new Random(seed);
    RandomPackets source = new RandomPackets(random);
    coalescer.allow(true, true);
    long joined = 0;
    int cases = 0;
    while (cases < CASES) {
      int count = 1 + random.nextInt(100);
      int usual = 1 + random.nextInt(random.nextInt(8) == 0 ? 1400 : 60);
      List<byte[]> sent = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        byte[] packet = source.next(usual);
        if (isWhole(packet)) {
          sent.add(packet);
        }
      }
      cases += count;
      add(sent);
      List<byte[]> parsed = parseable(sent);
      List<byte[]> written = written();
      joined += parsed.size() - written.size();
      List<byte[]> received = new ArrayList<>();
      for (byte[] packet : written) {
        received.addAll(SlowSegmentation.packets(packet));
      }
      assertThat(received).as("seed %d", seed).hasSameSizeAs(parsed);
      compare(byFlow(parsed), byFlow(received), seed);
      // Everything was put back in place.
      int at = 16;
      for (byte[] packet : sent) {
        byte[] now = new byte[packet.length];
        MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, at, now, 0, now.length);
        assertThat(Arrays.equals(now, packet)).isTrue();
        at += packet.length + 3;
      }
    }
    System.out.println("CoalescerTest joined " + joined + " of " + cases);
    assertThat(joined).isGreaterThan(CASES / 10);
  }

  /** What an inbound agent lets through: a damaged IPv4 header is dropped before. */
  private static boolean isWhole(byte[] packet) {
    int version = packet[0] >> 4;
    int header = (packet[0] & 0xf) * 4;
    return version == 6
        || version == 4
            && header >= 20
            && header <= packet.length
            && TestPackets.checksum(packet, 0, header, 0) == 0;
  }

  private List<byte[]> parseable(List<byte[]> packets) {
    List<byte[]> all = new ArrayList<>();
    for (byte[] packet : packets) {
      MemorySegment copy = MemorySegment.ofArray(packet);
      if (header.parse(copy, 0, packet.length)) {
        all.add(TestPackets.slice(packet, 0, header.totalBytes()));
      }
    }
    return all;
  }

  private static void compare(
      Map<String, List<byte[]>> sent, Map<String, List<byte[]>> received, long seed) {
    assertThat(received.keySet()).isEqualTo(sent.keySet());
    sent.forEach((flow, packets) -> {
      List<byte[]> others = received.get(flow);
      assertThat(others).hasSameSizeAs(packets);
      for (int i = 0; others != null && i < packets.size(); i++) {
        if (!equalButForMeaninglessIds(packets.get(i), others.get(i))) {
          assertThat(hex(others)).as("seed %d", seed).isEqualTo(hex(packets));
        }
      }
    });
  }

  /** With DF and the same identification in all, segmenting makes them count up: RFC 6864. */
  private static boolean equalButForMeaninglessIds(byte[] sent, byte[] received) {
    if (Arrays.equals(sent, received)) {
      return true;
    }
    if ((sent[0] & 0xf0) != 0x40 || (sent[6] & 0xff) != 0x40 || sent.length != received.length) {
      return false;
    }
    byte[] alike = received.clone();
    System.arraycopy(sent, 4, alike, 4, 2);
    RandomPackets.refreshIpv4(alike);
    return Arrays.equals(sent, alike);
  }

  private static byte[] segment(int sequence, int flags, int payload) {
    byte[] tcp = new byte[20 + payload];
    ByteBuffer.wrap(tcp)
        .putInt(0, 5000 << 16 | 80)
        .putInt(4, sequence)
        .putShort(12, (short) (0x5000 | flags));
    byte[] packet = TestPackets.ip("10.1.1.2", "10.1.2.2", 6, tcp);
    ByteBuffer.wrap(packet).putShort(4, (short) (sequence / 100));
    RandomPackets.refreshIpv4(packet);
    SlowSegmentation.finishUpper(packet, 20, true);
    return packet;
  }

  @Test
  void aTrainEndsWithPushOrAShorterSegment() {
    coalescer.allow(true, true);
    add(
        List.of(
            segment(0, 0x10, 100),
            segment(100, 0x10, 100),
            segment(200, 0x18, 100),
            segment(300, 0x10, 100),
            segment(400, 0x10, 50),
            segment(450, 0x10, 50)));
    List<byte[]> written = written();
    assertThat(written).hasSize(3);
    assertThat(written.getFirst()[10 + 33] & 0x08).isEqualTo(0x08);
    assertThat(ByteBuffer.wrap(written.getFirst()).getShort(12)).isEqualTo((short) 340);
  }

  @Test
  void nothingOvertakesWithinAFlow() {
    coalescer.allow(true, true);
    byte[] pureAck = segment(200, 0x10, 0);
    add(List.of(segment(0, 0x10, 100), segment(100, 0x10, 100), pureAck, segment(200, 0x10, 100)));
    assertThat(written()).hasSize(3);
  }

  @Test
  void aDamagedPacketIsLeftAlone() {
    coalescer.allow(true, true);
    byte[] damaged = segment(100, 0x10, 100);
    damaged[60] ^= 1;
    add(List.of(segment(0, 0x10, 100), damaged, segment(200, 0x10, 100)));
    List<byte[]> written = written();
    assertThat(written).hasSize(3);
    assertThat(TestPackets.slice(written.get(1), 10, damaged.length)).isEqualTo(damaged);
  }

  @Test
  void nothingIsJoinedUnlessAllowed() {
    coalescer.allow(false, true);
    add(List.of(segment(0, 0x10, 100), segment(100, 0x10, 100)));
    assertThat(written()).hasSize(2);
  }

  @Test
  void aSuperPacketHasAtMost65535Bytes() {
    coalescer.allow(true, true);
    List<byte[]> packets = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      packets.add(segment(i * 1400, 0x10, 1400));
      ByteBuffer.wrap(packets.get(i)).putShort(4, (short) i);
      RandomPackets.refreshIpv4(packets.get(i));
    }
    add(packets);
    List<byte[]> written = written();
    assertThat(written).hasSize(2);
    assertThat(written.getFirst().length).isBetween(64_000, 65_545);
  }

  /** Linux before 6.9 takes no more segments of UDP in one, and every Linux some such number. */
  @Test
  void aSuperPacketOfUdpHasAtMost64Datagrams() {
    coalescer.allow(true, true);
    List<byte[]> packets = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      byte[] packet = TestPackets.udp("10.1.1.2", 5000, "10.1.2.2", 5201, new byte[64]);
      ByteBuffer.wrap(packet).putShort(4, (short) i);
      RandomPackets.refreshIpv4(packet);
      packets.add(packet);
    }
    add(packets);
    assertThat(written())
        .extracting(written -> SlowSegmentation.packets(written).size())
        .containsExactly(64, 64, 64, 8);
  }
}
