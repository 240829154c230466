package net.culvert.node.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.culvert.node.packet.IpHeader;
import net.culvert.node.packet.TestPackets;
import net.culvert.node.testing.TestSize;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SegmenterTest {

  private static final int CASES = TestSize.cases(1_000_000, 100_000_000) / 10;

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment memory = arena.allocate(70_000, 64);
  private final MemorySegment scratch = arena.allocate(Segmenter.MAX_HEAD_BYTES, 64);
  private final Segmenter segmenter = new Segmenter();
  private final IpHeader header = new IpHeader();

  @AfterEach
  void close() {
    arena.close();
  }

  private boolean begin(byte[] withHeader) {
    MemorySegment.copy(withHeader, 0, memory, ValueLayout.JAVA_BYTE, 6, withHeader.length);
    return header.parse(memory, 16, withHeader.length - 10)
        && segmenter.begin(memory, 6, 16, header);
  }

  private List<byte[]> segments() {
    List<byte[]> all = new ArrayList<>();
    while (segmenter.hasNext()) {
      int payload = segmenter.payloadLength();
      int from = segmenter.payloadOffset();
      int head = segmenter.headBytes();
      byte[] segment = new byte[head + payload];
      segmenter.writeHead(scratch, 0);
      MemorySegment.copy(scratch, ValueLayout.JAVA_BYTE, 0, segment, 0, head);
      MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, from, segment, head, payload);
      all.add(segment);
    }
    return all;
  }

  @Test
  void randomSuperPacketsAreCutAsAnIndependentModelCutsThem() {
    long seed = TestSize.seed(SegmenterTest.class);
    RandomPackets packets = new RandomPackets(new Random(seed));
    for (int i = 0; i < CASES; i++) {
      byte[] superPacket = packets.superPacket();
      assertThat(begin(superPacket)).as("case %d, seed %d", i, seed).isTrue();
      List<byte[]> expected = SlowSegmentation.packets(superPacket);
      assertThat(segmenter.count()).isEqualTo(expected.size());
      List<byte[]> actual = segments();
      for (int s = 0; s < expected.size(); s++) {
        if (!Arrays.equals(actual.get(s), expected.get(s))) {
          assertThat(actual.get(s))
              .as("segment %d of case %d, seed %d", s, i, seed)
              .isEqualTo(expected.get(s));
        }
      }
    }
  }

  @Test
  void damagedSuperPacketsAreRefusedOrCutWithinTheirBytes() {
    long seed = TestSize.seed(SegmenterTest.class);
    Random random = new Random(seed);
    RandomPackets packets = new RandomPackets(random);
    for (int i = 0; i < CASES; i++) {
      byte[] superPacket = packets.superPacket();
      for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
        superPacket[random.nextInt(Math.min(120, superPacket.length))] = (byte) random.nextInt();
      }
      int cut =
          random.nextInt(3) == 0 ? random.nextInt(superPacket.length + 1) : superPacket.length;
      if (cut >= 10 && begin(TestPackets.slice(superPacket, 0, cut))) {
        int total = header.totalBytes();
        int bytes = 0;
        while (segmenter.hasNext()) {
          assertThat(segmenter.payloadLength()).isPositive();
          assertThat(segmenter.payloadOffset() + segmenter.payloadLength())
              .isLessThanOrEqualTo(16 + total);
          bytes += segmenter.payloadLength();
          segmenter.writeHead(scratch, 0);
        }
        assertThat(segmenter.headBytes() + bytes).isEqualTo(total);
      }
    }
  }

  private boolean finish(byte[] packet, int flags, int start, int offset) {
    byte[] bytes = new byte[10 + packet.length];
    ByteBuffer out = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    out.put(0, (byte) flags).putShort(6, (short) start).putShort(8, (short) offset);
    System.arraycopy(packet, 0, bytes, 10, packet.length);
    MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 6, bytes.length);
    boolean fine = Segmenter.finishChecksum(memory, 6, 16, packet.length);
    MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, 16, packet, 0, packet.length);
    return fine;
  }

  @Test
  void aChecksumThatWasLeftOpenIsFinished() {
    for (String[] pair : new String[][] {{"10.1.1.2", "10.1.2.2"}, {"fd00::1", "fd00::2"}}) {
      byte[] expected = TestPackets.udp(pair[0], 5, pair[1], 6, new byte[] {1, 2, 3});
      int start = expected.length - 11;
      byte[] open = expected.clone();
      int pseudo = SlowSegmentation.pseudo(open, 17, 11);
      ByteBuffer.wrap(open)
          .putShort(start + 6, (short) ~TestPackets.checksum(new byte[0], 0, 0, pseudo));
      assertThat(finish(open, 1, start, 6)).isTrue();
      assertThat(open).isEqualTo(expected);
      assertThat(finish(open, 0, 9999, 9999)).isTrue();
      assertThat(open).isEqualTo(expected);
    }
  }

  @Test
  void aUdpChecksumOfZeroBecomesItsOtherSpelling() {
    byte[] packet = TestPackets.udp("fd00::1", 5, "fd00::2", 6, new byte[] {0, 0});
    ByteBuffer out = ByteBuffer.wrap(packet);
    // The payload that makes the sum 0xffff.
    out.putShort(48, (short) (out.getShort(46) & 0xffff));
    out.putShort(
        46,
        (short) ~TestPackets.checksum(new byte[0], 0, 0, SlowSegmentation.pseudo(packet, 17, 10)));
    assertThat(finish(packet, 1, 40, 6)).isTrue();
    assertThat(out.getShort(46)).isEqualTo((short) 0xffff);
  }

  @Test
  void aChecksumOutsideThePacketIsRefused() {
    byte[] packet = TestPackets.udp("10.1.1.2", 5, "10.1.2.2", 6, new byte[3]);
    assertThat(finish(packet, 1, 20, 10)).isFalse();
    assertThat(finish(packet, 1, 0xffff, 0xffff)).isFalse();
    assertThat(finish(packet, 1, 10, 0)).isFalse();
  }
}
