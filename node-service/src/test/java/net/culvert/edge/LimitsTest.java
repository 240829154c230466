package net.culvert.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** A node with narrow limits: whoever goes beyond them is told to come later. */
class LimitsTest {

  private static final String TOKEN = "the-token-of-the-limits-tests";
  private static final int MAX_FAILURES = 5;
  private static final int MAX_REQUESTS = 40;

  @TempDir static Path folder;

  private static ConfigurableApplicationContext node;
  private static HttpClient client;

  @BeforeAll
  static void start() {
    node =
        new SpringApplicationBuilder(EdgeApplication.class)
            .run(
                "--server.port=0",
                "--culvert.api.max-failures=" + MAX_FAILURES,
                "--culvert.api.max-requests=" + MAX_REQUESTS,
                "--culvert.api.max-concurrent-requests=1000",
                "--culvert.state-directory=" + folder,
                "--culvert.api.token=" + TOKEN);
    client = HttpClient.newHttpClient();
  }

  @AfterAll
  static void stop() {
    client.close();
    node.close();
  }

  private static HttpRequest request(String path, String token) {
    Integer port = node.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .timeout(Duration.ofSeconds(20))
        .header("Authorization", "Bearer " + token)
        .build();
  }

  private static HttpResponse<String> get(String path, String token) throws Exception {
    return client.send(request(path, token), BodyHandlers.ofString());
  }

  @Test
  void afterTooManyWrongTokensComes429AndOnLoopbackARightOneStillWorks() throws Exception {
    List<Integer> statuses = new ArrayList<>();
    HttpResponse<String> last = get("/api/v1/namespaces", "wrong");
    for (int i = 0; i < 2 * MAX_FAILURES; i++) {
      last = get("/api/v1/namespaces", "wrong-" + i);
      statuses.add(last.statusCode());
    }
    assertThat(statuses).startsWith(401, 401, 401).endsWith(429, 429);
    assertThat(last.body()).contains("urn:culvert:problem:too-many");
    assertThat(Integer.parseInt(last.headers().firstValue("Retry-After").orElse("")))
        .isBetween(1, 60 / MAX_FAILURES);
    assertThat(get("/api/v1/namespaces", TOKEN).statusCode()).isEqualTo(200);
  }

  @Test
  void beyondTheRateComes429AndProbesGoOn() throws Exception {
    // All at once, so that the bucket is not filled again between two on a slow machine.
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    for (int i = 0; i < 10 * MAX_REQUESTS; i++) {
      answers.add(
          client.sendAsync(request("/v3/api-docs/swagger-config", TOKEN), BodyHandlers.ofString()));
    }
    Set<Integer> statuses = new TreeSet<>();
    for (CompletableFuture<HttpResponse<String>> answer : answers) {
      statuses.add(answer.get().statusCode());
    }
    assertThat(statuses).containsExactly(200, 429);
    for (int i = 0; i < 4 * MAX_REQUESTS; i++) {
      assertThat(get("/actuator/health/liveness", TOKEN).statusCode()).isEqualTo(200);
    }
  }
}
