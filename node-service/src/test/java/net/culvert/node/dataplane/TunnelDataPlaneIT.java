package net.culvert.node.dataplane;

import static net.culvert.node.dataplane.MemoryNode.endpoint;
import static net.culvert.node.dataplane.MemoryNode.prefixes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import net.culvert.node.testing.RequiresCommand;
import net.culvert.node.testing.RequiresRoot;
import net.culvert.node.testing.Shell;
import net.culvert.node.transport.plain.Framing;
import net.culvert.node.transport.plain.PlainTransport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two data planes with threads, TUN devices and sockets of the kernel; see {@link TwoHosts}. */
@RequiresRoot
@RequiresCommand("ping")
@Timeout(120)
class TunnelDataPlaneIT {

  private final TwoHosts hosts = new TwoHosts();

  @AfterEach
  void remove() {
    hosts.close();
  }

  private static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + 10_000_000_000L;
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("time to wait until %s", what).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  private void ping(String destination, String... options) {
    List<String> command = new ArrayList<>(List.of("ping", "-c", "3", "-i", "0.05", "-W", "2"));
    command.addAll(List.of(options));
    command.add(destination);
    assertThat(hosts.a.container.run(command.toArray(String[]::new))).contains(" 0% packet loss");
  }

  private TunnelDataPlane[] join(Framing framing, int mtu, String hostA, String hostB)
      throws ExecutionException, InterruptedException {
    PlainTransport transport = new PlainTransport(framing);
    String[] listen = {"0.0.0.0:7000", "[::]:7000"};
    TunnelDataPlane a = hosts.a.start(transport, mtu, listen);
    TunnelDataPlane b = hosts.b.start(transport, mtu, listen);
    a.replacePeers(
            List.of(
                PeerConfig.at(
                    "b", endpoint(hostB, 7000), mtu, prefixes("10.1.2.0/24", "fd00:2::/64"))))
        .get();
    b.replacePeers(
            List.of(
                PeerConfig.at(
                    "a", endpoint(hostA, 7000), mtu, prefixes("10.1.1.0/24", "fd00:1::/64"))))
        .get();
    return new TunnelDataPlane[] {a, b};
  }

  @ParameterizedTest
  @CsvSource({
    "IP, 1472, 192.0.2.1, 192.0.2.2",
    "IP, 1452, 2001:db8::1, 2001:db8::2",
    "PACKET_INFORMATION, 1468, 192.0.2.1, 192.0.2.2",
    "PACKET_INFORMATION, 1448, 2001:db8::1, 2001:db8::2",
  })
  void containersPingEachOtherOverBothFamilies(Framing framing, int mtu, String hostA, String hostB)
      throws Exception {
    TunnelDataPlane[] planes = join(framing, mtu, hostA, hostB);
    ping("10.1.2.2");
    ping("fd00:2::2");
    String whole = Integer.toString(mtu - 28);
    ping("10.1.2.2", "-M", "do", "-s", whole);
    ping("10.1.2.2", "-s", "10000");
    // The first one is lost where the container learns the path's MTU.
    hosts.a.container.attempt(
        "ping", "-c", "2", "-i", "0.2", "-W", "1", "-s", "10000", "fd00:2::2");
    ping("fd00:2::2", "-s", "10000");
    assertThat(hosts.a.container.run("ping", "-c", "1", "10.1.2.2")).contains("ttl=62");
    for (TunnelDataPlane plane : planes) {
      TunnelSnapshot snapshot = plane.snapshot();
      assertThat(snapshot.alive()).isTrue();
      assertThat(snapshot.outbound().packets()).isGreaterThan(15);
      assertThat(snapshot.inboundDrops()).isEmpty();
      assertThat(snapshot.agents())
          .extracting(AgentStatus::name)
          .containsExactly("out-tun0", "in-tun0", "con-tun0");
      assertThat(snapshot.sockets()).hasSize(2);
    }
  }

