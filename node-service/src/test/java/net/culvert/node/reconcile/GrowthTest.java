package net.culvert.node.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import net.culvert.node.reconcile.Tunnelling.Peer;
import net.culvert.node.reconcile.Tunnelling.Tunnel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GrowthTest {

  private static final int CYCLES = 10_000;

  private final Bench bench = new Bench();

  @AfterEach
  void close() {
    bench.close();
  }

  private void put(String name, Object... body) {
    bench.table.accept(bench.table.put(bench.things, name, Literal.of(body), Precondition.NONE));
  }

  private void delete(String name) {
    bench.table.accept(bench.table.delete(new ResourceId("things", name), Precondition.NONE));
  }

  @Test
  void nothingIsLeftOfTenThousandThatCameAndWent() {
    for (int i = 0; i < CYCLES; i++) {
      String name = "a" + i;
      Thing net = Thing.namespace(name);
      if (i % 10 == 0) {
        bench.kernel.failAt(3, FakeKernel.Fault.REFUSED);
      }
      put(name, net, "n", Thing.link(net, "veth0"), "l");
      if (i % 3 == 0) {
        bench.turn();
      }
      delete(name);
      if (i % 2 == 0) {
        bench.turn();
        bench.advance(Duration.ofMillis(1));
      }
      assertThat(bench.schedule.size()).isLessThan(700);
      assertThat(bench.board.size()).isLessThan(700);
      assertThat(bench.table.remembered()).isLessThan(3_000);
    }

    bench.assertClean("after all");
    assertThat(bench.kernel.ours()).isEmpty();
  }

  @Test
  void oneNameWrittenTenThousandTimesIsOneRow() {
    for (int i = 0; i < CYCLES; i++) {
      put("a", Thing.route("r" + i % 7), "r" + i);
      bench.schedule.notice(List.of(new ResourceId("things", "a")), bench.now.get() + i);
      if (i % 5 == 0) {
        bench.turn();
      }
      assertThat(bench.schedule.size()).isLessThanOrEqualTo(1);
      assertThat(bench.table.remembered()).isLessThanOrEqualTo(20);
    }

    bench.assertClean("after all");
    assertThat(bench.kernel.ours()).hasSize(1);
  }

  @Test
  void aTunnelOfManyPeersComesAndGoesAtOnce() throws Exception {
    int peers = 2_000;
    bench.put(bench.tunnelling.tunnels, "tun0", new Tunnel(1472));
    for (int i = 0; i < peers; i++) {
      String prefix = "10." + (i >> 8) + "." + (i & 0xff) + ".0/24";
      bench.table.accept(
          bench.table.put(
              bench.tunnelling.peers, "tun0/p" + i, new Peer(prefix, 1500), Precondition.NONE));
    }
    bench.settle();
    assertThat(bench.kernel.ours()).hasSize(1 + 2 * peers);

    assertThat(bench.delete(bench.tunnelling.tunnels, "tun0")).isTrue();

    assertThat(bench.kernel.ours()).isEmpty();
    bench.assertClean("after the deletion");
  }
}
