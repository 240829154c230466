package net.culvert.node.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import net.culvert.node.testing.RequiresRoot;
import net.culvert.node.testing.TestSize;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A node is killed at random instants while several clients write. After each start it holds every
 * answered write, and of each client at most the one that was under way; and the kernel holds what
 * these mean and nothing else.
 */
@RequiresRoot
@Tag("lab")
class KillIT {

  private static final int CLIENTS = 3;
  private static final int CI_KILLS = 20;
  private static final int LONG_KILLS = 1_000;
  private static final int MAX_DELAY_MILLIS = 700;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final JsonMapper JSON = new JsonMapper();

  private final Lab lab = new Lab();
  private final List<Client> clients = new ArrayList<>();

  /** A client with resources of its own, which knows what it was answered. */
  private final class Client implements Runnable {
    private final int number;
    private final Random random;
    private final String net = lab.namespaceName();
    private final Map<String, String> answered = new TreeMap<>();
    private @Nullable String path;
    private @Nullable String body;
    private @Nullable Throwable failure;
    private LabNode node;
    private AtomicInteger answers = new AtomicInteger();

    Client(int number, long seed, LabNode node) {
      this.number = number;
      this.random = new Random(seed + number);
      this.node = node;
    }

    void begin(LabNode target, AtomicInteger count) {
      node = target;
      answers = count;
      path = null;
      body = null;
    }

    /** Writes until the node is gone. */
    @Override
    public void run() {
      try {
        while (true) {
          choose();
          String method = body == null ? "DELETE" : "PUT";
          HttpResponse<String> answer =
              node.http(method, "/api/v1/" + path, body == null ? "" : body);
          took(answer);
          answers.incrementAndGet();
        }
      } catch (UncheckedIOException e) {
        // Killed: what became of the last one shows at the next start.
      } catch (Throwable t) {
        failure = t;
      }
    }

    private void choose() {
      int variant = random.nextInt(3);
      String tunnel = "kt" + number;
      switch (random.nextInt(7)) {
        case 0 -> {
          path = "namespaces/" + net;
          body =
              "{\"attachment\":{\"address\":\"10.%d.%d.2/24\",\"gateway\":\"10.%d.%d.1\",\"hostLink\":\"kh%d\",\"proxyArp\":%b}}"
                  .formatted(40 + number, variant, 40 + number, variant, number, variant == 0);
        }
        case 1 -> {
          path = "links/kb" + number;
          body =
              "{\"kind\":\"bridge\",\"addresses\":[\"10.%d.9.1/24\"],\"mtu\":%d,\"proxyArp\":%b}"
                  .formatted(50 + number, 1400 + variant, variant == 0);
        }
        case 2 -> {
          path = "links/kv" + number;
          body =
              "{\"kind\":\"veth\",\"mtu\":%d,\"peer\":{\"name\":\"kw%d\"}}"
                  .formatted(1400 + variant, number);
        }
        case 3 -> {
          path = "tunnels/" + tunnel;
          body =
              "{\"transport\":\"plain\",\"listen\":[\"127.0.0.1:%d\"]}"
                  .formatted(7100 + 10 * number + variant);
        }
        case 4 -> {
          path = "routes/kr" + number;
          body =
              "{\"destination\":\"10.%d.0.0/16\",\"link\":\"kb%d\"}"
                  .formatted(100 + 10 * number + variant, number);
        }
        case 5 -> {
          path = "neighbours/kn" + number;
          body =
              "{\"link\":\"kb%d\",\"address\":\"10.%d.9.%d\"%s}"
                  .formatted(
                      number,
                      50 + number,
                      10 + variant,
                      variant == 0 ? "" : ",\"linkAddress\":\"02:00:00:00:00:01\"");
        }
        default -> {
          path = "tunnels/" + tunnel + "/peers/p";
          body =
              "{\"endpoint\":\"127.0.0.1:%d\",\"allowedPrefixes\":[\"10.%d.0.0/16\"]}"
                  .formatted(9_000 + number, 60 + 10 * number + variant);
        }
      }
      if (random.nextInt(4) == 0) {
        body = null;
      }
    }

