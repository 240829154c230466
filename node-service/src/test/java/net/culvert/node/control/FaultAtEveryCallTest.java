package net.culvert.node.control;

import static net.culvert.node.control.Call.delete;
import static net.culvert.node.control.Call.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.culvert.node.control.RestNode.Answer;
import net.culvert.node.kernel.abi.Errno;
import net.culvert.node.reconcile.ObjectKey;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every call that a request makes to the kernel is refused once with each error number, before it
 * did its work and after: either all is done, or all is as it was when the answer says no. What is
 * counted is what is wished and every object with its value.
 */
class FaultAtEveryCallTest {

  private static final List<Integer> ERRNOS =
      List.of(
          Errno.EPERM,
          Errno.EEXIST,
          Errno.ENOENT,
          Errno.EBUSY,
          Errno.ENOBUFS,
          Errno.ENOMEM,
          Errno.ENFILE,
          Errno.EINTR);

  private static final int MAX_CALLS = 500;

  private static final String PRIVATE_KEY = "yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=";
  private static final String PUBLIC_KEY = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=";

  private static final Call BRIDGE =
      put("links/cb0", "{\"kind\":\"bridge\",\"addresses\":[\"10.30.0.1/24\"],\"proxyArp\":true}");
  private static final Call NAMESPACE =
      put(
          "namespaces/cn0",
          "{\"attachment\":{\"address\":\"10.20.0.2/24\",\"gateway\":\"10.20.0.1\",\"address6\":\"fd00:1::2/64\",\"gateway6\":\"fd00:1::1\"}}");
  private static final Call BRIDGED =
      put(
          "namespaces/cn0",
          "{\"attachment\":{\"address\":\"10.30.0.2/24\",\"gateway\":\"10.30.0.1\",\"bridge\":\"cb0\"}}");
  private static final Call BARE = put("namespaces/cn0", "{}");
  private static final Call VETH =
      put(
          "links/cv0",
          "{\"kind\":\"veth\",\"mtu\":1400,\"master\":\"cb0\",\"peer\":{\"namespace\":\"cn0\",\"name\":\"cp0\",\"addresses\":[\"10.31.0.2/24\"]}}");
  private static final Call OTHER_PEER =
      put("links/cv0", "{\"kind\":\"veth\",\"peer\":{\"name\":\"cp1\"}}");
  private static final Call MACVLAN = put("links/cm0", "{\"kind\":\"macvlan\",\"parent\":\"cb0\"}");
  private static final Call DUMMY =
      put("links/cd0", "{\"kind\":\"dummy\",\"addresses\":[\"10.32.0.1/32\"]}");
  private static final Call ROUTE =
      put("routes/cr0", "{\"destination\":\"10.50.0.0/24\",\"link\":\"cb0\"}");
  private static final Call NEIGHBOUR =
      put(
          "neighbours/cg0",
          "{\"link\":\"cb0\",\"address\":\"10.60.0.1\",\"linkAddress\":\"02:00:00:00:00:01\"}");
  private static final Call PLAIN =
      put(
          "tunnels/ct0",
          "{\"transport\":\"plain\",\"listen\":[\"127.0.0.1:7100\"],\"addresses\":[\"10.9.0.1/24\"]}");
  private static final Call PEER =
      put(
          "tunnels/ct0/peers/cq0",
          "{\"endpoint\":\"127.0.0.1:9001\",\"allowedPrefixes\":[\"10.70.0.0/16\",\"fd00:70::/64\"]}");
  private static final Call WIREGUARD =
      put(
          "tunnels/ct1",
          "{\"transport\":\"wireguard\",\"listen\":[\"127.0.0.1:7101\"],\"privateKey\":\""
              + PRIVATE_KEY
              + "\"}");
  private static final Call KEYED_PEER =
      put(
          "tunnels/ct1/peers/cq0",
          "{\"publicKey\":\"" + PUBLIC_KEY + "\",\"allowedPrefixes\":[\"10.71.0.0/16\"]}");
  private static final List<Call> ALL =
      List.of(
          BRIDGE,
          NAMESPACE,
          VETH,
          MACVLAN,
          DUMMY,
          ROUTE,
          NEIGHBOUR,
          PLAIN,
          PEER,
          WIREGUARD,
          KEYED_PEER);

  @TempDir static Path state;

  private static MemoryNode node;

  /** What is there before, and a request. */
  record Operation(List<Call> before, Call request) {
    @Override
    public String toString() {
      return request.verb() + " " + request.path() + " after " + before.size() + ", " + hash();
    }

    private String hash() {
      return Integer.toHexString(request.toString().hashCode());
    }
  }

  private static Operation on(Call request, Call... before) {
    return new Operation(List.of(before), request);
  }

