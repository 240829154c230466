package net.culvert.node.kernel.icmp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.culvert.api.value.IpAddress;
import net.culvert.node.kernel.abi.Errno;
import net.culvert.node.kernel.netns.Sysctl;
import net.culvert.node.kernel.rtnetlink.Rtnetlink;
import net.culvert.node.kernel.sys.Syscalls;
import net.culvert.node.testing.FaultInjectingSyscalls;
import net.culvert.node.testing.RequiresRoot;
import net.culvert.node.testing.TestNamespace;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * <pre>
 *   near 10.1.1.2, fd00:1::2 ── router 10.1.1.1, fd00:1::1 │ 10.1.2.1, fd00:2::1 ── far 10.1.2.2, fd00:2::2
 * </pre>
 */
@RequiresRoot
@Timeout(60)
class PingIT {

  private final FaultInjectingSyscalls faults = new FaultInjectingSyscalls(Syscalls.real());
  private final Ping ping = new Ping(faults.syscalls());
  private final TestNamespace near = new TestNamespace();
  private final TestNamespace router = new TestNamespace();
  private final TestNamespace far = new TestNamespace();

  @BeforeEach
  void connect() {
    Sysctl sysctl = new Sysctl(Syscalls.real());
    sysctl.write(router.namespace(), "ipv4/ip_forward", 1);
    sysctl.write(router.namespace(), "ipv6/conf/all/forwarding", 1);
    join(near, "1");
    join(far, "2");
  }

  private void join(TestNamespace end, String net) {
    router.run("ip", "link", "add", "r" + net, "type", "veth", "peer", "e", "netns", end.name());
    up(router, "r" + net, "10.1." + net + ".1/24", "fd00:" + net + "::1/64", "fe80::1/64");
    up(end, "e", "10.1." + net + ".2/24", "fd00:" + net + "::2/64", "fe80::2/64");
    end.run("ip", "route", "add", "default", "via", "10.1." + net + ".1");
    end.run("ip", "route", "add", "default", "via", "fd00:" + net + "::1");
  }

  /** No address waits for the end of a search for duplicates, the link-local one included. */
  private static void up(TestNamespace where, String link, String ipv4, String... ipv6) {
    where.run("ip", "link", "set", link, "addrgenmode", "none");
    where.run("ip", "addr", "add", ipv4, "dev", link);
    for (String address : ipv6) {
      where.run("ip", "addr", "add", address, "dev", link, "nodad");
    }
    where.run("ip", "link", "set", link, "up");
  }

  @AfterEach
  void nothingStays() {
    near.close();
    router.close();
    far.close();
    assertThat(faults.openDescriptors()).isEmpty();
  }

  private EchoReport ping(String destination, int count) {
    return ping.run(near.namespace(), new Echo(IpAddress.parse(destination), count, 2000, 10));
  }

  @Test
  void answersOfBothFamilies() {
    for (String destination : new String[] {"10.1.2.2", "fd00:2::2"}) {
      EchoReport report = ping(destination, 5);
      assertThat(report.sent()).isEqualTo(5);
      assertThat(report.received()).isEqualTo(5);
      assertThat(report.errors()).isEmpty();
      assertThat(report.replies())
          .allMatch(reply -> reply.ttl() == 63)
          .allMatch(reply -> reply.from().toString().equals(destination))
          .allMatch(reply -> reply.roundTripNanos() > 0)
          .extracting(EchoReport.Reply::sequence)
          .containsExactly(1, 2, 3, 4, 5);
    }
  }

  @Test
  void itsOwnAddressAnswersToo() {
    assertThat(ping("10.1.1.2", 3).received()).isEqualTo(3);
    assertThat(ping("::1", 3).received()).isEqualTo(3);
  }

  @Test
  void bigOnesAreFragmented() {
    IpAddress destination = IpAddress.parse("10.1.2.2");
    EchoReport report =
        ping.run(near.namespace(), new Echo(destination, 0, 2, 2000, 0, 9000, null));
    assertThat(report.received()).isEqualTo(2);
  }

  @Test
  void aLinkLocalDestinationGoesOutOfTheNamedLink() {
    int index;
    try (Rtnetlink rtnetlink = Rtnetlink.open(Syscalls.real(), near.namespace())) {
      index = rtnetlink.link("e").orElseThrow().index();
    }
    IpAddress destination = IpAddress.parse("fe80::1");
    EchoReport report =
        ping.run(near.namespace(), new Echo(destination, index, 1, 2000, 0, 56, null));
    assertThat(report.received()).isEqualTo(1);
  }

  @Test
  void errorsSayWhoSaidThem() {
    IpAddress four = IpAddress.parse("10.1.2.2");
    IpAddress six = IpAddress.parse("fd00:2::2");
    assertThat(ping.run(near.namespace(), new Echo(four, 0, 1, 2000, 0, 56, 1)).errors())
        .singleElement()
        .hasToString("10.1.1.1: time to live exceeded in transit");
    assertThat(ping.run(near.namespace(), new Echo(six, 0, 1, 2000, 0, 56, 1)).errors())
        .singleElement()
        .hasToString("fd00:1::1: hop limit exceeded in transit");
    assertThat(ping("10.77.0.1", 1).errors())
        .singleElement()
        .hasToString("10.1.1.1: destination network unreachable");
    assertThat(ping("fd00:77::1", 1).errors())
        .singleElement()
        .hasToString("fd00:1::1: no route to destination");
    // Nobody answers the neighbour request: this machine itself says so, some seconds later.
    assertThat(
            ping.run(near.namespace(), new Echo(IpAddress.parse("10.1.1.99"), 1, 9000, 0)).errors())
        .singleElement()
        .hasToString("10.1.1.2: destination host unreachable");
  }

  @Test
  void aRequestThatCannotBeSentIsAnError() {
    near.run("ip", "route", "del", "default");
    EchoReport report = ping("10.1.2.2", 2);
    assertThat(report.sent()).isZero();
    assertThat(report.errors())
        .hasSize(2)
        .first()
        .hasToString("sendmsg echo request to 10.1.2.2: ENETUNREACH (Network is unreachable)");
  }

  @Test
  void noAnswerEndsInTime() {
    far.run("ip", "link", "set", "e", "down");
    far.run("ip", "link", "set", "lo", "down");
    router.run("ip", "neigh", "add", "10.1.2.2", "lladdr", "02:00:00:00:00:01", "dev", "r2");
    EchoReport report =
        ping.run(near.namespace(), new Echo(IpAddress.parse("10.1.2.2"), 3, 100, 10));
    assertThat(report.sent()).isEqualTo(3);
    assertThat(report.received()).isZero();
  }

  @Test
  void withoutTheCapabilityTheSocketIsRefused() {
    faults.failCall("socket", 1, Errno.EPERM);
    assertThatThrownBy(() -> ping("10.1.2.2", 1))
        .hasMessage("socket raw ICMP: EPERM (Operation not permitted)");
    faults.failCall("setsockopt", 1, Errno.EPERM);
    assertThatThrownBy(() -> ping("fd00:2::2", 1)).hasMessageContaining("setsockopt ICMPV6_FILTER");
  }
}
