package net.culvert.node.kernel.udp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import net.culvert.api.value.Family;
import net.culvert.api.value.IpAddress;
import net.culvert.api.value.ListenAddress;
import net.culvert.node.kernel.abi.Errno;
import net.culvert.node.kernel.sys.Syscalls;
import net.culvert.node.kernel.sys.SystemCallException;
import net.culvert.node.testing.FaultInjectingSyscalls;
import net.culvert.node.testing.RequiresRoot;
import net.culvert.node.testing.TestNamespace;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@RequiresRoot
class KernelDatagramSocketIT extends DatagramBatchSocketContract {

  private final TestNamespace namespace = new TestNamespace();

  @AfterEach
  void remove() {
    namespace.close();
  }

  @Override
  DatagramBatchSocket open(Family family, int port) {
    return open(family == Family.IPV4 ? "0.0.0.0:" + port : "[::]:" + port);
  }

  private DatagramBatchSocket open(String listen) {
    return namespace.call(() ->
        DatagramSockets.open(Syscalls.real(), DatagramSocketSpec.of(ListenAddress.parse(listen))));
  }

  @Override
  IpAddress host(Family family) {
    return IpAddress.parse(family == Family.IPV4 ? "127.0.0.1" : "::1");
  }

  private static int send(DatagramBatchSocket socket, UdpEndpoint to, int bytes) {
    try (Arena arena = Arena.ofConfined()) {
      SendBatch batch = new SendBatch(arena, 1, 1);
      MemorySegment memory = arena.allocate(bytes);
      batch.pieces().add(memory.address(), bytes);
      batch.add(to, null, bytes, false);
      return socket.send(batch, 0);
    }
  }

  @Test
  void buffersAreAsLargeAsAsked() {
    try (DatagramBatchSocket socket = open("0.0.0.0:7000")) {
      assertThat(socket.bufferSizes().receiveGot())
          .isGreaterThanOrEqualTo(DatagramSocketSpec.DEFAULT_BUFFER_BYTES);
      assertThat(socket.bufferSizes().sendGot())
          .isGreaterThanOrEqualTo(DatagramSocketSpec.DEFAULT_BUFFER_BYTES);
    }
  }

  @Test
  void bothFamiliesShareAPort() {
    try (DatagramBatchSocket ipv4 = open("0.0.0.0:7000");
        DatagramBatchSocket ipv6 = open("[::]:7000")) {
      assertThat(ipv4.family()).isEqualTo(Family.IPV4);
      assertThat(ipv6.family()).isEqualTo(Family.IPV6);
    }
  }

  @Test
  void aPortInUseIsToldAndNothingStaysOpen() {
    try (DatagramBatchSocket first = open("0.0.0.0:7000")) {
      assertThat(first.local().port()).isEqualTo(7000);
      FaultInjectingSyscalls counting = new FaultInjectingSyscalls(Syscalls.real());
      assertThatThrownBy(() ->
              namespace.call(() ->
                  DatagramSockets.open(
                      counting.syscalls(),
                      DatagramSocketSpec.of(ListenAddress.parse("0.0.0.0:7000")))))
          .isInstanceOf(SystemCallException.class)
          .hasMessageContaining("bind UDP 0.0.0.0:7000: EADDRINUSE");
      assertThat(counting.openDescriptors()).isEmpty();
    }
  }

  @Test
  void refusalsAreOutcomesAndNoExceptions() {
    try (DatagramBatchSocket socket = open("0.0.0.0:7000")) {
      UdpEndpoint unreachable = new UdpEndpoint(IpAddress.parse("203.0.113.1"), 7000);
      assertThat(send(socket, unreachable, 10)).isEqualTo(-Errno.ENETUNREACH);
      namespace.run("ip", "link", "set", "lo", "mtu", "1500");
      namespace.run("ip", "route", "add", "prohibit", "203.0.113.0/24");
      assertThat(send(socket, unreachable, 10)).isEqualTo(-Errno.EACCES);
    }
  }

  @Test
  void whatTheReceiveBufferCannotHoldIsCounted() {
    try (DatagramBatchSocket receiver =
            namespace.call(() ->
                DatagramSockets.open(
                    Syscalls.real(),
                    DatagramSocketSpec.of(ListenAddress.parse("127.0.0.1:7002"))
                        .withBuffers(4096, 1 << 20)));
        DatagramBatchSocket sender = open("127.0.0.1:7001");
        Arena arena = Arena.ofConfined()) {
      UdpEndpoint to = new UdpEndpoint(IpAddress.parse("127.0.0.1"), 7002);
      for (int i = 0; i < 100; i++) {
        send(sender, to, 1000);
      }
      ReceiveBatch batch = new ReceiveBatch(arena, 64);
      int before = 0;
      for (int got = receiver.receive(batch); got > 0; got = receiver.receive(batch)) {
        before += got;
      }
      // The count comes with the next datagram after the loss.
      send(sender, to, 1000);
      assertThat(receiver.receive(batch)).isEqualTo(1);
      assertThat(receiver.receiveQueueDrops()).isEqualTo(100 - before);
    }
  }
}
