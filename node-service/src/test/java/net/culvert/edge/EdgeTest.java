package net.culvert.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.culvert.edge.EdgeServer.Answer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a caller meets before any feature: over a real port, because the container answers too. */
class EdgeTest {

  private static final String NAMESPACES = "/api/v1/namespaces/";

  private static EdgeServer server;

  @BeforeAll
  static void start() throws IOException {
    server = EdgeServer.get();
  }

  private static HttpRequest.Builder put(String path, String body) {
    return server
        .request(path)
        .PUT(BodyPublishers.ofString(body))
        .header("Content-Type", "application/json");
  }

  /** Status, type and form of a problem, and its offending fields. */
  private static List<String> problem(Answer answer, int status, String type) {
    assertThat(answer.status()).as("status of %s", answer.body()).isEqualTo(status);
    assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(answer.body().path("type").asString("")).isEqualTo("urn:culvert:problem:" + type);
    assertThat(answer.body().path("status").asInt(0)).isEqualTo(status);
    assertThat(answer.body().path("title").asString("")).isNotEmpty();
    assertThat(answer.body().path("detail").asString("")).isNotEmpty();
    assertThat(answer.body().path("instance").asString(""))
        .isEqualTo(answer.response().uri().getRawPath());
    List<String> fields = new ArrayList<>();
    answer.body().path("errors").forEach(each -> fields.add(each.path("field").asString("")));
    return fields;
  }

