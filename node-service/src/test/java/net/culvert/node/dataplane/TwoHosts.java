package net.culvert.node.dataplane;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import net.culvert.api.value.LinkName;
import net.culvert.api.value.ListenAddress;
import net.culvert.node.kernel.sys.Syscalls;
import net.culvert.node.kernel.tun.TunDevice;
import net.culvert.node.kernel.tun.TunDevices;
import net.culvert.node.kernel.tun.TunSpec;
import net.culvert.node.kernel.udp.DatagramBatchSocket;
import net.culvert.node.kernel.udp.DatagramSocketSpec;
import net.culvert.node.kernel.udp.DatagramSockets;
import net.culvert.node.testing.Shell;
import net.culvert.node.testing.TestNamespace;
import net.culvert.node.transport.Transport;

/**
 * Two hosts, each with a container, and nothing between the containers yet:
 *
 * <pre>
 *   container a                host a                        host b                container b
 *   10.1.1.2  ── veth ── 10.1.1.1   192.0.2.1 ── underlay ── 192.0.2.2   10.1.2.1 ── veth ── 10.1.2.2
 *   fd00:1::2            fd00:1::1  2001:db8::1            2001:db8::2   fd00:2::1          fd00:2::2
 * </pre>
 */
final class TwoHosts implements AutoCloseable {

  static final String TUN = "tun0";

  final Host a = new Host("a", "1");
  final Host b = new Host("b", "2");

  TwoHosts() {
    Shell.run(
        "ip",
        "link",
        "add",
        "ua",
        "netns",
        a.host.name(),
        "type",
        "veth",
        "peer",
        "name",
        "ub",
        "netns",
        b.host.name());
    a.underlay("ua", "1");
    b.underlay("ub", "2");
  }

  @Override
  public void close() {
    a.close();
    b.close();
  }

  /** One host with its container. */
  static final class Host implements AutoCloseable {

    final TestNamespace host = new TestNamespace();
    final TestNamespace container = new TestNamespace();
    private final String name;
    private final String other;
    private final List<AutoCloseable> opened = new ArrayList<>();

    Host(String name, String number) {
      this.name = name;
      this.other = number.equals("1") ? "2" : "1";
      host.run("sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1");
      Shell.run(
          "ip",
          "link",
          "add",
          "veth0",
          "netns",
          container.name(),
          "type",
          "veth",
          "peer",
          "name",
          "veth1",
          "netns",
          host.name());
      address(container, "veth0", "10.1." + number + ".2/24", "fd00:" + number + "::2/64");
      address(host, "veth1", "10.1." + number + ".1/24", "fd00:" + number + "::1/64");
      container.run("ip", "route", "add", "default", "via", "10.1." + number + ".1");
      container.run("ip", "-6", "route", "add", "default", "via", "fd00:" + number + "::1");
    }

    private void underlay(String link, String number) {
      address(host, link, "192.0.2." + number + "/24", "2001:db8::" + number + "/64");
    }

    private static void address(TestNamespace in, String link, String ipv4, String ipv6) {
      in.run("ip", "link", "set", link, "up");
      in.run("ip", "addr", "add", ipv4, "dev", link);
      in.run("ip", "-6", "addr", "add", ipv6, "dev", link, "nodad");
    }

    /** Makes the TUN device, the routes into it, and starts a data plane on it. */
    TunnelDataPlane start(Transport transport, int mtuBytes, String... listen) {
      return start(transport, mtuBytes, false, 1, listen);
    }

    /** As the other, with all offloads that the kernel has or with none. */
    TunnelDataPlane start(
        Transport transport, int mtuBytes, boolean offloads, int queues, String... listen) {
      TunSpec plain = TunSpec.create(LinkName.parse(TUN)).withQueues(queues);
      TunSpec spec = plain.withOffloads(true, TunSpec.TCP_OFFLOADS | TunSpec.UDP_OFFLOADS);
      TunDevice tun =
          host.call(() ->
              offloads
                  ? TunDevices.openWithOffloads(Syscalls.real(), spec)
                  : TunDevices.open(Syscalls.real(), plain));
      host.run("ip", "link", "set", TUN, "mtu", Integer.toString(mtuBytes), "up");
      host.run("ip", "route", "add", "10.1." + other + ".0/24", "dev", TUN);
      host.run("ip", "-6", "route", "add", "fd00:" + other + "::/64", "dev", TUN);
      List<List<DatagramBatchSocket>> sockets = new ArrayList<>();
      for (int queue = 0; queue < queues; queue++) {
        List<DatagramBatchSocket> ofQueue = new ArrayList<>();
        for (String address : listen) {
          DatagramSocketSpec socket =
              DatagramSocketSpec.of(ListenAddress.parse(address))
                  .withReceiveTrains(offloads)
                  .withReusePort(queues > 1);
          ofQueue.add(host.call(() -> DatagramSockets.open(Syscalls.real(), socket)));
        }
        sockets.add(ofQueue);
      }
      TunnelDataPlane plane =
          host.call(() ->
              TunnelDataPlane.start(
                  Syscalls.real(),
                  tun,
                  sockets,
                  transport,
                  offloads
                      ? TunnelOptions.DEFAULT
                      : new TunnelOptions(EnumSet.allOf(Offload.class), false)));
      opened.add(plane);
      return plane;
    }

    @Override
    public void close() {
      for (AutoCloseable each : opened) {
        try {
          each.close();
        } catch (Exception e) {
          throw new AssertionError("host " + name, e);
        }
      }
      container.close();
      host.close();
    }
  }
}
