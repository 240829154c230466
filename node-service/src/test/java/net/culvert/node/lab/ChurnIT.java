package net.culvert.node.lab;

import static net.culvert.node.lab.Bodies.link;
import static net.culvert.node.lab.Bodies.name;
import static net.culvert.node.lab.Bodies.peer;
import static net.culvert.node.lab.Bodies.tunnel;
import static net.culvert.node.lab.Bodies.withAddresses;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import net.culvert.node.testing.CountedPackets;
import net.culvert.node.testing.RequiresRoot;
import net.culvert.node.testing.TestSize;
import net.culvert.node.testing.Transfer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Two nodes under full traffic while everything else changes around it, a thousand times a minute.
 *
 * <pre>
 *   net1 ── [a] tun0 ══ TCP as fast as it goes ══ tun0 [b] ── net2
 *           [a] tun1 ══ numbered datagrams ══════ tun1 [b]
 *           [a], [b]: namespaces, links, routes, neighbours, tunnels and peers come, change and go
 * </pre>
 */
@RequiresRoot
@Tag("lab")
class ChurnIT {

  private static final int CI_SECONDS = 60;
  private static final int LONG_SECONDS = 30 * 60;
  private static final int CHANGES_PER_MINUTE = 1_000;
  private static final int FASTEST = 2_000;
  private static final int SLOWEST = 125;
  private static final Duration CALIBRATION = Duration.ofSeconds(3);
  private static final String UDP_A = "10.9.0.1";
  private static final String UDP_B = "10.9.0.2";

  private final Lab lab = new Lab();
  private final String net1 = lab.namespaceName();
  private final String net2 = lab.namespaceName();
  private final LabNode a = lab.start(lab.a());
  private final LabNode b = lab.start(lab.b());

  /** Writes on one node, in a circle that ends where it began. */
  private final class Churn {
    private final LabNode node;
    private final String namespace = lab.namespaceName();
    private final List<String[]> circle = new ArrayList<>();
    private int position;

    Churn(LabNode node) {
      this.node = node;
      put("namespaces/" + namespace, attachment(0));
      put("links/cb0", "{\"kind\":\"bridge\",\"addresses\":[\"10.30.0.1/24\"]}");
      put(
          "links/cv0",
          "{\"kind\":\"veth\",\"peer\":{\"namespace\":\"" + namespace + "\",\"name\":\"cp0\"}}");
      put("routes/cr0", "{\"destination\":\"10.50.0.0/24\",\"link\":\"cb0\"}");
      put("neighbours/cg0", "{\"link\":\"cb0\",\"address\":\"10.30.0.9\"}");
      put("tunnels/ct0", "{\"transport\":\"plain\",\"listen\":[\"127.0.0.1:7100\"]}");
      put("tunnels/ct0/peers/cq0", "{\"allowedPrefixes\":[\"10.70.0.0/16\"]}");
      put("tunnels/ct1", "{\"transport\":\"wireguard\",\"listen\":[\"127.0.0.1:7101\"]}");
      put("namespaces/" + namespace, attachment(1));
      put("links/cb0", "{\"kind\":\"bridge\",\"mtu\":1400,\"proxyArp\":true}");
      put("routes/cr0", "{\"destination\":\"10.51.0.0/24\",\"link\":\"cb0\"}");
      put("tunnels/ct0/peers/cq0", "{\"allowedPrefixes\":[\"10.71.0.0/16\"]}");
      put("tunnels/ct0", "{\"transport\":\"plain\",\"listen\":[\"127.0.0.1:7102\"]}");
      for (String path :
          List.of("tunnels/ct1", "tunnels/ct0/peers/cq0", "tunnels/ct0", "neighbours/cg0")) {
        circle.add(new String[] {"DELETE", path, ""});
      }
      for (String path :
          List.of("routes/cr0", "links/cv0", "links/cb0", "namespaces/" + namespace)) {
        circle.add(new String[] {"DELETE", path, ""});
      }
    }

    private static String attachment(int net) {
      return "{\"attachment\":{\"address\":\"10.20.%d.2/24\",\"gateway\":\"10.20.%d.1\"}}"
          .formatted(net, net);
    }

    private void put(String path, String body) {
      circle.add(new String[] {"PUT", path, body});
    }

