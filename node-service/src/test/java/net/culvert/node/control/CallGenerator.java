package net.culvert.node.control;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Random calls over few names and values, so that they meet. Names begin with a {@code c}, and
 * addresses are of ranges that a test's own links have none of.
 */
final class CallGenerator {

  static final int MAX_CALLS = 30;

  private static final List<String> KEYS =
      List.of(
          "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=",
          "HIgo9xNzJMWLKASShiTqIybxZ0U3wGLiUeJ1PKf8ykw=");

  private static final List<Call> MALFORMED =
      List.of(
          Call.malformed("links/a-name-that-is-too-long", "{\"kind\":\"bridge\"}"),
          Call.malformed("links/cb0", "{\"kind\":"),
          Call.malformed("links/cb0", "[]"),
          Call.malformed("links/cb0", "{\"kind\":7}"),
          Call.malformed("links/cb0", "{\"kind\":\"spoon\"}"),
          Call.malformed("links/cb0", "{\"kind\":\"bridge\",\"colour\":\"red\"}"),
          Call.malformed("links/cv0", "{\"kind\":\"veth\"}"),
          Call.malformed("links/cv0", "{\"kind\":\"veth\",\"peer\":{\"name\":\"cv0\"}}"),
          Call.malformed("namespaces/cn%200", "{}"),
          Call.malformed("namespaces/cn0", "{\"attachment\":{\"address\":\"10.20.0.2\"}}"),
          Call.malformed(
              "namespaces/cn0",
              "{\"attachment\":{\"address\":\"10.20.0.2/24\",\"gateway\":\"10.21.0.1\"}}"),
          Call.malformed("routes/cr0", "{\"destination\":\"10.50.0.1/24\",\"link\":\"cb0\"}"),
          Call.malformed("routes/cr0", "{\"destination\":\"10.50.0.0/24\"}"),
          Call.malformed("neighbours/cg0", "{\"link\":\"cb0\",\"address\":\"224.0.0.1\"}"),
          Call.malformed("tunnels/ct0", "{\"transport\":\"pigeon\"}"),
          Call.malformed("tunnels/ct0", "{\"transport\":\"plain\",\"listen\":[]}"),
          Call.malformed("tunnels/ct0/peers/cp%2F", "{\"allowedPrefixes\":[]}"),
          Call.malformed("topology", "{\"links\":{\"cb0\":{}}}"),
          Call.malformed("topology", "{\"links\":{\"cb0\":{\"kind\":\"bridge\"}},\"more\":1}"));

  private static final String PLAIN =
      "{\"transport\":\"plain\",\"listen\":[\"127.0.0.1:7100\"],\"mtu\":1300}";

  private final Random random;

  CallGenerator(Random random) {
    this.random = random;
  }

  List<Call> sequence() {
    List<Call> calls = new ArrayList<>();
    // Many short ones and some long ones.
    int count = 1 + random.nextInt(1 + random.nextInt(MAX_CALLS));
    if (random.nextInt(3) > 0) {
      // What others need, so that more of them are taken.
      calls.add(Call.put("links/cb0", "{\"kind\":\"bridge\",\"mtu\":1400}"));
      calls.add(Call.put("tunnels/ct0", PLAIN));
      calls.add(Call.put("namespaces/cn0", "{}"));
    }
    while (calls.size() < count) {
      calls.add(call());
    }
    return calls;
  }

  private Call call() {
    int kind = random.nextInt(100);
    if (kind < 6) {
      return MALFORMED.get(random.nextInt(MALFORMED.size()));
    }
    if (kind < 12) {
      List<Call> changes = new ArrayList<>();
      for (int i = random.nextInt(8); i > 0; i--) {
        changes.add(write());
      }
      return Call.topology(changes, random.nextInt(3) == 0);
    }
    if (kind < 13) {
      return Call.delete(Call.TOPOLOGY);
    }
    Call write = write();
    if (kind < 17) {
      return Call.get(write.path());
    }
    return switch (random.nextInt(10)) {
      case 0 -> write.on(Call.Condition.CURRENT);
      case 1 -> write.on(Call.Condition.STALE);
      default -> write;
    };
  }

