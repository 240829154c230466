package net.culvert.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import net.culvert.edge.EdgeServer.Answer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What is written down of the calls that pass. */
class AuditTest {

  private static EdgeServer server;

  @BeforeAll
  static void start() throws IOException {
    server = EdgeServer.get();
  }

  private static List<JsonNode> entries(String path) throws Exception {
    Answer answer = server.send(server.request("/api/v1/audit?limit=1000"));
    assertThat(answer.status()).isEqualTo(200);
    return answer
        .body()
        .path("items")
        .valueStream()
        .filter(each -> each.path("path").asString("").equals(path))
        .toList();
  }

  private static Answer put(String path, String body) throws Exception {
    return server.send(
        server
            .request(path)
            .PUT(BodyPublishers.ofString(body))
            .header("Content-Type", "application/json"));
  }

  @Test
  void saysWhoDidWhatAndWhatBecameOfIt() throws Exception {
    String path = "/api/v1/namespaces/audited";
    Answer created = put(path + "?x=secret-in-the-query", "{}");
    assertThat(created.status()).isEqualTo(201);
    assertThat(put(path, "{\"x\":\"secret-in-the-body\"}").status()).isEqualTo(400);
    assertThat(server.send(server.request(path)).status()).isEqualTo(200);
    assertThat(server.send(server.request(path).DELETE()).status()).isEqualTo(204);

    List<JsonNode> entries = entries(path);
    assertThat(entries).hasSize(3);
    JsonNode first = entries.getFirst();
    assertThat(first.path("caller").asString("")).isEqualTo("api-token");
    assertThat(first.path("credential").asString("")).isEqualTo("token");
    assertThat(first.path("role").asString("")).isEqualTo("admin");
    assertThat(first.path("source").asString("")).isEqualTo("127.0.0.1");
    assertThat(first.path("method").asString("")).isEqualTo("PUT");
    assertThat(first.path("status").asInt()).isEqualTo(201);
    assertThat(first.path("revision").asLong()).isEqualTo(created.body().path("revision").asLong());
    assertThat(entries.get(1).path("problem").asString(""))
        .isEqualTo("urn:culvert:problem:malformed");
    assertThat(entries.get(2).path("method").asString("")).isEqualTo("DELETE");

    Path file = server.state().resolve("audit.jsonl");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(Files.readString(file))
        .doesNotContain("secret-in-the")
        .doesNotContain(EdgeServer.TOKEN);
  }

  @Test
  void refusalsAreWrittenWithoutWhatWasShown() throws Exception {
    String path = "/api/v1/namespaces/refused-in-audit";
    assertThat(server.send(server.request(path, "a-wrong-token-in-the-audit")).status())
        .isEqualTo(401);
    JsonNode entry = entries(path).getFirst();
    assertThat(entry.path("status").asInt()).isEqualTo(401);
    assertThat(entry.path("problem").asString("")).isEqualTo("urn:culvert:problem:unauthorized");
    assertThat(entry.has("caller")).isFalse();
    assertThat(Files.readString(server.state().resolve("audit.jsonl")))
        .doesNotContain("a-wrong-token");
  }

  @Test
  void parametersAreChecked() throws Exception {
    for (String query : new String[] {"limit=0", "limit=1001", "limit=x", "since=yesterday"}) {
      Answer answer = server.send(server.request("/api/v1/audit?" + query));
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.body().path("errors").path(0).path("field").asString(""))
          .isEqualTo(query.substring(0, query.indexOf('=')));
    }
    Answer late = server.send(server.request("/api/v1/audit?since=2099-01-01T00:00:00Z"));
    assertThat(late.body().path("items").size()).isZero();
  }
}
