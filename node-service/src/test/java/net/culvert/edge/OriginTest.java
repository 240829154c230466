package net.culvert.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a page of another site can make a browser send. */
class OriginTest {

  private static EdgeServer server;

  @BeforeAll
  static void start() throws IOException {
    server = EdgeServer.get();
  }

  private static String ask(String method, String target, String... headers) throws IOException {
    return server.raw(
        method
            + " "
            + target
            + " HTTP/1.1\r\nAuthorization: Bearer "
            + EdgeServer.TOKEN
            + "\r\nConnection: close\r\n"
            + String.join("\r\n", headers)
            + "\r\n\r\n");
  }

  /** As a browser sends it, without a token. */
  private static String preflight(String origin, String header) throws IOException {
    return server.raw(
        String.join(
            "\r\n",
            "OPTIONS /api/v1/namespaces/x HTTP/1.1",
            "Host: localhost",
            "Origin: " + origin,
            "Access-Control-Request-Method: PUT",
            header,
            "Connection: close",
            "",
            ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "LOCALHOST",
        "localhost.",
        "localhost:8080",
        "127.0.0.1",
        "192.0.2.7:80",
        "[::1]",
        "[2001:db8::1]:8080",
        "edge.example.org",
        "Edge.Example.ORG:1",
      })
  void itsOwnNamesAndAddressesAreAnswered(String host) throws IOException {
    assertThat(ask("GET", "/api/v1/namespaces", "Host: " + host)).startsWith("HTTP/1.1 200 ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"evil.example.org", "localhost.evil.org", "127.0.0.1.evil.org", "xlocalhost"})
  void anotherNameIs421OnEveryPath(String host) throws IOException {
    for (String path :
        new String[] {"/api/v1/namespaces", "/swagger-ui.html", "/actuator/health/liveness"}) {
      assertThat(ask("GET", path, "Host: " + host))
          .startsWith("HTTP/1.1 421 ")
          .contains("urn:culvert:problem:misdirected")
          .contains(host);
    }
    assertThat(ask("GET", "http://" + host + "/api/v1/namespaces", "Host: localhost"))
        .doesNotStartWith("HTTP/1.1 200 ");
  }

  @ParameterizedTest
  @CsvSource({
    "localhost:8080, http://localhost:8080, 200",
    "localhost,      http://localhost,      200",
    "localhost:8080, http://localhost:8081, 403",
    "localhost:8080, https://localhost:8080, 403",
    "localhost:8080, http://localhost,      403",
    "localhost,      http://evil.example.org, 403",
    "localhost,      null,                  403",
    "localhost,      https://console.example.org, 200",
    "localhost,      http://console.example.org, 403",
    "localhost,      https://console.example.org:8443, 403",
  })
  void aPageOfAnotherOriginIsRefused(String host, String origin, int status) throws IOException {
    String answer = ask("GET", "/api/v1/namespaces", "Host: " + host, "Origin: " + origin);
    assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
    if (status == 403) {
      assertThat(answer)
          .contains("urn:culvert:problem:cross-origin")
          .doesNotContain("Access-Control-Allow-Origin");
    }
  }

  @Test
  void thePreflightOfAnAllowedOriginNeedsNoToken() throws IOException {
    String answer =
        preflight(
            "https://console.example.org",
            "Access-Control-Request-Headers: authorization,content-type,if-match");
    assertThat(answer)
        .startsWith("HTTP/1.1 200 ")
        .contains("Access-Control-Allow-Origin: https://console.example.org")
        .contains("PUT");
  }

  @Test
  void thePreflightOfAnotherIsRefused() throws IOException {
    assertThat(preflight("https://evil.example.org", "X: y"))
        .startsWith("HTTP/1.1 403 ")
        .doesNotContain("Access-Control-Allow-Origin");
  }

  @Test
  void everyAnswerTellsABrowserToBeCareful() throws IOException {
    for (String path :
        new String[] {
          "/api/v1/namespaces", "/api/v1/none", "/actuator/health", "/swagger-ui/index.html"
        }) {
      assertThat(ask("GET", path, "Host: localhost"))
          .contains("X-Content-Type-Options: nosniff")
          .contains("Referrer-Policy: no-referrer")
          .contains("frame-ancestors 'none'")
          .doesNotContain("Strict-Transport-Security");
    }
    assertThat(ask("GET", "/api/v1/namespaces", "Host: localhost"))
        .contains("Cache-Control: no-store")
        .contains("Content-Security-Policy: default-src 'none'; frame-ancestors 'none'");
    assertThat(ask("GET", "/swagger-ui/index.html", "Host: localhost"))
        .contains("script-src 'self';");
  }
}