  @Test
  void createsReplacesReadsAndDeletes() throws Exception {
    Answer created = server.send(put(NAMESPACES + "life", "{}"));
    assertThat(created.status()).isEqualTo(201);
    String etag = String.valueOf(created.header("ETag"));
    assertThat(etag).isEqualTo("\"" + created.body().path("revision").asLong() + "\"");

    Answer stale = server.send(put(NAMESPACES + "life", "{}").header("If-Match", "\"999999\""));
    assertThat(problem(stale, 412, "stale")).isEmpty();
    Answer there = server.send(put(NAMESPACES + "life", "{}").header("If-None-Match", "*"));
    problem(there, 412, "stale");
    Answer replaced = server.send(put(NAMESPACES + "life", "{}").header("If-Match", etag));
    assertThat(replaced.status()).isEqualTo(200);

    String current = String.valueOf(replaced.header("ETag"));
    Answer same = server.send(server.request(NAMESPACES + "life").header("If-None-Match", current));
    assertThat(same.status()).isEqualTo(304);
    assertThat(same.header("ETag")).isEqualTo(current);
    Answer changed = server.send(server.request(NAMESPACES + "life").header("If-None-Match", etag));
    assertThat(changed.status()).isEqualTo(200);

    assertThat(server.send(server.request(NAMESPACES + "life").DELETE()).status()).isEqualTo(204);
    problem(server.send(server.request(NAMESPACES + "life")), 404, "absent");
    problem(server.send(server.request(NAMESPACES + "life").DELETE()), 404, "absent");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a%2Fb",
        "a%2fb",
        "%2e%2e%2f%2e%2e",
        "a%5Cb",
        "a%00b",
        "%00",
        "..",
        "%2e%2e",
        ".",
        "%2e",
        "a%20b",
        "%20",
        "a%0ab",
        "a%zzb",
        "a%",
        "a%3bb",
        "%c3%a4",
        "%ff",
        "%c0%af",
        "a+b",
        "a:b",
        "a@b",
        "a-name-of-sixty-four-bytes-and-not-one-less-than-that-is-too-long",
      })
  void aBadNameInThePathIsNamed(String name) throws Exception {
    for (String method : new String[] {"GET", "PUT", "DELETE"}) {
      String answer =
          server.raw(
              method
                  + " "
                  + NAMESPACES
                  + name
                  + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                  + EdgeServer.TOKEN
                  + "\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
                  + "Connection: close\r\n\r\n{}");
      assertThat(answer)
          .startsWith("HTTP/1.1 400 ")
          .contains("Content-Type: application/problem+json")
          .contains("\"type\":\"urn:culvert:problem:malformed\"")
          .contains("\"errors\":[{\"field\":\"name\",");
    }
  }

  @Test
  void everyBadNameOfThePathAndEveryBadFieldAreInOneAnswer() throws Exception {
    Answer answer =
        server.send(
            put(
                "/api/v1/tunnels/a-device-of-16-b/peers/c%2fd",
                "{\"endpoint\":\"192.0.2.2:0\",\"x\":1}"));
    assertThat(problem(answer, 400, "malformed"))
        .containsExactly("tunnel", "peer", "endpoint", "x", "allowedPrefixes");
  }

  /** What the container refuses by itself is a problem too. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /api/v1/namespaces/a b HTTP/1.1",
        "GET /api/v1/namespaces/a|b HTTP/1.1",
        "GET /api/v1/namespaces/a\u0001b HTTP/1.1",
        "GET /api/v1/namespaces/\u00e4 HTTP/1.1",
        "GET /api/v1/../../../etc/passwd HTTP/1.1",
        "GET /%2e%2e/%2e%2e HTTP/1.1",
        "GET /api/v1/namespaces HTTP/9.9",
        "G<>T /api/v1/namespaces HTTP/1.1",
        "rubbish",
      })
  void aRequestLineThatIsNoneGetsAProblem(String line) throws Exception {
    assertThat(server.raw(line + "\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
        .matches("(?s)HTTP/1.1 (400|501|505) .*")
        .contains("Content-Type: application/problem+json")
        .contains("urn:culvert:problem:");
  }

  @Test
  void tooLongHeadersGetAProblem() throws Exception {
    String long17k = "x".repeat(17_000);
    assertThat(server.raw("GET / HTTP/1.1\r\nHost: localhost\r\nX: " + long17k + "\r\n\r\n"))
        .startsWith("HTTP/1.1 400 ")
        .contains("application/problem+json");
  }

  @Test
  void pathsTakeNoParameters() throws Exception {
    Answer answer = server.send(put(NAMESPACES + "a;b=c", "{}"));
    assertThat(problem(answer, 400, "malformed")).containsExactly("path");
  }

  @Test
  void bodiesNameTheirFields() throws Exception {
    Answer answer =
        server.send(
            put(
                NAMESPACES + "net1",
                "{\"attachment\":{\"address\":\"10.1.1.0/24\",\"mtu\":1},\"x\":0}"));
    assertThat(problem(answer, 400, "malformed"))
        .containsExactly("attachment.address", "x", "attachment.mtu");
  }

  @Test
  void malformedJsonHasLineAndColumn() throws Exception {
    Answer answer = server.send(put(NAMESPACES + "net1", "{\n  \"attachment\": oops}"));
    assertThat(problem(answer, 400, "malformed")).isEmpty();
    assertThat(answer.body().path("detail").asString("")).contains("line 2, column ");
    problem(server.send(put(NAMESPACES + "net1", "")), 400, "malformed");
  }

  @ParameterizedTest
  @CsvSource({
    "text/plain",
    "application/x-www-form-urlencoded",
    "application/yaml",
    "multipart/form-data",
    "application/json;charset=ISO-8859-1",
    "rubbish"
  })
  void anotherContentTypeIs415(String type) throws Exception {
    Answer answer =
        server.send(
            server
                .request(NAMESPACES + "net1")
                .PUT(BodyPublishers.ofString("{}"))
                .header("Content-Type", type));
    problem(answer, 415, "unsupported-media-type");
    assertThat(answer.body().path("detail").asString("")).contains("application/json");
  }

  @Test
  void noContentTypeIs415Too() throws Exception {
    Answer answer =
        server.send(server.request(NAMESPACES + "net1").PUT(BodyPublishers.ofString("{}")));
    problem(answer, 415, "unsupported-media-type");
  }

  @Test
  void anAnswerThatNobodyAcceptsIs406() throws Exception {
    Answer answer = server.send(server.request("/api/v1/namespaces").header("Accept", "image/png"));
    problem(answer, 406, "not-acceptable");
    assertThat(
            server
                .send(put(NAMESPACES + "x y".replace(" ", "%20"), "{}").header("Accept", "a/b"))
                .status())
        .isEqualTo(400);
  }

  @Test
  void anotherMethodIs405() throws Exception {
    Answer answer =
        server.send(server.request("/api/v1/namespaces").POST(BodyPublishers.ofString("{}")));
    problem(answer, 405, "method-not-allowed");
    assertThat(answer.header("Allow")).contains("GET");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/v1/nothing", "/api/v2/namespaces", "/api/v1/namespaces/", "/x"})
  void anotherPathIs404(String path) throws Exception {
    problem(server.send(server.request(path)), 404, "absent");
  }

  @Test
  void aBodyBeyondTheLimitIs413WithOrWithoutALength() throws Exception {
    byte[] big = " ".repeat((1 << 20) + 1).getBytes(StandardCharsets.US_ASCII);
    Answer announced =
        server.send(
            server
                .request(NAMESPACES + "net1")
                .PUT(BodyPublishers.ofByteArray(big))
                .header("Content-Type", "application/json"));
    problem(announced, 413, "too-large");
    assertThat(announced.body().path("detail").asString("")).contains("1048576");
    Answer chunked =
        server.send(
            server
                .request(NAMESPACES + "net1")
                .PUT(BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(big)))
                .header("Content-Type", "application/json"));
    problem(chunked, 413, "too-large");
  }

  @Test
  void aBodyAtTheLimitIsRead() throws Exception {
    String body = "{}" + " ".repeat((1 << 20) - 2);
    assertThat(server.send(put(NAMESPACES + "wide", body)).status()).isEqualTo(201);
  }

  @Test
  void whatFeaturesThrowIsAProblem() throws Exception {
    Answer conflict = server.send(put(NAMESPACES + "taken", "{}"));
    assertThat(problem(conflict, 409, "conflict")).containsExactly("address");

    Answer refused = server.send(put(NAMESPACES + "refused", "{}"));
    problem(refused, 503, "unavailable");
    assertThat(refused.body().path("errno").asString("")).isEqualTo("EOPNOTSUPP");
    assertThat(refused.body().path("call").asString("")).isEqualTo("RTM_NEWLINK");
    assertThat(refused.body().path("sentence").asString("")).isEqualTo("Unknown device type");

    Answer call = server.send(put(NAMESPACES + "call", "{}"));
    problem(call, 503, "unavailable");
    assertThat(call.body().path("errno").asString("")).isEqualTo("EPERM");

    Answer broken = server.send(put(NAMESPACES + "broken", "{}"));
    problem(broken, 500, "internal");
    assertThat(broken.response().body()).doesNotContain("the inside").doesNotContain("Exception");
  }

  @ParameterizedTest
  @ValueSource(strings = {"3", "\"3", "x"})
  void aConditionThatIsNoneNamesItsHeader(String ifMatch) throws Exception {
    Answer answer = server.send(put(NAMESPACES + "net1", "{}").header("If-Match", ifMatch));
    assertThat(problem(answer, 400, "malformed")).containsExactly("If-Match");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "/api/v1/namespaces               | -",
        "/api/v1/namespaces               | Bearer wrong",
        "/api/v1/namespaces               | Bearer",
        "/api/v1/namespaces               | Basic dGhlLXRva2VuLW9mLXRoZS1lZGdlLXRlc3Rz",
        "/api/v1/namespaces               | the-token-of-the-edge-tests",
        "/api/v1/nothing                  | -",
        "/actuator                        | -",
        "/actuator/health                 | -",
        "/actuator/health/tunnels         | -",
        "/actuator/health/readiness/x     | -",
        "/actuator/prometheus             | -",
        "/error                           | -",
        "/swagger-ui/../api/v1/namespaces | -",
        "/swagger-ui/..;/api/v1/namespaces| -",
        "/swagger-ui/%2e%2e/api/v1/x      | -",
        "/v3/api-docs;/api/v1/namespaces  | -",
        "//swagger-ui.html                | -",
      })
  void withoutTheTokenItIs401(String path, @Nullable String authorization) throws Exception {
    String answer =
        server.raw(
            "GET "
                + path
                + " HTTP/1.1\r\nHost: localhost\r\n"
                + (authorization == null ? "" : "Authorization: " + authorization + "\r\n")
                + "Connection: close\r\n\r\n");
    assertThat(answer)
        .startsWith("HTTP/1.1 401 ")
        .contains("WWW-Authenticate: Bearer realm=\"culvert\"")
        .contains("Content-Type: application/problem+json")
        .contains("urn:culvert:problem:unauthorized");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bearer", "BEARER", "Bearer"})
  void theSchemesCaseDoesNotMatter(String scheme) throws Exception {
    String answer =
        server.raw(
            "GET /api/v1/namespaces HTTP/1.1\r\nHost: localhost\r\nAuthorization: "
                + scheme
                + "  "
                + EdgeServer.TOKEN
                + "\r\nConnection: close\r\n\r\n");
    assertThat(answer).startsWith("HTTP/1.1 200 ");
  }

  @ParameterizedTest
  @CsvSource({
    "/actuator/health/liveness, 200",
    "/actuator/health/readiness, 200",
    "/v3/api-docs, 200",
    "/v3/api-docs.yaml, 200",
    "/v3/api-docs/swagger-config, 200",
    "/swagger-ui.html, 302",
    "/swagger-ui/index.html, 200",
    "/swagger-ui/swagger-initializer.js, 200",
    "/swagger-ui/swagger-ui-bundle.js, 200",
    "/, 302",
  })
  void probesAndDocumentationAreOpen(String path, int status) throws Exception {
    String answer =
        server.raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    assertThat(answer.substring(0, 13)).isEqualTo("HTTP/1.1 " + status + " ");
  }

  /** Open to everybody, so they tell nothing but up or down. */
  @Test
  void probesTellNoDetails() throws Exception {
    for (String probe : new String[] {"liveness", "readiness"}) {
      Answer answer = server.send(server.request("/actuator/health/" + probe));
      assertThat(answer.response().body()).isEqualTo("{\"status\":\"UP\"}");
    }
  }

  @Test
  void healthAndMetersNeedTheToken() throws Exception {
    Answer health = server.send(server.request("/actuator/health"));
    assertThat(health.body().path("components").propertyNames())
        .contains("capabilities", "tunnels", "reconcile");
    String meters =
        server.raw(
            "GET /actuator/prometheus HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                + EdgeServer.TOKEN
                + "\r\nConnection: close\r\n\r\n");
    assertThat(meters).startsWith("HTTP/1.1 200 ").contains("jvm_memory_used_bytes");
  }
}