    private void took(HttpResponse<String> answer) {
      int status = answer.statusCode();
      String at = String.valueOf(path);
      String told = number + ": " + body + " to " + at + ": " + answer.body();
      if (body == null) {
        assertThat(status).as(told).isIn(202, 204, 404, 409);
        if (status == 409) {
          // The link of a route or a neighbour.
          assertThat(at).as(told).isEqualTo("links/kb" + number);
        } else if (status != 404) {
          forget(at);
        }
      } else if (status == 409) {
        // A route or a neighbour without its link.
        assertThat(answered).as(told).doesNotContainKey("links/kb" + number);
        assertThat(at).as(told).containsAnyOf("routes/", "neighbours/");
      } else if (status == 404) {
        // A peer without its tunnel.
        assertThat(answered).as(told).doesNotContainKey(at);
      } else {
        assertThat(status).as(told).isIn(200, 201, 202);
        answered.put(at, body);
      }
      path = null;
    }

    private void forget(String at) {
      answered.remove(at);
      answered.keySet().removeIf(each -> each.startsWith(at + "/"));
    }

    /** The write that was under way was kept, or was not. */
    void adopt(Map<String, JsonNode> kept) {
      if (failure != null) {
        throw new AssertionError("client " + number, failure);
      }
      String at = path;
      if (at == null) {
        return;
      }
      JsonNode now = kept.get(at);
      if (body == null && now == null) {
        forget(at);
      } else if (body != null && now != null && holds(now, body)) {
        answered.put(at, body);
      }
      path = null;
    }
  }

  private static boolean holds(JsonNode resource, String body) {
    return includes(resource, JSON.readTree(body));
  }

  private static boolean includes(JsonNode whole, JsonNode part) {
    if (!part.isObject()) {
      return whole.equals(part);
    }
    return part.properties().stream()
        .allMatch(each -> {
          JsonNode there = whole.get(each.getKey());
          return there != null && includes(there, each.getValue());
        });
  }

