package net.culvert.node.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import net.culvert.node.reconcile.Tunnelling.Net;
import net.culvert.node.reconcile.Tunnelling.Peer;
import net.culvert.node.reconcile.Tunnelling.Tunnel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The kernel refuses at every call of a request in turn, in each way in which it can: then either
 * the request was done all the same, or everything is as it was before it.
 */
class RefusalAtEveryCallTest {

  private static final Thing NET = Thing.namespace("net1");
  private static final Thing VETH = Thing.link(NET, "veth0");
  private static final Thing ADDRESS = Thing.address(VETH, "10.1.1.2");
  private static final Thing OUTER = Thing.link("net1");
  private static final Thing SETTING = Thing.setting(OUTER, "forwarding");
  private static final Thing BRIDGE = Thing.link("bridge");
  private static final Thing SHARED = Thing.setting(BRIDGE, "forwarding");
  private static final Thing ROUTE = Thing.route("10.1.1.2");

  /** What is there before, and the request. */
  enum Scenario {
    CREATE {
      @Override
      void request(Bench bench) throws Exception {
        bench.put("a", NET, "n", VETH, "l", ADDRESS, "a", OUTER, "l", SETTING, "on", ROUTE, "r");
      }
    },
    REPLACE {
      @Override
      void before(Bench bench) throws Exception {
        bench.put("a", NET, "n", VETH, "l", ADDRESS, "a", OUTER, "l", SETTING, "on");
      }

      @Override
      void request(Bench bench) throws Exception {
        bench.put("a", NET, "n", VETH, "l2", OUTER, "remade", SETTING, "off", ROUTE, "r");
      }
    },
    DELETE {
      @Override
      void before(Bench bench) throws Exception {
        bench.put("b", BRIDGE, "l", SHARED, "on");
        bench.put("a", NET, "n", VETH, "l", ADDRESS, "a", OUTER, "l", ROUTE, "r", SHARED, "on");
      }

      @Override
      void request(Bench bench) throws Exception {
        bench.delete(bench.things, "a");
      }
    },
    CREATE_A_TUNNEL_THAT_OTHERS_FOLLOW {
      @Override
      void before(Bench bench) throws Exception {
        bench.put(bench.tunnelling.nets, "net1", new Net("10.1.1.2"));
        bench.put(bench.tunnelling.nets, "net2", new Net("10.1.1.3"));
      }

      @Override
      void request(Bench bench) throws Exception {
        bench.put(bench.tunnelling.tunnels, "tun0", new Tunnel(1472));
      }
    },
    CREATE_A_PEER {
      @Override
      void before(Bench bench) throws Exception {
        bench.put(bench.tunnelling.nets, "net1", new Net("10.1.1.2"));
        bench.put(bench.tunnelling.tunnels, "tun0", new Tunnel(1472));
      }

      @Override
      void request(Bench bench) throws Exception {
        bench.put(bench.tunnelling.peers, "tun0/b", new Peer("10.1.2.0/24", 1280));
      }
    },
    DELETE_A_TUNNEL_WITH_PEERS {
      @Override
      void before(Bench bench) throws Exception {
        CREATE_A_PEER.before(bench);
        CREATE_A_PEER.request(bench);
        bench.put(bench.tunnelling.peers, "tun0/c", new Peer("10.1.3.0/24", 1400));
      }

      @Override
      void request(Bench bench) throws Exception {
        bench.delete(bench.tunnelling.tunnels, "tun0");
      }
    };

    void before(Bench bench) throws Exception {}

    abstract void request(Bench bench) throws Exception;
  }

  private static Bench prepared(Scenario scenario) throws Exception {
    Bench bench = new Bench();
    bench.kernel.putForeign(Thing.link("foreign"), "l");
    scenario.before(bench);
    bench.settle();
    return bench;
  }

  private static int callsOf(Scenario scenario) throws Exception {
    try (Bench bench = prepared(scenario)) {
      int before = bench.kernel.calls();
      scenario.request(bench);
      bench.settle();
      return bench.kernel.calls() - before;
    }
  }

  private static List<Object> wishes(Bench bench) {
    List<Object> wishes = new ArrayList<>(bench.table.list(bench.things));
    wishes.addAll(bench.table.list(bench.tunnelling.tunnels));
    wishes.addAll(bench.table.list(bench.tunnelling.peers));
    wishes.addAll(bench.table.list(bench.tunnelling.nets));
    return wishes;
  }

  private static void check(Scenario scenario, String told, int[] positions, FakeKernel.Fault fault)
      throws Exception {
    try (Bench bench = prepared(scenario)) {
      List<Object> wishesBefore = wishes(bench);
      Map<ObjectKey, Object> kernelBefore = bench.kernel.ours();
      for (int position : positions) {
        bench.kernel.failAt(position, fault);
      }

      Throwable refusal = catchThrowable(() -> scenario.request(bench));

      if (refusal != null) {
        assertThat(refusal).as(told).isInstanceOf(OperationException.class);
        // Before the answer is given, not some time after.
        assertThat(wishes(bench)).as(told).isEqualTo(wishesBefore);
        if (bench.kernel.pendingFaults() == 0) {
          bench.settle();
        }
        assertThat(bench.kernel.ours()).as(told).isEqualTo(kernelBefore);
      }
      bench.kernel.mendAll();
      bench.assertClean(told);
      assertThat(bench.kernel.foreign()).as(told).containsOnlyKeys("link foreign");
      assertThat(bench.drift).as(told).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Scenario.class)
  void onceAtEveryCall(Scenario scenario) throws Exception {
    int calls = callsOf(scenario);
    assertThat(calls).isGreaterThan(4);
    for (FakeKernel.Fault fault : FakeKernel.Fault.REFUSALS) {
      for (int n = 1; n <= calls; n++) {
        check(scenario, scenario + " " + fault + " at " + n, new int[] {n}, fault);
      }
    }
  }

  /** The calls of the undo come after that which failed: each of them fails once, too. */
  @ParameterizedTest
  @EnumSource(Scenario.class)
  void onceAtEveryCallAndOnceInTheUndo(Scenario scenario) throws Exception {
    int calls = callsOf(scenario);
    for (int n = 1; n <= calls; n++) {
      for (int m = n + 1; m <= n + calls; m++) {
        check(
            scenario,
            scenario + " at " + n + " and " + m,
            new int[] {n, m},
            FakeKernel.Fault.REFUSED);
      }
    }
  }

  @Test
  void leavesADeadKernelWithTheWishesOfBefore() throws Exception {
    for (Scenario scenario : Scenario.values()) {
      try (Bench bench = prepared(scenario)) {
        List<Object> wishesBefore = wishes(bench);
        for (int n = 1; n <= 5_000; n++) {
          bench.kernel.failAt(n, FakeKernel.Fault.REFUSED);
        }
        Future<Scenario> answer =
            bench.start(() -> {
              scenario.request(bench);
              return scenario;
            });
        // The request turns the reconciler itself, until it waits for an undo that cannot be had.
        while (bench.kernel.calls() < 60 || !wishes(bench).equals(wishesBefore)) {
          Thread.onSpinWait();
        }
        bench.kernel.mendAll();
        assertThat(catchThrowable(answer::get))
            .as(scenario.toString())
            .hasCauseInstanceOf(OperationException.class);
        bench.assertClean(scenario.toString());
      }
    }
  }
}
