package net.culvert.node.kernel.tun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import net.culvert.api.value.LinkName;
import net.culvert.node.kernel.abi.Errno;
import net.culvert.node.kernel.sys.Syscalls;
import net.culvert.node.kernel.sys.SystemCallException;
import net.culvert.node.packet.PacketBatch;
import net.culvert.node.testing.FaultInjectingSyscalls;
import net.culvert.node.testing.RequiresRoot;
import net.culvert.node.testing.TestNamespace;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@RequiresRoot
class KernelTunDeviceIT extends TunQueueContract {

  private static final LinkName TUN = LinkName.parse("tun7");

  private final TestNamespace namespace = new TestNamespace();
  private final TunDevice device = open(TunSpec.create(TUN));
  private final DatagramSocket stack;

  KernelTunDeviceIT() throws IOException {
    namespace.run("ip", "addr", "add", "10.77.0.1/24", "dev", "tun7");
    namespace.run("ip", "link", "set", "tun7", "up");
    stack = namespace.call(() -> new DatagramSocket(new InetSocketAddress("10.77.0.1", 5001)));
    stack.setSoTimeout(3000);
  }

  private TunDevice open(TunSpec spec) {
    return namespace.call(() -> TunDevices.open(Syscalls.real(), spec));
  }

  @AfterEach
  void remove() {
    stack.close();
    device.close();
    namespace.close();
  }

  @Override
  TunDevice device() {
    return device;
  }

  @Override
  void stackSends(byte[] payload) {
    try {
      stack.send(
          new DatagramPacket(payload, payload.length, InetAddress.getByName("10.77.0.2"), 5000));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  boolean stackReceived(byte[] payload) {
    DatagramPacket packet = new DatagramPacket(new byte[100], 100);
    try {
      stack.receive(packet);
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Arrays.equals(payload, Arrays.copyOf(packet.getData(), packet.getLength()));
  }

  @Override
  void setUp(boolean up) {
    namespace.run("ip", "link", "set", "tun7", up ? "up" : "down");
  }

  @Test
  void aNameThatIsTakenIsNeverAttachedTo() {
    assertThatThrownBy(() -> open(TunSpec.create(TUN)))
        .isInstanceOfSatisfying(
            SystemCallException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EBUSY))
        .hasMessageContaining("ioctl TUNSETIFF tun7: EBUSY");
    namespace.run("ip", "link", "add", "other", "type", "veth", "peer", "name", "other2");
    LinkName veth = LinkName.parse("other");
    assertThatThrownBy(() -> open(TunSpec.create(veth))).isInstanceOf(SystemCallException.class);
    assertThatThrownBy(() -> open(TunSpec.attach(veth)))
        .isInstanceOfSatisfying(
            SystemCallException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EINVAL));
    assertThat(namespace.run("ip", "-d", "link", "show", "other")).contains("veth");
  }

  @Test
  void aPersistentDeviceOutlivesItsDescriptorsAndIsAttachedTo() {
    LinkName name = LinkName.parse("tunp");
    TunSpec spec = TunSpec.create(name).withPersistent(true).withQueues(2);
    TunDevice first = open(spec);
    assertThat(first.queueCount()).isEqualTo(2);
    String index = namespace.run("ip", "-o", "link", "show", "tunp").replaceAll(":.*", "").strip();
    first.close();
    assertThat(namespace.run("ip", "-d", "link", "show", "tunp"))
        .contains("tun type tun pi off vnet_hdr off multi_queue")
        .contains("persist on");

    TunDevice again = open(TunSpec.attach(name).withQueues(1));
    assertThat(namespace.run("ip", "-o", "link", "show", "tunp")).startsWith(index + ":");
    again.close();
    namespace.call(() -> {
      TunDevices.remove(Syscalls.real(), TunSpec.attach(name));
      return true;
    });
    assertThat(namespace.attempt("ip", "link", "show", "tunp").exitCode()).isNotZero();
  }

  @Test
  void anyCallThatFailsLeavesNoDeviceAndNoDescriptor() {
    TunSpec spec =
        TunSpec.create(LinkName.parse("tunf"))
            .withQueues(2)
            .withPersistent(true)
            .withOffloads(true, 0);
    FaultInjectingSyscalls counting = new FaultInjectingSyscalls(Syscalls.real());
    namespace.call(() -> TunDevices.open(counting.syscalls(), spec)).close();
    namespace.run("ip", "link", "del", "tunf");
    int opening = (int) counting.calls().stream().filter(call -> !call.equals("close")).count();
    assertThat(opening).isGreaterThan(6);
    for (int failing = 1; failing <= opening; failing++) {
      FaultInjectingSyscalls faulty = new FaultInjectingSyscalls(Syscalls.real());
      faulty.failCall(failing, Errno.ENOMEM);
      assertThatThrownBy(() -> namespace.call(() -> TunDevices.open(faulty.syscalls(), spec)))
          .isInstanceOf(SystemCallException.class)
          .hasMessageContaining("ENOMEM");
      assertThat(faulty.openDescriptors()).isEmpty();
      assertThat(namespace.attempt("ip", "link", "show", "tunf").exitCode()).isNotZero();
    }
  }

  @Test
  void aDeviceThatIsDeletedAnswersAnErrorAndNoPackets() {
    namespace.run("ip", "link", "del", "tun7");
    try (Arena arena = Arena.ofConfined()) {
      assertThat(device.queue(0).read(new PacketBatch(arena, 70_000, 4))).isEqualTo(-Errno.EBADFD);
    }
  }
}
