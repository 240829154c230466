package net.culvert.node.kernel.tun;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import net.culvert.node.kernel.abi.Errno;
import net.culvert.node.packet.GatherList;
import net.culvert.node.packet.PacketBatch;
import net.culvert.node.packet.TestPackets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What every TUN queue without offloads does, the kernel's and the one in memory. The stack on its
 * other side owns 10.77.0.1/24.
 */
@Timeout(30)
abstract class TunQueueContract {

  private final Arena arena = Arena.ofConfined();

  abstract TunDevice device();

  /** Makes the stack send this IPv4 UDP packet, from 10.77.0.1 to 10.77.0.2, with that payload. */
  abstract void stackSends(byte[] payload);

  /** Whether the stack got a UDP packet with that payload from 10.77.0.2. */
  abstract boolean stackReceived(byte[] payload);

  abstract void setUp(boolean up);

  @AfterEach
  void free() {
    arena.close();
  }

  /** Reads until packets with these payloads have come; others are the kernel's own. */
  private List<byte[]> readPayloads(PacketBatch batch, int count) {
    List<byte[]> payloads = new ArrayList<>();
    long deadline = System.nanoTime() + 5_000_000_000L;
    while (payloads.size() < count && System.nanoTime() < deadline) {
      batch.clear();
      int read = device().queue(0).read(batch);
      assertThat(read).isEqualTo(batch.size());
      for (int i = 0; i < read; i++) {
        byte[] packet = new byte[batch.length(i)];
        MemorySegment.copy(
            batch.memory(), ValueLayout.JAVA_BYTE, batch.offset(i), packet, 0, packet.length);
        if (packet[0] == 0x45 && packet[9] == 17) {
          payloads.add(TestPackets.slice(packet, 28, packet.length - 28));
        }
      }
    }
    return payloads;
  }

  @Test
  void packetsAreReadInOrderAndApart() {
    stackSends(new byte[] {1, 2, 3});
    stackSends(new byte[1000]);
    stackSends(new byte[] {4});
    assertThat(readPayloads(new PacketBatch(arena, 256 * 1024, 64), 3))
        .containsExactly(new byte[] {1, 2, 3}, new byte[1000], new byte[] {4});
  }

  @Test
  void aFullBatchLeavesTheRestForTheNext() {
    PacketBatch small = new PacketBatch(arena, 70_000, 2);
    for (int i = 0; i < 5; i++) {
      stackSends(new byte[] {(byte) i});
    }
    assertThat(readPayloads(small, 5))
        .containsExactly(
            new byte[] {0}, new byte[] {1}, new byte[] {2}, new byte[] {3}, new byte[] {4});
  }

  @Test
  void packetsAreWrittenFromSeveralPieces() {
    byte[] payload = {9, 8, 7, 6};
    byte[] packet = TestPackets.udp("10.77.0.2", 5000, "10.77.0.1", 5001, payload);
    MemorySegment memory = arena.allocate(packet.length);
    MemorySegment.copy(packet, 0, memory, ValueLayout.JAVA_BYTE, 0, packet.length);
    GatherList pieces = new GatherList(arena, 4);
    pieces.add(memory.address(), 28);
    pieces.add(memory.address() + 28, 3);
    pieces.add(memory.address() + 31, 1);
    assertThat(device().queue(0).write(pieces, 0, 3)).isEqualTo(packet.length);
    assertThat(stackReceived(payload)).isTrue();
    pieces.clear();
    pieces.add(memory.address(), packet.length);
    assertThat(device().queue(0).write(pieces, 0, 1)).isEqualTo(packet.length);
    assertThat(stackReceived(payload)).isTrue();
  }

  @Test
  void refusalsAreOutcomes() {
    MemorySegment memory = arena.allocate(60);
    GatherList pieces = new GatherList(arena, 1);
    pieces.add(memory.address(), 60);
    assertThat(device().queue(0).write(pieces, 0, 1)).isEqualTo(-Errno.EINVAL);
    setUp(false);
    memory.set(ValueLayout.JAVA_BYTE, 0, (byte) 0x45);
    assertThat(device().queue(0).write(pieces, 0, 1)).isEqualTo(-Errno.EIO);
    setUp(true);
  }

  @Test
  void nothingWaitingIsZero() {
    PacketBatch batch = new PacketBatch(arena, 256 * 1024, 64);
    readPayloads(batch, 0);
    while (device().queue(0).read(batch) > 0) {
      batch.clear();
    }
    assertThat(device().queue(0).read(batch)).isZero();
  }

  @Test
  void closingTwiceIsHarmless() {
    device().close();
    device().close();
  }
}
