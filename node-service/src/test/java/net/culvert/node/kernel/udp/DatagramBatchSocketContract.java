package net.culvert.node.kernel.udp;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import net.culvert.api.value.Family;
import net.culvert.api.value.IpAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every {@link DatagramBatchSocket} does, the kernel's and the one in memory. */
@Timeout(30)
abstract class DatagramBatchSocketContract {

  private final Arena arena = Arena.ofConfined();
  private final List<DatagramBatchSocket> opened = new ArrayList<>();

  /** A socket on the wildcard address of a host that both sockets of a test are on. */
  abstract DatagramBatchSocket open(Family family, int port);

  /** That host's address. */
  abstract IpAddress host(Family family);

  private DatagramBatchSocket socket(Family family, int port) {
    DatagramBatchSocket socket = open(family, port);
    opened.add(socket);
    return socket;
  }

  @AfterEach
  void close() {
    opened.forEach(DatagramBatchSocket::close);
    arena.close();
  }

  private int add(SendBatch batch, UdpEndpoint to, IpAddress source, byte[]... pieces) {
    int length = 0;
    for (byte[] piece : pieces) {
      MemorySegment memory = arena.allocate(Math.max(1, piece.length));
      MemorySegment.copy(piece, 0, memory, ValueLayout.JAVA_BYTE, 0, piece.length);
      batch.pieces().add(memory.address(), piece.length);
      length += piece.length;
    }
    return batch.add(to, source.isUnspecified() ? null : source, length, false);
  }

  private static IpAddress any(Family family) {
    return new IpAddress(family, 0, 0);
  }

  /** Receives until so many datagrams are there, each as its bytes. */
  private List<byte[]> receive(DatagramBatchSocket socket, ReceiveBatch batch, int count) {
    List<byte[]> all = new ArrayList<>();
    long deadline = System.nanoTime() + 5_000_000_000L;
    while (all.size() < count && System.nanoTime() < deadline) {
      int messages = socket.receive(batch);
      assertThat(messages).isGreaterThanOrEqualTo(0);
      for (int i = 0; i < messages; i++) {
        byte[] bytes = new byte[batch.length(i)];
        MemorySegment.copy(
            batch.memory(), ValueLayout.JAVA_BYTE, batch.offset(i), bytes, 0, bytes.length);
        all.add(bytes);
      }
    }
    return all;
  }

  @ParameterizedTest
  @EnumSource(Family.class)
  void datagramsArriveInOrderWithTheirEndpoints(Family family) {
    DatagramBatchSocket left = socket(family, 7101);
    DatagramBatchSocket right = socket(family, 7102);
    UdpEndpoint to = new UdpEndpoint(host(family), 7102);
    SendBatch batch = new SendBatch(arena, 16, 64);
    add(batch, to, any(family), new byte[] {1, 2, 3});
    add(batch, to, any(family), new byte[] {4}, new byte[] {5, 6});
    add(batch, to, any(family), new byte[1400]);
    assertThat(batch.size()).isEqualTo(3);
    assertThat(left.send(batch, 0)).isEqualTo(3);

    ReceiveBatch received = new ReceiveBatch(arena, 8);
    List<byte[]> datagrams = receive(right, received, 3);
    assertThat(datagrams)
        .containsExactly(new byte[] {1, 2, 3}, new byte[] {4, 5, 6}, new byte[1400]);
    int last = received.size() - 1;
    assertThat(received.family(last)).isEqualTo(family);
    assertThat(received.sourcePort(last)).isEqualTo(7101);
    assertThat(received.sourceHigh(last)).isEqualTo(host(family).high());
    assertThat(received.sourceLow(last)).isEqualTo(host(family).low());
    assertThat(received.localHigh(last)).isEqualTo(host(family).high());
    assertThat(received.localLow(last)).isEqualTo(host(family).low());
    assertThat(received.truncated(last)).isFalse();
    assertThat(right.receive(received)).isZero();
    assertThat(received.size()).isZero();
  }

  @ParameterizedTest
  @EnumSource(Family.class)
  void theOwnAddressCanBeChosen(Family family) {
    DatagramBatchSocket left = socket(family, 7101);
    DatagramBatchSocket right = socket(family, 7102);
    SendBatch batch = new SendBatch(arena, 16, 64);
    add(batch, new UdpEndpoint(host(family), 7102), host(family), new byte[] {1});
    assertThat(left.send(batch, 0)).isEqualTo(1);
    ReceiveBatch received = new ReceiveBatch(arena, 8);
    assertThat(receive(right, received, 1)).hasSize(1);
    assertThat(received.sourceLow(0)).isEqualTo(host(family).low());
  }

  @Test
  void aBatchLargerThanOneCallGoesInSeveral() {
    DatagramBatchSocket left = socket(Family.IPV4, 7101);
    DatagramBatchSocket right = socket(Family.IPV4, 7102);
    SendBatch batch = new SendBatch(arena, 200, 200);
    for (int i = 0; i < 200; i++) {
      add(batch, new UdpEndpoint(host(Family.IPV4), 7102), any(Family.IPV4), new byte[] {(byte) i});
    }
    int sent = 0;
    while (sent < 200) {
      int more = left.send(batch, sent);
      assertThat(more).isPositive();
      sent += more;
    }
    List<byte[]> datagrams = receive(right, new ReceiveBatch(arena, 64), 200);
    assertThat(datagrams).hasSize(200);
    for (int i = 0; i < 200; i++) {
      assertThat(datagrams.get(i)).containsExactly(i);
    }
  }

  @Test
  void theLargestDatagramArrivesWhole() {
    DatagramBatchSocket left = socket(Family.IPV4, 7101);
    DatagramBatchSocket right = socket(Family.IPV4, 7102);
    SendBatch batch = new SendBatch(arena, 1, 1);
    byte[] largest = new byte[SendBatch.MAX_MESSAGE_BYTES];
    largest[largest.length - 1] = 7;
    add(batch, new UdpEndpoint(host(Family.IPV4), 7102), any(Family.IPV4), largest);
    assertThat(left.send(batch, 0)).isEqualTo(1);
    assertThat(receive(right, new ReceiveBatch(arena, 4), 1)).containsExactly(largest);
  }

  @Test
  void nothingWaitingIsZeroAndNoWait() {
    DatagramBatchSocket socket = socket(Family.IPV6, 7101);
    assertThat(socket.receive(new ReceiveBatch(arena, 4))).isZero();
    assertThat(socket.awaitSendable(1000)).isTrue();
    assertThat(socket.receiveQueueDrops()).isZero();
  }

  @Test
  void closingTwiceIsHarmless() {
    DatagramBatchSocket socket = socket(Family.IPV4, 7101);
    socket.close();
    socket.close();
  }
}