    /** Ends at the end of the circle after that time; answers how many changes it made. */
    int run(Duration time) {
      long everyNanos = 2 * Duration.ofMinutes(1).toNanos() / CHANGES_PER_MINUTE;
      long begin = System.nanoTime();
      int made = 0;
      while (System.nanoTime() - begin < time.toNanos() || position != 0) {
        long early = begin + made * everyNanos - System.nanoTime();
        if (early > 0 && System.nanoTime() - begin < time.toNanos()) {
          LockSupport.parkNanos(early);
          continue;
        }
        String[] change = circle.get(position);
        HttpResponse<String> answer = node.http(change[0], "/api/v1/" + change[1], change[2]);
        assertThat(answer.statusCode())
            .as("%s %s: %s", change[0], change[1], answer.body())
            .isIn(200, 201, 202, 204);
        position = (position + 1) % circle.size();
        made++;
      }
      return made;
    }
  }

  @Test
  void nothingGrowsAndNothingElseIsDisturbed() throws Exception {
    int seconds = Math.max(6, TestSize.cases(CI_SECONDS, LONG_SECONDS));
    try (lab;
        ExecutorService threads = Executors.newCachedThreadPool()) {
      new Picture(a.awaitReady(), net1, b.awaitReady(), net2).make();
      makeCounted(a, UDP_A, UDP_B, Lab.UNDERLAY_B);
      makeCounted(b, UDP_B, UDP_A, Lab.UNDERLAY_A);
      List<Churn> churns = List.of(new Churn(a), new Churn(b));
      try (Transfer.Running transfer = Transfer.start(net1, net2, Picture.NET2_ADDRESS)) {
        run(churns, Duration.ofSeconds(seconds / 3), threads);
        List<Footprint> before = List.of(Footprint.of(a), Footprint.of(b));
        SortedSet<String> kernelBefore = lab.a().kernel().inventory();
        int rate = rateWithoutLoss();
        long bytesBefore = transfer.receivedBytes();

        int made;
        long sent;
        try (CountedPackets packets = counted(rate)) {
          made = run(churns, Duration.ofSeconds(seconds), threads);
          long lost = packets.end();
          sent = packets.sent();
          assertThat(lost).as("of %d datagrams while %d changes", sent, made).isZero();
        }
        long bytes = transfer.receivedBytes() - bytesBefore;
        assertThat(bytes).isPositive();
        transfer.end();
        assertThat(lab.a().kernel().inventory()).isEqualTo(kernelBefore);
        List<Footprint> after = List.of(Footprint.of(a), Footprint.of(b));
        System.out.printf(
            "%d s: %d changes, %d datagrams at %d a second and none lost, %d MB of TCP%n%s%n%s%n",
            seconds, made, sent, rate, bytes / 1_000_000, before, after);
        for (int i = 0; i < 2; i++) {
          requireNoGrowth(before.get(i), after.get(i));
        }
      }
    }
  }

  private static void makeCounted(LabNode node, String own, String other, String underlay) {
    node.client()
        .tunnels()
        .put(link("tun1"), null, withAddresses(tunnel("0.0.0.0:7001"), own + "/32"));
    node.client()
        .peers()
        .put(link("tun1"), name("other"), null, peer(underlay + ":7001", other + "/32"));
  }

  private static int run(List<Churn> churns, Duration time, ExecutorService threads)
      throws Exception {
    List<Future<Integer>> running = new ArrayList<>();
    churns.forEach(churn -> running.add(threads.submit(() -> churn.run(time))));
    int made = 0;
    for (Future<Integer> each : running) {
      made += each.get();
    }
    return made;
  }

  private CountedPackets counted(int rate) {
    return new CountedPackets(lab.a().namespace().name(), lab.b().namespace().name(), UDP_B, rate);
  }

  /** What this machine carries beside the transfer while nothing changes. */
  private int rateWithoutLoss() {
    for (int rate = FASTEST; rate >= SLOWEST; rate /= 2) {
      try (CountedPackets packets = counted(rate)) {
        long until = System.nanoTime() + CALIBRATION.toNanos();
        while (System.nanoTime() < until) {
          LockSupport.parkNanos(until - System.nanoTime());
        }
        if (packets.end() == 0) {
          return rate;
        }
      }
    }
    throw new AssertionError("this machine loses datagrams even at " + SLOWEST + " a second");
  }

  /** Room is left for what a JVM compiles and keeps on its way, and for one idle connection. */
  private static void requireNoGrowth(Footprint before, Footprint after) {
    String told = before + " became " + after;
    assertThat(after.links()).as(told).isEqualTo(before.links());
    assertThat(after.namespaces()).as(told).isEqualTo(before.namespaces());
    assertThat(after.descriptors()).as(told).isLessThanOrEqualTo(before.descriptors() + 4);
    assertThat(after.threads()).as(told).isLessThanOrEqualTo(before.threads() + 4);
    assertThat(after.heapBytes()).as(told).isLessThan(before.heapBytes() + (8 << 20));
    assertThat(after.residentKilobytes())
        .as(told)
        .isLessThan(before.residentKilobytes() * 5 / 4 + (16 << 10));
  }
}