  private Call write() {
    Call put =
        switch (random.nextInt(12)) {
          case 0, 1 -> namespace();
          case 2, 3, 4 -> link();
          case 5, 6 -> route();
          case 7 -> neighbour();
          case 8, 9 -> tunnel();
          default -> peer();
        };
    return random.nextInt(4) == 0 ? Call.delete(put.path()) : put;
  }

  private int few(int bound) {
    return random.nextInt(bound);
  }

  private Call namespace() {
    String path = "namespaces/cn" + few(3);
    if (few(4) == 0) {
      return Call.put(path, "{}");
    }
    int net = few(4);
    return Call.put(
        path,
        "{\"attachment\":{\"address\":\"10.20.%d.2/24\",\"gateway\":\"10.20.%d.1\",\"hostLink\":\"ch%d\"%s}}"
            .formatted(net, net, few(3), few(3) == 0 ? ",\"bridge\":\"cb" + few(2) + "\"" : ""));
  }

  private Call link() {
    return switch (few(6)) {
      case 0, 1 ->
          Call.put(
              "links/cb" + few(2),
              "{\"kind\":\"bridge\",\"mtu\":%d,\"addresses\":[%s]%s}"
                  .formatted(
                      1400 + few(2),
                      few(2) == 0 ? "" : "\"10.30." + few(3) + ".1/24\"",
                      few(3) == 0 ? ",\"proxyArp\":true" : ""));
      case 2 -> Call.put("links/" + (few(2) == 0 ? "ch0" : "ct0"), "{\"kind\":\"bridge\"}");
      case 3 ->
          Call.put("links/cm0", "{\"kind\":\"macvlan\",\"parent\":\"cb%d\"}".formatted(few(2)));
      default ->
          Call.put(
              "links/cv" + few(2),
              "{\"kind\":\"veth\"%s,\"peer\":{%s\"name\":\"cp%d\"}}"
                  .formatted(
                      few(3) == 0 ? ",\"master\":\"cb" + few(2) + "\"" : "",
                      few(2) == 0 ? "\"namespace\":\"cn" + few(3) + "\"," : "",
                      few(2)));
    };
  }

  private Call route() {
    if (few(3) == 0) {
      return Call.put(
          "routes/cr" + few(3),
          "{\"namespace\":\"cn%d\",\"destination\":\"10.50.%d.0/24\",\"link\":\"%s\"}"
              .formatted(few(3), few(3), few(2) == 0 ? "veth0" : "cp0"));
    }
    return Call.put(
        "routes/cr" + few(3),
        "{\"destination\":\"10.50.%d.0/24\",\"link\":\"%s\"}"
            .formatted(few(3), List.of("cb0", "cb1", "cv0", "ch0", "ct0").get(few(5))));
  }

  private Call neighbour() {
    return Call.put(
        "neighbours/cg" + few(2),
        "{\"link\":\"%s\",\"address\":\"10.60.0.%d\"%s}"
            .formatted(
                List.of("cb0", "cv0", "ch0").get(few(3)),
                1 + few(2),
                few(2) == 0 ? "" : ",\"linkAddress\":\"02:00:00:00:00:01\""));
  }

  private Call tunnel() {
    return Call.put(
        "tunnels/ct" + few(2),
        "{\"transport\":\"%s\",\"listen\":[\"127.0.0.1:%d\"],\"mtu\":%d}"
            .formatted(few(3) == 0 ? "wireguard" : "plain", 7100 + few(3), 1300 + few(2)));
  }

  private Call peer() {
    return Call.put(
        "tunnels/ct%d/peers/cq%d".formatted(few(2), few(2)),
        "{\"endpoint\":\"127.0.0.1:9001\",\"allowedPrefixes\":[\"10.7%d.0.0/16\"]%s}"
            .formatted(few(3), few(3) == 0 ? ",\"publicKey\":\"" + KEYS.get(few(2)) + "\"" : ""));
  }
}
