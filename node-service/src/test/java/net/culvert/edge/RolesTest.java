package net.culvert.edge;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import net.culvert.edge.EdgeServer.Answer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens from their making to their end, and what each role may do, over a real port. */
class RolesTest {

  private static final String TOKENS = "/api/v1/tokens";

  private static EdgeServer server;

  @BeforeAll
  static void start() throws Exception {
    server = EdgeServer.get();
  }

  @AfterEach
  void revokeAll() throws Exception {
    for (String name : new String[] {"t", "u"}) {
      assertThat(server.send(server.request(TOKENS + "/" + name).DELETE()).status()).isIn(204, 404);
    }
  }

  private static Answer put(String name, String body) throws Exception {
    return server.send(
        server
            .request(TOKENS + "/" + name)
            .PUT(BodyPublishers.ofString(body))
            .header("Content-Type", "application/json"));
  }

  private static String made(String name, String body) throws Exception {
    Answer answer = put(name, body);
    assertThat(answer.status()).as(answer.body().toString()).isIn(200, 201);
    return answer.body().path("token").asString("");
  }

  private static int status(String method, String path, String token) throws Exception {
    HttpRequest.Builder request = server.request(path, token);
    if (method.startsWith("P")) {
      request.header("Content-Type", "application/json");
      request.method(method, BodyPublishers.ofString("{}"));
    } else {
      request.method(method, BodyPublishers.noBody());
    }
    return server.send(request).status();
  }

  @Test
  void aTokenIsToldOnceAndListedWithoutItsText() throws Exception {
    Answer answer = put("t", "{\"role\":\"read\",\"expiresAt\":\"2099-12-31T23:59:59+01:00\"}");
    assertThat(answer.status()).isEqualTo(201);
    String text = answer.body().path("token").asString("");
    assertThat(text).hasSize(43);
    assertThat(answer.body().path("configured").asBoolean()).isFalse();

    assertThat(status("GET", "/api/v1/namespaces", text)).isEqualTo(200);
    Answer read = server.send(server.request(TOKENS + "/t"));
    assertThat(read.body().path("role").asString("")).isEqualTo("read");
    assertThat(read.body().path("expiresAt").asString("")).isEqualTo("2099-12-31T22:59:59Z");
    Instant used = Instant.parse(read.body().path("lastUsedAt").asString(""));
    assertThat(Duration.between(used, Instant.now())).isLessThan(Duration.ofMinutes(3));
    assertThat(used.getEpochSecond() % 60).isZero();

    Answer list = server.send(server.request(TOKENS));
    assertThat(list.body().path("items").valueStream().map(each -> each.path("name").asString("")))
        .contains("api-token", "t");
    assertThat(list.response().body()).doesNotContain(text).doesNotContain(EdgeServer.TOKEN);
  }

