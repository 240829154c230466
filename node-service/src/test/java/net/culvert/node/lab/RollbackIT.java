package net.culvert.node.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import net.culvert.node.CulvertNode;
import net.culvert.node.kernel.abi.Errno;
import net.culvert.node.kernel.sys.Syscalls;
import net.culvert.node.testing.FaultInjectingSyscalls;
import net.culvert.node.testing.RequiresRoot;
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
 * the first, the second, and so on until there are no more. Either the request succeeds
 * nevertheless, or all is as it was before: links, namespaces, addresses, routes, settings,
 * descriptors and the desired table.
 */
@RequiresRoot
@Tag("lab")
class RollbackIT {

  private static final String TOKEN = "token-of-a-test-0123";
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int MAX_CALLS = 3_000;
  private static final Set<String> CHANGING_THREADS = Set.of("reconciler", "netns");

  private static final String NAMESPACE =
      """
      {"attachment": {"address": "10.1.1.2/24", "gateway": "10.1.1.1",
                      "address6": "fd00:1::2/64", "gateway6": "fd00:1::1"}}\
      """;
  private static final String TUNNEL =
      """
      {"transport": "plain", "listen": ["0.0.0.0:7000"], "addresses": ["10.9.0.1/24"]}\
      """;
  private static final String PEER =
      """
      {"endpoint": "198.51.100.2:7000", "allowedPrefixes": ["10.1.2.0/24", "fd00:2::/64"]}\
      """;

  private final Lab lab = new Lab();
  private final FaultInjectingSyscalls faults =
      new FaultInjectingSyscalls(
          Syscalls.real(), thread -> CHANGING_THREADS.contains(thread.getName()));
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

  @ParameterizedTest
  @ValueSource(ints = {Errno.ENOMEM, Errno.EPERM})
  void aNamespaceWithAnAttachment(int errno) throws Exception {
    everyCallIsRefused("/api/v1/namespaces/" + lab.namespaceName(), NAMESPACE, errno);
  }

  @ParameterizedTest
  @ValueSource(ints = {Errno.ENOMEM, Errno.EPERM})
  void aTunnel(int errno) throws Exception {
    everyCallIsRefused("/api/v1/tunnels/tun0", TUNNEL, errno);
  }

  @ParameterizedTest
  @ValueSource(ints = {Errno.ENOMEM, Errno.EPERM})
  void aPeerWithRoutes(int errno) throws Exception {
    assertThat(call("PUT", "/api/v1/tunnels/tun0", TUNNEL).statusCode()).isEqualTo(201);
    everyCallIsRefused("/api/v1/tunnels/tun0/peers/b", PEER, errno);
  }

  private void everyCallIsRefused(String path, String body, int errno) throws Exception {
    // Once without a fault: what is opened for good is open from then on.
    assertThat(call("PUT", path, body).statusCode()).isEqualTo(201);
    assertThat(call("DELETE", path, "").statusCode()).isEqualTo(204);
    awaitQuiet();
    Set<String> before = everything();
    int descriptors = faults.openDescriptors().size();
    int refused = 0;
    int position = 1;
    for (; position <= MAX_CALLS; position++) {
      faults.failCall(position, errno);
      HttpResponse<String> answer = call("PUT", path, body);
      boolean happened = faults.hasFailed();
      List<String> calls = faults.calls();
      faults.disarm();
      String what =
          "call %d, %s, answer %d: %s"
              .formatted(
                  position,
                  position <= calls.size() ? calls.get(position - 1) : "none",
                  answer.statusCode(),
                  answer.body());
      if (answer.statusCode() == 201) {
        assertThat(call("DELETE", path, "").statusCode()).as(what).isEqualTo(204);
      } else {
        refused++;
        assertThat(answer.statusCode()).as(what).isIn(500, 503);
        assertThat(answer.body()).as(what).contains(errno == Errno.ENOMEM ? "ENOMEM" : "EPERM");
        assertThat(call("GET", path, "").statusCode()).as(what).isEqualTo(404);
      }
      await(what)
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(10))
          .pollDelay(Duration.ZERO)
          .untilAsserted(() -> {
            assertThat(everything()).isEqualTo(before);
            assertThat(faults.openDescriptors()).hasSize(descriptors);
          });
      awaitQuiet();
      if (!happened) {
        break;
      }
    }
    System.out.printf("%s: %d calls, %d refused%n", path, position - 1, refused);
    assertThat(position).isBetween(10, MAX_CALLS);
    assertThat(refused).isGreaterThan(position / 5);
  }

  /** What the kernel tells of the last request has been looked at. */
  private void awaitQuiet() {
    await()
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
    List<String> names = new ArrayList<>(lab.a().inside().run("ip", "netns").lines().toList());
    names.sort(null);
    all.addAll(names);
    return all;
  }

  private HttpResponse<String> call(String method, String path, String body)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://" + lab.a().restAddress() + ":8080" + path);
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