  @Test
  void icmpErrorsReachTheContainerThatCausedThem() throws Exception {
    TunnelDataPlane a = hosts.a.start(new PlainTransport(Framing.IP), 1472, "0.0.0.0:7000");
    assertThat(hosts.a.container.attempt("ping", "-c", "1", "-W", "3", "10.1.2.2").output())
        .contains("From 10.1.2.2")
        .contains("Net Unreachable");
    assertThat(hosts.a.container.attempt("ping", "-c", "1", "-W", "3", "fd00:2::2").output())
        .contains("From fd00:2::2")
        .contains("No route");
    a.replacePeers(List.of(PeerConfig.learned("b", 1472, prefixes("10.1.2.0/24", "fd00:2::/64"))))
        .get();
    assertThat(hosts.a.container.attempt("ping", "-c", "1", "-W", "3", "10.1.2.2").output())
        .contains("From 10.1.2.2")
        .contains("Host Unreachable");
    assertThat(hosts.a.container.attempt("ping", "-c", "1", "-W", "3", "fd00:2::2").output())
        .contains("Address unreachable");
    a.replacePeers(
            List.of(
                PeerConfig.at(
                    "b",
                    endpoint("192.0.2.2", 7000),
                    1300,
                    prefixes("10.1.2.0/24", "fd00:2::/64"))))
        .get();
    assertThat(
            hosts
                .a
                .container
                .attempt("ping", "-c", "1", "-W", "3", "-M", "do", "-s", "1400", "10.1.2.2")
                .output())
        .contains("mtu = 1300");
    assertThat(
            hosts
                .a
                .container
                .attempt("ping", "-c", "1", "-W", "3", "-M", "do", "-s", "1400", "fd00:2::2")
                .output())
        .contains("mtu=1300");
    assertThat(a.snapshot().outboundDrops()).containsEntry(DropReason.TOO_BIG, 2L);
  }

  @Test
  void aLearnedEndpointAnswersWhereItIsHeard() throws Exception {
    PlainTransport transport = new PlainTransport(Framing.IP);
    TunnelDataPlane a = hosts.a.start(transport, 1472, "0.0.0.0:7000");
    TunnelDataPlane b = hosts.b.start(transport, 1472, "0.0.0.0:7100");
    b.replacePeers(List.of(PeerConfig.learned("a", 1472, prefixes("10.1.1.0/24")))).get();
    a.replacePeers(
            List.of(PeerConfig.at("b", endpoint("192.0.2.2", 7100), 1472, prefixes("10.1.2.0/24"))))
        .get();
    ping("10.1.2.2");
    TunnelSnapshot.PeerSnapshot learned = b.snapshot().peers().getFirst();
    assertThat(learned.endpoint()).isEqualTo(endpoint("192.0.2.1", 7000));
    assertThat(learned.endpointLearned()).isTrue();
  }

