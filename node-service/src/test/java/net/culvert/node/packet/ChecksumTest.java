package net.culvert.node.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import net.culvert.node.testing.TestSize;
import org.junit.jupiter.api.Test;

class ChecksumTest {

  @Test
  void randomBytesOfEveryLengthAndAlignmentSumAsWordByWord() {
    long seed = TestSize.seed(ChecksumTest.class);
    Random random = new Random(seed);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(70_000, 64);
      for (int i = 0; i < 4000; i++) {
        int length = i < 300 ? i : random.nextInt(i % 50 == 0 ? 65_536 : 2000);
        int offset = random.nextInt(40);
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        if (i % 7 == 0) {
          Arrays.fill(bytes, (byte) (i % 2 == 0 ? 0xff : 0));
        }
        MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, offset, length);
        int start = random.nextInt(1 << 20);
        int expected = TestPackets.checksum(bytes, 0, length, start);
        long sum = Checksum.addNumber32(start, 0);
        assertThat(Checksum.finish(Checksum.add(memory, offset, length, sum)))
            .as("length %d, offset %d, seed %d", length, offset, seed)
            .isEqualTo(expected);
        int cut = random.nextInt(length + 1) & ~1;
        long parts = Checksum.add(memory, offset, cut, sum);
        parts = Checksum.add(memory, offset + cut, length - cut, parts);
        assertThat(Checksum.finish(parts)).isEqualTo(expected);
      }
    }
  }

  @Test
  void theExampleOfRfc1071() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(8);
      byte[] bytes = {0, 1, (byte) 0xf2, 3, (byte) 0xf4, (byte) 0xf5, (byte) 0xf6, (byte) 0xf7};
      MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, 8);
      assertThat(Checksum.fold(Checksum.add(memory, 0, 8, 0))).isEqualTo(0xddf2);
    }
  }

  @Test
  void pseudoHeadersOfBothFamilies() {
    try (Arena arena = Arena.ofConfined()) {
      byte[] packet = TestPackets.udp("10.1.1.2", 5, "10.1.2.2", 6, new byte[] {1, 2, 3});
      MemorySegment memory = arena.allocate(100);
      MemorySegment.copy(packet, 0, memory, ValueLayout.JAVA_BYTE, 0, packet.length);
      long sum = Checksum.pseudoHeader(memory, 12, 4, IpProtocol.UDP, 11);
      assertThat(Checksum.finish(Checksum.add(memory, 20, 11, sum))).isZero();

      packet = TestPackets.udp("fd00:1::2", 5, "fd00:2::2", 6, new byte[] {1, 2, 3});
      MemorySegment.copy(packet, 0, memory, ValueLayout.JAVA_BYTE, 0, packet.length);
      sum = Checksum.pseudoHeader(memory, 8, 16, IpProtocol.UDP, 11);
      assertThat(Checksum.finish(Checksum.add(memory, 40, 11, sum))).isZero();
    }
  }
}
