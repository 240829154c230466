package net.culvert.node.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import net.culvert.node.CulvertNode;
import net.culvert.node.kernel.abi.Errno;
import net.culvert.node.kernel.sys.Syscalls;
import net.culvert.node.testing.FaultInjectingSyscalls;
import net.culvert.node.testing.RequiresRoot;
import net.culvert.node.testing.TestSize;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * A whole node in this process, and the kernel refuses one of its calls in the middle of a request:
 * the first, the second, and so on until there are no more, each with another error number (in the
 * long run with every one). Either the request succeeds nevertheless, or all is as it was before:
 * links, namespaces, addresses, routes, settings, descriptors and the desired table.
 */
@RequiresRoot
@Tag("lab")
class RollbackIT {

  private static final String TOKEN = "token-of-a-test-0123";
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int MAX_CALLS = 3_000;
  private static final Set<String> CHANGING_THREADS = Set.of("reconciler", "netns");

  private static final List<Integer> ERRNOS =
      List.of(
          Errno.ENOMEM,
          Errno.EPERM,
          Errno.EEXIST,
          Errno.ENOENT,
          Errno.EBUSY,
          Errno.ENOBUFS,
          Errno.ENFILE,
          Errno.EINTR);

  private static final String BRIDGE = "{\"kind\": \"bridge\", \"addresses\": [\"10.30.0.1/24\"]}";

  private final Lab lab = new Lab();
  private final FaultInjectingSyscalls faults =
      new FaultInjectingSyscalls(
          Syscalls.real(), thread -> CHANGING_THREADS.contains(thread.getName()));
  private final String net = lab.namespaceName();
  private final HttpClient http = HttpClient.newHttpClient();
  private ConfigurableApplicationContext node;

  @TempDir private Path state;

  @BeforeEach
  void start() {
    BeanPostProcessor between =
        new BeanPostProcessor() {
          @Override
          public Object postProcessAfterInitialization(Object bean, String name) {
            return bean instanceof Syscalls ? faults.syscalls() : bean;
          }
        };
    node =
        lab.a()
            .namespace()
            .call(() ->
                new SpringApplicationBuilder(CulvertNode.class)
                    .initializers(context -> context.getBeanFactory().addBeanPostProcessor(between))
                    .run(
                        "--server.address=" + lab.a().restAddress(),
                        "--server.port=8080",
                        "--culvert.api.allow-plaintext=true",
                        "--culvert.state-directory=" + state,
                        "--culvert.api.token=" + TOKEN,
                        "--culvert.data-plane.rehearsal=0s",
                        "--culvert.reconcile.resync-period=1h"));
  }

  @AfterEach
  void stop() {
    node.close();
    lab.close();
  }

  /** A request, and what must be there before it, as path and body in turn. */
  private record Wish(String path, String body, List<String> before) {
    Wish(String path, String body, String... before) {
      this(path, body, List.of(before));
    }
  }

