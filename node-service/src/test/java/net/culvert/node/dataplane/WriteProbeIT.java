package net.culvert.node.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import net.culvert.api.value.LinkName;
import net.culvert.node.kernel.abi.Errno;
import net.culvert.node.kernel.sys.Syscalls;
import net.culvert.node.kernel.tun.MemoryTun;
import net.culvert.node.kernel.tun.TunDevice;
import net.culvert.node.kernel.tun.TunDevices;
import net.culvert.node.kernel.tun.TunSpec;
import net.culvert.node.testing.FaultInjectingSyscalls;
import net.culvert.node.testing.RequiresRoot;
import net.culvert.node.testing.TestNamespace;
import org.junit.jupiter.api.Test;

/** Super-packets are tried before there are any, on a link that is down and on one that is up. */
@RequiresRoot
class WriteProbeIT {

  private static final int ALL = TunSpec.TCP_OFFLOADS | TunSpec.UDP_OFFLOADS;

  private static TunDevice open(Syscalls syscalls, TestNamespace namespace) {
    TunSpec spec = TunSpec.create(LinkName.parse("tun0")).withOffloads(true, ALL);
    return namespace.call(() -> TunDevices.openWithOffloads(syscalls, spec));
  }

  @Test
  void thisKernelTakesThemOnALinkThatIsDown() {
    try (TestNamespace namespace = new TestNamespace();
        TunDevice tun = open(Syscalls.real(), namespace)) {
      WriteProbe probe = new WriteProbe(tun.queue(0));
      assertThat(probe.tcp()).isEmpty();
      assertThat(probe.udp()).isEmpty();
    }
  }

  @Test
  void onALinkThatIsUpNothingIsDeliveredOrForwarded() {
    try (TestNamespace namespace = new TestNamespace();
        TunDevice tun = open(Syscalls.real(), namespace)) {
      namespace.run("sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1");
      namespace.run("ip", "link", "set", "tun0", "up");
      WriteProbe probe = new WriteProbe(tun.queue(0));
      assertThat(probe.tcp()).isEmpty();
      assertThat(probe.udp()).isEmpty();
      assertThat(namespace.run("cat", "/proc/net/dev"))
          .as("the kernel took four packets")
          .containsPattern("tun0: +\\d+ +4 ");
      String counters = namespace.run("cat", "/proc/net/snmp", "/proc/net/snmp6");
      assertThat(counters.lines().filter(line -> line.startsWith("Ip6InDelivers")).findFirst())
          .hasValueSatisfying(line -> assertThat(line).endsWith("\t0"));
      String ipv4 = counters.lines().filter(line -> line.startsWith("Ip:")).toList().get(1);
      // Forwarding, DefaultTTL, InReceives, InHdrErrors, InAddrErrors, ForwDatagrams,
      // InUnknownProtos, InDiscards, InDelivers
      assertThat(ipv4.split(" ")[6]).as("forwarded").isEqualTo("0");
      assertThat(ipv4.split(" ")[9]).as("delivered").isEqualTo("0");
    }
  }

  @Test
  void aKernelThatRefusesThemIsFoundOut() {
    FaultInjectingSyscalls faults = new FaultInjectingSyscalls(Syscalls.real());
    try (TestNamespace namespace = new TestNamespace();
        TunDevice tun = open(faults.syscalls(), namespace)) {
      faults.failCall("write", 1, Errno.EINVAL);
      assertThat(new WriteProbe(tun.queue(0)).udp())
          .hasValueSatisfying(
              why -> assertThat(why).contains("refused a super-packet", "Invalid argument"));
    }
  }

  @Test
  void aRefusalSwitchesTheWritingOffAndNothingElse() {
    MemoryTun tun = new MemoryTun("tun0", 1, ALL);
    tun.refuseSuperPackets(true);
    assertThat(Offloads.inWords(tun, java.util.List.of()))
        .satisfies(words -> {
          assertThat(words.get("tun-tcp-write")).startsWith("off: the kernel refused");
          assertThat(words.get("tun-udp-write")).contains("tried again in 60 s");
          assertThat(words.get("tun-tcp-read")).startsWith("on: ");
          assertThat(words.get("send-trains")).startsWith("on: ");
        });
  }
}
