package net.culvert.node.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import net.culvert.node.reconcile.Thing.Value;
import net.culvert.node.reconcile.Tunnelling.Net;
import net.culvert.node.reconcile.Tunnelling.Peer;
import net.culvert.node.reconcile.Tunnelling.Tunnel;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random requests, drift, foreign things, failures and passing time; whenever all has settled, the
 * kernel is what a model of a few maps says that it should be.
 */
class ModelTest {

  private static final int STEPS = 1_500;

  /** What is wished, kept by the simplest means. */
  private final Map<String, Object> model = new TreeMap<>();

  private final List<String> story = new ArrayList<>();

  /** The request that is not answered yet. */
  private @Nullable String inFlight;

  private @Nullable Object bodyInFlight;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 20_261_101, 4_711})
  void theKernelIsWhatTheModelSays(long seed) throws Exception {
    System.out.println("ModelTest seed " + seed);
    Random random = new Random(seed);
    try (Bench bench = new Bench(DesiredStore.inMemory(), Duration.ofMillis(200))) {
      for (int step = 0; step < STEPS; step++) {
        act(random, bench);
        if (random.nextInt(20) == 0) {
          settleAndCheck(bench, "seed " + seed + ", step " + step + ": " + story);
        }
      }
    }
  }

  /**
   * A node that is killed at any call to the kernel finds, when it starts again, every answered
   * write and at most the one that was under way, and leaves nothing of what is not wished.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 20_261_128, 815})
  void whatWasAnsweredOutlivesEveryKill(long seed) throws Exception {
    System.out.println("ModelTest seed " + seed + ", with kills");
    Random random = new Random(seed);
    MapStore store = new MapStore();
    Bench bench = new Bench(store, Duration.ofMillis(200));
    int kills = 0;
    for (int step = 0; step < STEPS; step++) {
      try {
        if (random.nextInt(6) == 0) {
          bench.kernel.failAt(
              1 + random.nextInt(20),
              random.nextBoolean()
                  ? FakeKernel.Fault.KILLED_BEFORE
                  : FakeKernel.Fault.KILLED_AFTER);
        }
        act(random, bench);
        if (random.nextInt(20) == 0) {
          settleAndCheck(bench, "seed " + seed + ", step " + step + ": " + story);
        }
      } catch (FakeKernel.Killed killed) {
        kills++;
        store = store.copy();
        bench.kernel.mendAll();
        bench = bench.restarted(store, Duration.ofMillis(200));
        story.add("killed");
        adopt(bench);
        settleAndCheck(bench, "seed " + seed + ", step " + step + ", killed: " + story);
      }
    }
    bench.close();
    assertThat(kills).isGreaterThan(STEPS / 50);
  }

  /** The write that was under way may be kept, or may not. */
  private void adopt(Bench bench) {
    String path = inFlight;
    inFlight = null;
    if (path == null) {
      return;
    }
    ResourceType<?> type = type(bench, path);
    Object now =
        bench.table.get(type, path.substring(path.indexOf('/') + 1)).map(Wish::body).orElse(null);
    if (bodyInFlight == null && now == null) {
      forget(path);
    } else if (bodyInFlight != null && bodyInFlight.equals(now)) {
      model.put(path, bodyInFlight);
    }
  }

  private void settleAndCheck(Bench bench, String told) {
    bench.kernel.mendAll();
    bench.settle();
    // Drift that no event told of is found by the next full look.
    bench.schedule.resync();
    bench.turn();
    check(bench, told);
    story.clear();
  }

  private void act(Random random, Bench bench) {
    switch (random.nextInt(14)) {
      case 0, 1, 2 -> putThing(random, bench);
      case 3 -> request(bench, "things/t" + random.nextInt(8), null);
      case 4 ->
          request(bench, "tunnels/tun" + random.nextInt(2), new Tunnel(1300 + random.nextInt(5)));
      case 5 -> request(bench, "tunnels/tun" + random.nextInt(2), null);
      case 6, 7 ->
          request(
              bench,
              "peers/tun" + random.nextInt(2) + "/p" + random.nextInt(4),
              random.nextInt(4) == 0
                  ? null
                  : new Peer("prefix" + random.nextInt(6), 1295 + random.nextInt(10)));
      case 8 ->
          request(
              bench,
              "nets/net" + random.nextInt(3),
              random.nextInt(3) == 0 ? null : new Net("address" + random.nextInt(4)));
      case 9 -> drift(random, bench);
      case 10 -> {
        List<FakeKernel.Fault> faults = FakeKernel.Fault.REFUSALS;
        int at = 1 + random.nextInt(12);
        bench.kernel.failAt(at, faults.get(random.nextInt(faults.size())));
        story.add("fault in " + at);
      }
      case 11 -> {
        Thing thing = thing(random);
        bench.kernel.breakThing(thing);
        story.add("broken " + thing);
      }
      case 12 -> {
        bench.tunnelling.egress.set(1290 + random.nextInt(300));
        bench.table.factsChanged();
        story.add("egress " + bench.tunnelling.egress);
      }
      default -> {
        bench.advance(Duration.ofMillis(random.nextInt(2_000)));
        bench.turn();
        story.add("time");
      }
    }
  }

  private static Thing thing(Random random) {
    int n = random.nextInt(4);
    Thing link = Thing.link(Thing.namespace("n" + n), "veth0");
    return switch (random.nextInt(5)) {
      case 0 -> Thing.namespace("n" + n);
      case 1 -> link;
      case 2 -> Thing.address(link, "a" + random.nextInt(2));
      case 3 -> Thing.setting(Thing.link("shared"), "s" + n);
      default -> Thing.route("r" + n);
    };
  }

  private void putThing(Random random, Bench bench) {
    Set<Thing> wished = new HashSet<>();
    Expansion body =
        Literal.body(says -> {
          for (int i = random.nextInt(4); i >= 0; i--) {
            Thing thing = thing(random);
            String text = thing.kind().shareable() ? "on" : "v" + random.nextInt(3);
            for (Thing at = thing; at != null; at = at.within()) {
              if (wished.add(at)) {
                says.object(at, Value.of(at.equals(thing) ? text : "v"));
              }
            }
          }
          if (random.nextBoolean()) {
            says.claim(random.nextInt(5), "a number");
          }
          if (random.nextInt(3) == 0) {
            says.use(thing(random));
          }
        });
    request(bench, "things/t" + random.nextInt(8), body);
  }

  private void drift(Random random, Bench bench) {
    List<ObjectKey> ours = new ArrayList<>(bench.kernel.ours().keySet());
    ours.sort((one, other) -> one.toString().compareTo(other.toString()));
    if (!ours.isEmpty() && ours.get(random.nextInt(ours.size())) instanceof Thing thing) {
      boolean lost = random.nextBoolean();
      if (lost) {
        bench.kernel.lose(thing);
      } else {
        bench.kernel.change(thing, "somebody else's");
      }
      if (random.nextBoolean()) {
        bench.schedule.notice(bench.table.concerned(List.of(thing)), bench.now.get());
      }
      story.add((lost ? "lost " : "changed ") + thing);
    }
  }

  /** One request; what it answers decides what the model takes over. */
  private void request(Bench bench, String path, @Nullable Object body) {
    String name = path.substring(path.indexOf('/') + 1);
    ResourceType<?> type = type(bench, path);
    String outcome;
    inFlight = path;
    bodyInFlight = body;
    try {
      if (body == null) {
        bench.delete(type, name);
        forget(path);
      } else {
        put(bench, type, name, body);
        model.put(path, body);
      }
      outcome = "done";
    } catch (WishRefusedException | OperationException e) {
      outcome = String.valueOf(e.getMessage());
    } catch (Exception e) {
      throw new AssertionError(story.toString(), e);
    }
    inFlight = null;
    story.add((body == null ? "delete " : "put ") + path + ": " + outcome);
  }

  private void forget(String path) {
    model.remove(path);
    String below = "peers/" + path.substring(path.indexOf('/') + 1) + "/";
    model.keySet().removeIf(each -> path.startsWith("tunnels/") && each.startsWith(below));
  }

  @SuppressWarnings("unchecked") // The path says which body goes with which type.
  private static <B> void put(Bench bench, ResourceType<?> type, String name, Object body)
      throws Exception {
    bench.put((ResourceType<B>) type, name, (B) body);
  }

  private static ResourceType<?> type(Bench bench, String path) {
    return switch (path.substring(0, path.indexOf('/'))) {
      case "tunnels" -> bench.tunnelling.tunnels;
      case "peers" -> bench.tunnelling.peers;
      case "nets" -> bench.tunnelling.nets;
      default -> bench.things;
    };
  }

  private void check(Bench bench, String told) {
    bench.assertClean(told);
    Map<String, Object> wishes = new TreeMap<>();
    for (ResourceType<?> type :
        List.of(
            bench.things,
            bench.tunnelling.tunnels,
            bench.tunnelling.peers,
            bench.tunnelling.nets)) {
      for (Wish<?> wish : bench.table.list(type)) {
        wishes.put(wish.id().toString(), wish.body());
      }
    }
    assertThat(wishes).as(told).isEqualTo(model);
    assertThat(withoutAny(bench.kernel.ours())).as(told).isEqualTo(withoutAny(expected(bench)));
  }

  private static Map<ObjectKey, Object> withoutAny(Map<ObjectKey, Object> things) {
    Map<ObjectKey, Object> sure = new HashMap<>(things);
    sure.keySet()
        .removeIf(key ->
            key.toString().startsWith("namespace net")
                || key.toString().startsWith("address address"));
    return sure;
  }

  /** What the model means in the kernel, worked out without the table. */
  private Map<ObjectKey, Object> expected(Bench bench) {
    Map<ObjectKey, Object> expected = new HashMap<>();
    Map<String, Integer> mtus = new HashMap<>();
    model.forEach((path, body) -> {
      if (body instanceof Tunnel tunnel) {
        mtus.put(path.substring(8), Math.min(tunnel.mtu(), bench.tunnelling.egress.get()));
      }
    });
    model.forEach((path, body) -> {
      if (body instanceof Peer peer) {
        mtus.merge(path.substring(6, 10), peer.mtu(), Math::min);
      }
    });
    mtus.forEach((tunnel, mtu) -> expected.put(Tunnelling.device(tunnel), Value.of("mtu " + mtu)));
    int smallest = mtus.values().stream().mapToInt(Integer::intValue).min().orElse(9000);
    model.forEach((path, body) -> {
      if (body instanceof Peer peer) {
        String tunnel = path.substring(6, 10);
        expected.put(
            Thing.route(peer.prefix()), Value.of("by " + tunnel + " " + path.substring(6)));
        expected.put(
            Thing.setting(Tunnelling.device(tunnel), path.substring(6)),
            Value.of("mtu " + mtus.get(tunnel)));
      } else if (body instanceof Net) {
        expected.put(Tunnelling.veth(path.substring(5)), Value.of("mtu " + smallest));
      } else if (body instanceof Expansion things) {
        expected.putAll(things.objects());
      }
    });
    return expected;
  }
}