  private Wish wish(String what) {
    return switch (what) {
      case "namespace" ->
          new Wish(
              "namespaces/" + net,
              """
              {"attachment": {"address": "10.1.1.2/24", "gateway": "10.1.1.1",
                              "address6": "fd00:1::2/64", "gateway6": "fd00:1::1"}}\
              """);
      case "veth" ->
          new Wish(
              "links/cv0",
              """
              {"kind": "veth", "mtu": 1400, "master": "cb0",
               "peer": {"namespace": "%s", "name": "cp0", "addresses": ["10.31.0.2/24"]}}\
              """
                  .formatted(net),
              "links/cb0",
              BRIDGE,
              "namespaces/" + net,
              "{}");
      case "macvlan" ->
          new Wish(
              "links/cm0", "{\"kind\": \"macvlan\", \"parent\": \"cb0\"}", "links/cb0", BRIDGE);
      case "route" ->
          new Wish(
              "routes/cr0",
              "{\"destination\": \"10.50.0.0/24\", \"link\": \"cb0\"}",
              "links/cb0",
              BRIDGE);
      case "neighbour" ->
          new Wish(
              "neighbours/cg0",
              """
              {"link": "cb0", "address": "10.30.0.9", "linkAddress": "02:00:00:00:00:01"}\
              """,
              "links/cb0",
              BRIDGE);
      case "plain" ->
          new Wish(
              "tunnels/tun0",
              """
              {"transport": "plain", "listen": ["0.0.0.0:7000"], "addresses": ["10.9.0.1/24"]}\
              """);
      case "wireguard" ->
          new Wish(
              "tunnels/wg0", "{\"transport\": \"wireguard\", \"listen\": [\"127.0.0.1:7001\"]}");
      case "peer" ->
          new Wish(
              "tunnels/tun0/peers/b",
              """
              {"endpoint": "198.51.100.2:7000", "allowedPrefixes": ["10.1.2.0/24", "fd00:2::/64"]}\
              """,
              "tunnels/tun0",
              "{\"transport\": \"plain\"}");
      default ->
          new Wish(
              "topology",
              """
              {"links": {"cb0": %s, "cv0": {"kind": "veth", "peer": {"name": "cp0"}}},
               "namespaces": {"%s": {"attachment": {"address": "10.30.0.2/24", "bridge": "cb0"}}},
               "routes": {"cr0": {"destination": "10.50.0.0/24", "link": "cv0"}},
               "tunnels": {"tun0": {"transport": "plain"}},
               "peers": {"tun0": {"b": {"allowedPrefixes": ["10.1.2.0/24"]}}}}\
              """
                  .formatted(BRIDGE, net));
    };
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "namespace",
        "veth",
        "macvlan",
        "route",
        "neighbour",
        "plain",
        "wireguard",
        "peer",
        "batch"
      })
  void everyCallIsRefusedOnce(String what) throws Exception {
    Wish wish = wish(what);
    for (int i = 0; i < wish.before().size(); i += 2) {
      assertThat(call("PUT", wish.before().get(i), wish.before().get(i + 1)).statusCode())
          .isEqualTo(201);
    }
    // Once without a fault: what is opened for good is open from then on.
    assertThat(call("PUT", wish.path(), wish.body()).statusCode()).isIn(200, 201);
    awaitQuiet();
    Set<String> with = everything();
    assertThat(call("DELETE", wish.path(), "").statusCode()).isEqualTo(204);
    awaitQuiet();
    Set<String> without = everything();
    assertThat(with).isNotEqualTo(without);
    for (int offset = 0; offset < (TestSize.isLong() ? ERRNOS.size() : 1); offset++) {
      refuse(wish, true, offset, without, with);
      assertThat(call("PUT", wish.path(), wish.body()).statusCode()).isIn(200, 201);
      awaitQuiet();
      refuse(wish, false, offset, with, without);
      assertThat(call("DELETE", wish.path(), "").statusCode()).isEqualTo(204);
      awaitQuiet();
    }
    assertThat(everything()).isEqualTo(without);
  }

  private void refuse(Wish wish, boolean put, int offset, Set<String> before, Set<String> after)
      throws Exception {
    int descriptors = faults.openDescriptors().size();
    int refused = 0;
    int position = 1;
    for (boolean happened = true; happened; position++) {
      assertThat(position).isLessThan(MAX_CALLS);
      int errno = ERRNOS.get((position + offset) % ERRNOS.size());
      String wished = call("GET", "topology", "").body();
      faults.failCall(position, errno);
      HttpResponse<String> answer = send(wish, put);
      happened = faults.hasFailed();
      List<String> calls = faults.calls();
      faults.disarm();
      String told =
          "%s %s, call %d, %s, %s, answer %d: %s"
              .formatted(
                  put ? "PUT" : "DELETE",
                  wish.path(),
                  position,
                  position <= calls.size() ? calls.get(position - 1) : "none",
                  Errno.name(errno),
                  answer.statusCode(),
                  answer.body());
      if (answer.statusCode() >= 400) {
        refused++;
        assertThat(answer.statusCode()).as(told).isIn(409, 500, 503);
        assertThat(answer.body())
            .as(told)
            .contains("urn:culvert:problem:")
            .doesNotContain(":internal");
        assertThat(call("GET", "topology", "").body()).as(told).isEqualTo(wished);
        await(told, before, descriptors);
      } else {
        await(told, after, -1);
        assertThat(send(wish, !put).statusCode()).as(told).isLessThan(300);
        await(told, before, descriptors);
      }
      awaitQuiet();
    }
    System.out.printf(
        "%s %s: %d calls, %d refused%n",
        put ? "PUT" : "DELETE", wish.path(), position - 2, refused);
    assertThat(position).isGreaterThan(3);
    assertThat(refused).isGreaterThan(0);
  }

  private HttpResponse<String> send(Wish wish, boolean put) throws Exception {
    return call(put ? "PUT" : "DELETE", wish.path(), put ? wish.body() : "");
  }

  /**
   * @param descriptors of which there must be so many; negative where that is not asked
   */
  private void await(String told, Set<String> expected, int descriptors) {
    Awaitility.await(told)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(10))
        .pollDelay(Duration.ZERO)
        .untilAsserted(() -> {
          assertThat(everything()).isEqualTo(expected);
          if (descriptors >= 0) {
            assertThat(faults.openDescriptors()).hasSize(descriptors);
          }
        });
  }

  /** What the kernel tells of the last request has been looked at. */
  private void awaitQuiet() {
    Awaitility.await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> {
          int calls = faults.calls().size();
          faults.disarm();
          return calls == 0;
        });
  }

  private Set<String> everything() {
    Set<String> all = new LinkedHashSet<>(lab.a().kernel().inventory());
    // Those that this test made; other tests of the machine come and go.
    String own = "culvert-t-" + ProcessHandle.current().pid() + "-";
    lab.a()
        .inside()
        .run("ip", "netns")
        .lines()
        .filter(name -> name.startsWith(own))
        // Without the number that the kernel gives it, another one each time.
        .map(name -> name.replaceAll(" .*", ""))
        .sorted()
        .forEach(all::add);
    return all;
  }

  private HttpResponse<String> call(String method, String path, String body)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://" + lab.a().restAddress() + ":8080/api/v1/" + path);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .timeout(Duration.ofSeconds(30))
            .header("Authorization", "Bearer " + TOKEN)
            .method(
                method,
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    if (!body.isEmpty()) {
      request.header("Content-Type", "application/json");
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }
}
