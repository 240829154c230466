package net.culvert.node.kernel.rtnetlink;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import net.culvert.node.kernel.abi.Errno;
import net.culvert.node.kernel.netlink.NetlinkRequest;
import net.culvert.node.kernel.netlink.Outcome;
import net.culvert.node.kernel.poll.EventFd;
import net.culvert.node.kernel.sys.Syscalls;
import net.culvert.node.testing.FaultInjectingSyscalls;
import net.culvert.node.testing.RequiresRoot;
import net.culvert.node.testing.TestNamespace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@RequiresRoot
@Timeout(30)
class RtnetlinkMonitorIT {

  private final FaultInjectingSyscalls faults = new FaultInjectingSyscalls(Syscalls.real());

  /** Keeps what comes. */
  private static final class Recorder implements RtnetlinkMonitor.Listener {
    private final BlockingQueue<RtnetlinkEvent> events = new LinkedBlockingQueue<>();
    private final BlockingQueue<Boolean> overflows = new LinkedBlockingQueue<>();

    @Override
    public void onEvent(RtnetlinkEvent event) {
      events.add(event);
    }

    @Override
    public void onOverflow() {
      overflows.add(true);
    }

    /** Waits for an event that is so. */
    <T extends RtnetlinkEvent> T await(Class<T> type, Predicate<T> predicate) throws Exception {
      while (true) {
        RtnetlinkEvent event = events.poll(10, TimeUnit.SECONDS);
        assertThat(event).as("an event of %s", type.getSimpleName()).isNotNull();
        if (type.isInstance(event) && predicate.test(type.cast(event))) {
          return type.cast(event);
        }
      }
    }
  }

  @Test
  void hearsOfEveryChange() throws Exception {
    Recorder recorder = new Recorder();
    try (TestNamespace test = new TestNamespace();
        EventFd stop = new EventFd(faults.syscalls());
        RtnetlinkMonitor monitor = RtnetlinkMonitor.open(faults.syscalls(), test.namespace())) {
      Thread thread = Thread.ofPlatform().name("monitor").start(() -> monitor.run(stop, recorder));
      test.run("ip", "link", "add", "br0", "type", "bridge");
      recorder.await(RtnetlinkEvent.OfLink.class, e -> e.link().name().equals("br0"));
      test.run("ip", "link", "set", "br0", "up");
      recorder.await(
          RtnetlinkEvent.OfLink.class, e -> e.link().name().equals("br0") && e.link().isUp());
      test.run("ip", "addr", "add", "10.1.1.1/24", "dev", "br0");
      recorder.await(
          RtnetlinkEvent.OfAddress.class,
          e -> !e.removed() && e.address().address().toString().equals("10.1.1.1"));
      test.run("ip", "route", "add", "10.1.2.0/24", "via", "10.1.1.2", "proto", "199");
      recorder.await(
          RtnetlinkEvent.OfRoute.class,
          e ->
              !e.removed()
                  && e.route().destination().toString().equals("10.1.2.0/24")
                  && e.route().protocol() == RouteProtocol.CULVERT);
      test.run("ip", "route", "del", "10.1.2.0/24");
      recorder.await(
          RtnetlinkEvent.OfRoute.class,
          e -> e.removed() && e.route().destination().toString().equals("10.1.2.0/24"));
      test.run("ip", "neigh", "add", "10.1.1.7", "lladdr", "02:00:00:00:00:07", "dev", "br0");
      recorder.await(
          RtnetlinkEvent.OfNeighbour.class,
          e -> !e.removed() && e.neighbour().address().toString().equals("10.1.1.7"));
      test.run("ip", "addr", "del", "10.1.1.1/24", "dev", "br0");
      recorder.await(RtnetlinkEvent.OfAddress.class, RtnetlinkEvent.OfAddress::removed);
      // A port that leaves its bridge is told with the type of a deleted link.
      test.run("ip", "link", "add", "p0", "type", "veth", "peer", "name", "p1");
      test.run("ip", "link", "set", "p0", "master", "br0");
      test.run("ip", "link", "set", "p0", "nomaster");
      test.run("ip", "link", "set", "p0", "mtu", "1234");
      RtnetlinkEvent.OfLink port =
          recorder.await(
              RtnetlinkEvent.OfLink.class,
              e -> e.link().name().equals("p0") && (e.removed() || e.link().mtu() == 1234));
      assertThat(port.removed()).isFalse();
      test.run("ip", "link", "del", "p0");
      recorder.await(RtnetlinkEvent.OfLink.class, e -> e.removed() && e.link().name().equals("p0"));
      assertThat(recorder.overflows).isEmpty();
      stop.signal();
      thread.join();
    }
    assertThat(faults.openDescriptors()).isEmpty();
  }

  @Test
  void aFullBufferIsAnOverflow() {
    Recorder recorder = new Recorder();
    faults.failCall("setsockopt", 1, Errno.EPERM);
    try (TestNamespace test = new TestNamespace();
        Rtnetlink rtnetlink = Rtnetlink.open(Syscalls.real(), test.namespace());
        RtnetlinkMonitor monitor = RtnetlinkMonitor.open(faults.syscalls(), test.namespace())) {
      assertThat(faults.hasFailed()).isTrue();
      Link bridge = rtnetlink.create(LinkRequest.create("br0", new BridgeKind()));
      List<NetlinkRequest> changes = new ArrayList<>();
      for (int i = 0; i < 5000; i++) {
        changes.add(LinkRequest.change(bridge).mtu(1400 + i % 2).build());
      }
      rtnetlink.executeAll(changes).forEach(Outcome::orThrow);
      while (monitor.receive(recorder)) {
        assertThat(recorder.events).hasSizeLessThan(20_000);
      }
      assertThat(recorder.overflows).hasSize(1);
      assertThat(recorder.events).isNotEmpty();
    }
  }
}