  @Test
  void everyAnsweredWriteOutlivesTheKill() throws Exception {
    long seed = TestSize.seed(KillIT.class);
    Random random = new Random(seed);
    int kills = TestSize.cases(CI_KILLS, LONG_KILLS);
    try (lab) {
      SortedSet<String> empty = lab.a().kernel().inventory();
      LabNode node = lab.start(lab.a()).awaitReady();
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(new Client(i, seed, node));
      }
      int writes = 0;
      for (int kill = 0; kill < kills; kill++) {
        AtomicInteger answers = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (Client client : clients) {
          client.begin(node, answers);
          threads.add(Thread.ofPlatform().name("client").daemon().start(client));
        }
        await().atMost(PATIENCE).until(() -> answers.get() > 0);
        long until = System.nanoTime() + random.nextInt(MAX_DELAY_MILLIS) * 1_000_000L;
        while (System.nanoTime() < until) {
          Thread.onSpinWait();
        }
        node.kill();
        for (Thread thread : threads) {
          thread.join();
        }
        writes += answers.get();
        node = lab.start(lab.a()).awaitReady();
        check(node, "kill " + kill + ", seed " + seed);
      }
      assertThat(writes).isGreaterThan(kills);
      for (Client client : clients) {
        for (String path : new TreeSet<>(client.answered.keySet()).descendingSet()) {
          assertThat(node.http("DELETE", "/api/v1/" + path, "").statusCode())
              .as(path)
              .isEqualTo(204);
        }
        assertThat(Path.of("/run/netns", client.net)).doesNotExist();
      }
      assertThat(lab.a().kernel().inventory()).isEqualTo(empty);
      assertThat(node.log()).doesNotContain("\tat ", " ERROR ");
    }
  }

  private void check(LabNode node, String told) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(resources(node).values())
                .as(told)
                .allMatch(each -> each.path("status").path("state").asString().equals("APPLIED")));
    Map<String, JsonNode> kept = resources(node);
    Map<String, String> wished = new TreeMap<>();
    for (Client client : clients) {
      client.adopt(kept);
      wished.putAll(client.answered);
    }
    assertThat(kept.keySet()).as(told).isEqualTo(wished.keySet());
    kept.forEach((path, resource) ->
        assertThat(holds(resource, String.valueOf(wished.get(path))))
            .as(told + ": " + resource)
            .isTrue());
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> {
          assertThat(ours(node)).as(told).isEqualTo(meant(wished));
          assertThat(marked(node)).as(told).isZero();
        });
  }

  private static Map<String, JsonNode> resources(LabNode node) {
    Map<String, JsonNode> all = new HashMap<>();
    for (String type : List.of("namespaces", "links", "routes", "neighbours", "tunnels")) {
      for (JsonNode each : items(node, type)) {
        String path = type + "/" + each.path("name").asString(each.path("id").asString(""));
        all.put(path, each);
        if (type.equals("tunnels")) {
          for (JsonNode peer : items(node, path + "/peers")) {
            all.put(path + "/peers/" + peer.path("name").asString(), peer);
          }
        }
      }
    }
    return all;
  }

  private static JsonNode items(LabNode node, String path) {
    return JSON.readTree(node.http("GET", "/api/v1/" + path, "").body()).path("items");
  }

  /** What the test's names say of the host: links, addresses, routes, settings and namespaces. */
  private SortedSet<String> ours(LabNode node) {
    SortedSet<String> all = new TreeSet<>();
    for (String line : node.kernel().inventory()) {
      String[] words = line.split(" ");
      if (line.startsWith("link k")) {
        all.add("link " + words[1]);
        if (node.kernel().sysctl("ipv4/conf/" + words[1] + "/proxy_arp").equals("1")) {
          all.add("proxy_arp " + words[1]);
        }
      } else if (line.startsWith("address 10.")) {
        all.add("address " + words[1]);
      } else if (line.startsWith("route -4 10.")
          && (line.contains(" dev kt") || line.contains("protocol 199"))) {
        all.add("route " + words[2]);
      } else if (line.startsWith("neighbour ") || line.startsWith("proxy ")) {
        all.add(words[0] + " " + words[1]);
      }
    }
    for (Client client : clients) {
      if (Files.exists(Path.of("/run/netns", client.net))) {
        all.add("namespace " + client.net);
      }
    }
    return all;
  }

  /** The same, worked out of the bodies. */
  private static SortedSet<String> meant(Map<String, String> wished) {
    SortedSet<String> all = new TreeSet<>();
    wished.forEach((path, text) -> {
      JsonNode body = JSON.readTree(text);
      String name = path.substring(path.indexOf('/') + 1);
      if (path.startsWith("namespaces/")) {
        JsonNode attachment = body.path("attachment");
        String host = attachment.path("hostLink").asString();
        all.add("namespace " + name);
        all.add("link " + host);
        all.add("address " + attachment.path("gateway").asString() + "/24");
        if (attachment.path("proxyArp").asBoolean()) {
          all.add("proxy_arp " + host);
        }
      } else if (path.startsWith("links/")) {
        all.add("link " + name);
        if (body.has("peer")) {
          all.add("link " + body.path("peer").path("name").asString());
        }
        body.path("addresses").forEach(each -> all.add("address " + each.asString()));
        if (body.path("proxyArp").asBoolean()) {
          all.add("proxy_arp " + name);
        }
      } else if (path.startsWith("routes/")) {
        all.add("route " + body.path("destination").asString());
      } else if (path.startsWith("neighbours/")) {
        all.add(
            (body.has("linkAddress") ? "neighbour " : "proxy ") + body.path("address").asString());
      } else if (path.endsWith("/peers/p")) {
        body.path("allowedPrefixes").forEach(each -> all.add("route " + each.asString()));
      } else {
        all.add("link " + name);
      }
    });
    return all;
  }

  /** Links that still have the mark of a making that was cut short, which is their group. */
  private static int marked(LabNode node) {
    return (int)
        node.host()
            .run("ip", "-o", "link")
            .lines()
            .filter(line -> line.contains(" group ") && !line.contains(" group default"))
            .count();
  }
}