  @Test
  @RequiresCommand("iperf3")
  void bulkTcpCrossesBothFamilies() throws Exception {
    join(Framing.IP, 1472, "192.0.2.1", "192.0.2.2");
    Process server =
        new ProcessBuilder(hosts.b.container.inside("iperf3", "-s"))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      await(
          "iperf3 listens",
          () -> hosts.b.container.run("ss", "-Hltn", "sport = :5201").contains("5201"));
      for (String destination : List.of("10.1.2.2", "fd00:2::2")) {
        String result =
            hosts.a.container.run(
                "iperf3", "-c", destination, "-n", "50M", "-P", "2", "-C", "cubic");
        System.out.println(
            result
                .lines()
                .filter(line -> line.contains("SUM") && line.contains("receiver"))
                .toList());
        assertThat(result).contains("iperf Done");
      }
    } finally {
      server.destroy();
      server.waitFor(5, TimeUnit.SECONDS);
    }
  }

  /** More datagrams of one flow come at once than the kernel takes in one super-packet. */
  @Test
  @RequiresCommand("iperf3")
  void aFloodOfSmallDatagramsIsJoinedAsTheKernelTakesIt() throws Exception {
    TunnelDataPlane[] planes = join(Framing.IP, 1472, "192.0.2.1", "192.0.2.2");
    Process server =
        new ProcessBuilder(hosts.b.container.inside("iperf3", "-s"))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      await(
          "iperf3 listens",
          () -> hosts.b.container.run("ss", "-Hltn", "sport = :5201").contains("5201"));
      hosts.a.container.run("iperf3", "-c", "10.1.2.2", "-u", "-b", "0", "-l", "64", "-t", "2");
      assertThat(planes[1].snapshot().offloads())
          .filteredOn(status -> status.offload() == Offload.TUN_UDP_WRITE)
          .allSatisfy(status -> assertThat(status.fallbacks()).isZero())
          .isNotEmpty();
    } finally {
      server.destroy();
      server.waitFor(5, TimeUnit.SECONDS);
    }
  }

  @Test
  void stopsWithinASecondDuringTrafficAndLeavesNothingOpen() throws Exception {
    List<String> before = descriptors();
    TunnelDataPlane[] planes = join(Framing.IP, 1472, "192.0.2.1", "192.0.2.2");
    Process flood =
        new ProcessBuilder(hosts.a.container.inside("ping", "-f", "-q", "10.1.2.2"))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      await("traffic flows", () -> planes[0].snapshot().inbound().packets() > 100);
      for (TunnelDataPlane plane : planes) {
        long start = System.nanoTime();
        plane.close();
        assertThat(System.nanoTime() - start).isLessThan(1_000_000_000L);
        plane.close();
        assertThatThrownBy(() -> plane.replacePeers(List.of()).get())
            .hasCauseInstanceOf(RejectedExecutionException.class);
      }
    } finally {
      flood.destroy();
      flood.waitFor(5, TimeUnit.SECONDS);
    }
    assertThat(hosts.a.host.attempt("ip", "link", "show", TwoHosts.TUN).exitCode()).isNotZero();
    assertThat(descriptors()).isEqualTo(before);
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .noneMatch(name -> name.endsWith("-tun0"));
  }

  /** What this process has open that belongs to networking. */
  private static List<String> descriptors() throws IOException {
    try (Stream<Path> links = Files.list(Path.of("/proc/self/fd"))) {
      return links
          .map(link -> {
            try {
              return Files.readSymbolicLink(link).toString();
            } catch (IOException e) {
              return "";
            }
          })
          .filter(target ->
              target.startsWith("socket:") || target.contains("tun") || target.contains("eventfd"))
          .sorted()
          .toList();
    }
  }

  @Test
  void aDeviceThatIsTakenAwayShowsAsADeadAgentAndTheOthersLive() throws Exception {
    TunnelDataPlane[] planes = join(Framing.IP, 1472, "192.0.2.1", "192.0.2.2");
    ping("10.1.2.2");
    hosts.a.host.run("ip", "link", "del", TwoHosts.TUN);
    await("the agent is dead", () -> !planes[0].snapshot().alive());
    AgentStatus out = planes[0].snapshot().agents().getFirst();
    assertThat(out.alive()).isFalse();
    assertThat(out.failure()).contains("read tun0: EBADFD");
    assertThat(planes[1].snapshot().alive()).isTrue();
  }

  @Test
  void anIdleDataPlaneTakesNoTime() throws Exception {
    join(Framing.IP, 1472, "192.0.2.1", "192.0.2.2");
    ping("10.1.2.2");
    long before = agentTicks();
    Shell.attempt("timeout", "3", "tail", "-f", "/dev/null");
    // 100 ticks a second; six agents in three seconds.
    assertThat(agentTicks() - before).isLessThanOrEqualTo(3);
  }

  private static long agentTicks() throws IOException {
    long ticks = 0;
    try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
      for (Path task : tasks.toList()) {
        String stat;
        try {
          stat = Files.readString(task.resolve("stat"));
        } catch (IOException e) {
          continue; // The thread has ended.
        }
        if (stat.contains("-tun0)")) {
          String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
          ticks += Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
        }
      }
    }
    return ticks;
  }
}