  static Stream<Operation> operations() {
    return Stream.of(
        on(NAMESPACE),
        on(BRIDGED, BRIDGE),
        on(NAMESPACE, BRIDGE, BRIDGED),
        on(BARE, NAMESPACE),
        on(delete("namespaces/cn0"), NAMESPACE),
        on(BRIDGE),
        on(put("links/cb0", "{\"kind\":\"dummy\"}"), BRIDGE),
        on(delete("links/cb0"), BRIDGE),
        on(VETH, BRIDGE, BARE),
        on(OTHER_PEER, BRIDGE, BARE, VETH),
        on(delete("links/cv0"), BRIDGE, BARE, VETH),
        on(MACVLAN, BRIDGE),
        on(delete("links/cm0"), BRIDGE, MACVLAN),
        on(DUMMY),
        on(delete("links/cd0"), DUMMY),
        on(ROUTE, BRIDGE),
        on(put("routes/cr0", "{\"destination\":\"10.51.0.0/24\",\"link\":\"cb0\"}"), BRIDGE, ROUTE),
        on(delete("routes/cr0"), BRIDGE, ROUTE),
        on(NEIGHBOUR, BRIDGE),
        on(
            put("neighbours/cg0", "{\"link\":\"cb0\",\"address\":\"10.60.0.1\"}"),
            BRIDGE,
            NEIGHBOUR),
        on(delete("neighbours/cg0"), BRIDGE, NEIGHBOUR),
        on(PLAIN),
        on(PLAIN, NAMESPACE),
        on(put("tunnels/ct0", "{\"transport\":\"plain\",\"mtu\":1300}"), NAMESPACE, PLAIN, PEER),
        on(delete("tunnels/ct0"), NAMESPACE, PLAIN, PEER),
        on(WIREGUARD),
        on(delete("tunnels/ct1"), WIREGUARD, KEYED_PEER),
        on(PEER, PLAIN),
        on(delete("tunnels/ct0/peers/cq0"), PLAIN, PEER),
        on(KEYED_PEER, WIREGUARD),
        on(delete("tunnels/ct1/peers/cq0"), WIREGUARD, KEYED_PEER),
        on(Call.topology(ALL, true)),
        on(Call.topology(List.of(BRIDGE, BRIDGED, ROUTE, PLAIN), true), ALL.toArray(Call[]::new)),
        on(delete(Call.TOPOLOGY), ALL.toArray(Call[]::new)));
  }

  /** What is wished, and what there is. */
  private record Everything(String wished, Map<String, Object> objects) {}

  @BeforeAll
  static void start() {
    node = new MemoryNode(state);
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @ParameterizedTest
  @MethodSource("operations")
  void isDoneOrIsAsItWas(Operation operation) {
    clear();
    ControlModel model = new ControlModel();
    Everything before = make(operation, model);
    String document =
        operation.request().path().equals(Call.TOPOLOGY)
                && operation.request().verb() == Call.Verb.PUT
            ? model.document(operation.request())
            : operation.request().body();
    assertThat(send(operation.request(), document).status()).isBetween(200, 204);
    Everything after = awaitQuiet();
    assertThat(after).isNotEqualTo(before);
    int refused = 0;
    int calls = 1;
    for (boolean happened = true; happened; calls++) {
      assertThat(calls).isLessThan(MAX_CALLS);
      for (int errno : ERRNOS) {
        happened = true;
        for (boolean done : errno == Errno.EBUSY ? List.of(false, true) : List.of(false)) {
          String told =
              "%s: %s %s at call %d"
                  .formatted(operation, Errno.name(errno), done ? "when done" : "", calls);
          Everything now = everything();
          if (!now.equals(before)) {
            clear();
            send(operation);
            awaitEqual(told, before);
          }
          node.kernel().failAt(calls, errno, done);
          Answer answer = send(operation.request(), document);
          happened &= node.kernel().disarm();
          if (answer.status() >= 400) {
            refused++;
            assertThat(answer.status()).as("%s: %s", told, answer.body()).isIn(409, 500, 503);
            assertThat(answer.body()).as(told).contains("\"errno\":\"" + Errno.name(errno));
            // At once: a refusal is answered when nothing is left of the attempt.
            assertThat(everything()).as(told).isEqualTo(before);
          } else {
            awaitEqual(told, after);
          }
        }
      }
    }
    System.out.printf("%s: %d calls, %d refusals%n", operation, calls - 2, refused);
    assertThat(calls).isGreaterThan(3);
    assertThat(refused).isGreaterThan(ERRNOS.size());
  }

  private static Everything make(Operation operation, ControlModel model) {
    send(operation);
    operation.before().forEach(model::take);
    return awaitQuiet();
  }

  private static void send(Operation operation) {
    for (Call call : operation.before()) {
      Answer answer = send(call, call.body());
      assertThat(answer.status()).as("%s: %s", call, answer.body()).isIn(200, 201);
    }
  }

  private static void awaitEqual(String told, Everything expected) {
    if (everything().equals(expected)) {
      return;
    }
    await(told)
        .atMost(Duration.ofSeconds(20))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .untilAsserted(() -> assertThat(everything()).isEqualTo(expected));
  }

  private static Answer send(Call call, String body) {
    return node.call(call.verb().name(), call.path(), body);
  }

  private static void clear() {
    assertThat(node.call("DELETE", Call.TOPOLOGY, "").status()).isEqualTo(204);
    assertThat(node.kernel().objects()).isEmpty();
  }

  private static Everything everything() {
    Map<String, Object> objects = new TreeMap<>();
    for (Map.Entry<ObjectKey, Object> each : node.kernel().objects().entrySet()) {
      objects.put(each.getKey().toString(), each.getValue());
    }
    return new Everything(node.call("GET", "topology?secrets=true", "").body(), objects);
  }

  /** What goes along with a thing comes back a moment later. */
  private static Everything awaitQuiet() {
    List<Everything> seen = new ArrayList<>(List.of(everything()));
    await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(2))
        .until(() -> {
          seen.add(everything());
          return node.kernel().isQuiet() && seen.getLast().equals(seen.get(seen.size() - 2));
        });
    return seen.getLast();
  }
}