  @Test
  void aChangeKeepsTheTextUnlessItIsRenewed() throws Exception {
    String text = made("t", "{\"role\":\"read\"}");
    assertThat(made("t", "{\"role\":\"operate\"}")).isEmpty();
    assertThat(status("PUT", "/api/v1/namespaces/roles", text)).isIn(200, 201);

    String renewed = made("t", "{\"role\":\"operate\",\"renew\":true}");
    assertThat(renewed).hasSize(43).isNotEqualTo(text);
    assertThat(status("GET", "/api/v1/namespaces", text)).isEqualTo(401);
    assertThat(status("GET", "/api/v1/namespaces", renewed)).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "GET,    /api/v1/namespaces,                        200, 200, 200",
    "HEAD,   /api/v1/namespaces,                        200, 200, 200",
    "GET,    /actuator/health,                          200, 200, 200",
    "GET,    /actuator/prometheus,                      200, 200, 200",
    "PUT,    /api/v1/namespaces/roles,                  403, 200, 200",
    "POST,   /api/v1/namespaces/roles/ping,             403, 400, 400",
    "DELETE, /api/v1/namespaces/none,                   403, 404, 404",
    "GET,    /api/v1/topology,                          200, 200, 200",
    "GET,    /api/v1/topology?secrets=false,            200, 200, 200",
    "GET,    /api/v1/topology?secrets=true,             403, 403, 200",
    "GET,    /api/v1/topology?secrets=yes,              403, 403, 200",
    "GET,    /api/v1/topology?secrets=1,                403, 403, 200",
    "GET,    /api/v1/topology?secrets=false&secrets=on, 403, 403, 200",
    "GET,    /api/v1/topology?%73ecrets=TRUE,           403, 403, 200",
    "GET,    /api/v1/tokens,                            403, 403, 200",
    "GET,    /api/v1/tokens/api-token,                  403, 403, 200",
    "GET,    /api/v1/%74okens,                          403, 403, 200",
    "GET,    /api/v1/tokens/none,                       403, 403, 404",
    "PUT,    /api/v1/tokens/none,                       403, 403, 400",
    "DELETE, /api/v1/tokens/none,                       403, 403, 404",
    "GET,    /api/v1/audit,                             403, 403, 200",
    "GET,    /api/v1/audi%74,                           403, 403, 200",
  })
  void eachRoleMayDoWhatIsItsOwn(String method, String path, int read, int operate, int admin)
      throws Exception {
    // So that its PUT answers 200 in every order.
    assertThat(status("PUT", "/api/v1/namespaces/roles", EdgeServer.TOKEN)).isIn(200, 201);
    String reader = made("t", "{\"role\":\"read\"}");
    String operator = made("u", "{\"role\":\"operate\"}");
    assertThat(status(method, path, reader)).as("read").isEqualTo(read);
    assertThat(status(method, path, operator)).as("operate").isEqualTo(operate);
    assertThat(status(method, path, EdgeServer.TOKEN)).as("admin").isEqualTo(admin);
  }

  @Test
  void theRefusalNamesTheRoleThatIsNeeded() throws Exception {
    String reader = made("t", "{\"role\":\"read\"}");
    Answer answer = server.send(server.request(TOKENS, reader));
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.body().path("type").asString("")).isEqualTo("urn:culvert:problem:forbidden");
    assertThat(answer.body().path("detail").asString(""))
        .isEqualTo("This needs the role 'admin'; the caller has 'read'.");
  }

  @Test
  void theNodesOwnCannotBeChanged() throws Exception {
    assertThat(put("api-token", "{\"role\":\"read\"}").status()).isEqualTo(409);
    assertThat(server.send(server.request(TOKENS + "/api-token").DELETE()).status()).isEqualTo(409);
    assertThat(
            server
                .send(server.request(TOKENS + "/api-token"))
                .body()
                .path("configured")
                .asBoolean())
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}|role",
        "{\"role\":\"root\"}|role",
        "{\"role\":1}|role",
        "{\"role\":\"read\",\"expiresAt\":\"2020-01-01T00:00:00Z\"}|expiresAt",
        "{\"role\":\"read\",\"expiresAt\":\"tomorrow\"}|expiresAt",
        "{\"role\":\"read\",\"expiresAt\":4102444800}|expiresAt",
        "{\"role\":\"read\",\"expiresAt\":\"2099-01-01T00:00:00\"}|expiresAt",
        "{\"role\":\"read\",\"renew\":\"yes\"}|renew",
        "{\"role\":\"read\",\"token\":\"0123456789abcdef\"}|token",
      })
  void aBadBodyIsNamed(String bodyAndField) throws Exception {
    String[] words = bodyAndField.split("\\|", -1);
    Answer answer = put("t", words[0]);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body().path("errors").path(0).path("field").asString("")).isEqualTo(words[1]);
    assertThat(server.send(server.request(TOKENS + "/t")).status()).isEqualTo(404);
  }

  @Test
  void anExpiredTokenIsRefused() throws Exception {
    String text =
        made("t", "{\"role\":\"read\",\"expiresAt\":\"" + Instant.now().plusMillis(400) + "\"}");
    await()
        .atMost(10, SECONDS)
        .untilAsserted(() -> assertThat(status("GET", "/api/v1/namespaces", text)).isEqualTo(401));
  }

  @Test
  void aRevokedTokenTakesItsStreamsAlong() throws Exception {
    String text = made("t", "{\"role\":\"read\"}");
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(20_000);
      socket
          .getOutputStream()
          .write(
              ("GET /api/v1/tunnels/tun0/packets HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                      + text
                      + "\r\nConnection: close\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      assertThat(lines.readLine()).startsWith("HTTP/1.1 200");
      assertThat(server.send(server.request(TOKENS + "/t").DELETE()).status()).isEqualTo(204);
      List<String> rest = lines.readAllLines();
      assertThat(rest).anyMatch(line -> line.contains("the token was revoked"));
    }
    assertThat(status("GET", "/api/v1/namespaces", text)).isEqualTo(401);
    assertThat(server.send(server.request(TOKENS + "/t").DELETE()).status()).isEqualTo(404);
  }
}
