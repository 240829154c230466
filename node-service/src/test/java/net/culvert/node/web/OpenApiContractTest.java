package net.culvert.node.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.swagger.v3.core.util.Yaml31;
import jakarta.validation.Validation;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import net.culvert.api.link.LinkSpec;
import net.culvert.api.namespace.NamespaceSpec;
import net.culvert.api.neighbour.NeighbourSpec;
import net.culvert.api.ping.PingRequest;
import net.culvert.api.route.RouteSpec;
import net.culvert.api.token.TokenSpec;
import net.culvert.api.tunnel.PeerSpec;
import net.culvert.api.tunnel.TunnelSpec;
import net.culvert.node.CulvertNode;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The committed description of the API is what the service says of itself. Where it shall change:
 *
 * <pre>
 * ./mvnw -pl node-service -am test -Dtest=OpenApiContractTest \
 *     -Dsurefire.failIfNoSpecifiedTests=false -Dculvert.openapi.update=true
 * </pre>
 */
class OpenApiContractTest {

  private static final Path COMMITTED = Path.of("../control-api/openapi.yaml");

  private static final Map<String, Class<?>> BODIES =
      Map.of(
          "NamespaceSpec", NamespaceSpec.class,
          "LinkSpec", LinkSpec.class,
          "RouteSpec", RouteSpec.class,
          "NeighbourSpec", NeighbourSpec.class,
          "TunnelSpec", TunnelSpec.class,
          "PeerSpec", PeerSpec.class,
          "PingRequest", PingRequest.class,
          "TokenSpec", TokenSpec.class);

  @TempDir static Path state;

  private static String served;
  private static JsonNode api;

  @BeforeAll
  static void ask() throws IOException, InterruptedException {
    try (ConfigurableApplicationContext node =
            new SpringApplicationBuilder(CulvertNode.class)
                .run("--server.port=0", "--culvert.state-directory=" + state);
        HttpClient client = HttpClient.newHttpClient()) {
      Integer port = node.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v3/api-docs.yaml"))
              .timeout(Duration.ofSeconds(60))
              .build();
      byte[] body = client.send(request, BodyHandlers.ofByteArray()).body();
      served = new String(body, StandardCharsets.UTF_8);
    }
    api = Yaml31.mapper().readTree(served);
  }

  @Test
  void isTheCommittedOne() throws IOException {
    if (Boolean.getBoolean("culvert.openapi.update")) {
      Files.writeString(COMMITTED, served);
    }
    assertThat(COMMITTED).exists();
    assertThat(served.lines())
        .as("what the service says, against control-api/openapi.yaml; see this test's comment")
        .containsExactlyElementsOf(Files.readAllLines(COMMITTED));
  }

  /** A page that shows an example shows one that is accepted. */
  @Test
  void everyBodysExampleCanBeRead() {
    BodyReader reader = new BodyReader(Validation.buildDefaultValidatorFactory().getValidator());
    List<String> bodies = new ArrayList<>();
    api.path("components")
        .path("schemas")
        .properties()
        .forEach(each -> {
          if (BODIES.containsKey(each.getKey())) {
            JsonNode example = each.getValue().path("example");
            assertThat(example.isObject()).as("example of %s", each.getKey()).isTrue();
            byte[] text = example.toString().getBytes(StandardCharsets.UTF_8);
            assertThat(reader.read(text, BODIES.get(each.getKey()))).isNotNull();
            bodies.add(each.getKey());
          }
        });
    assertThat(bodies).containsExactlyInAnyOrderElementsOf(BODIES.keySet());
  }

  @Test
  void everyOperationTellsWhatItAnswers() {
    TreeSet<String> names = new TreeSet<>();
    api.path("paths")
        .properties()
        .forEach(path ->
            path.getValue()
                .properties()
                .forEach(operation -> {
                  String name = operation.getKey() + " " + path.getKey();
                  JsonNode said = operation.getValue();
                  assertThat(said.path("summary").asText()).as(name).isNotEmpty();
                  assertThat(said.path("description").asText()).as(name).isNotEmpty();
                  assertThat(said.path("tags").size()).as(name).isEqualTo(1);
                  assertThat(names.add(said.path("operationId").asText()))
                      .as("%s has an id of its own", name)
                      .isTrue();
                  JsonNode responses = said.path("responses");
                  assertThat(responses.has("401")).as(name).isTrue();
                  assertThat(responses.has("default")).as(name).isTrue();
                  assertThat(responses.has("404"))
                      .as("404 of %s", name)
                      .isEqualTo(path.getKey().contains("{"));
                  assertThat(responses.has("413"))
                      .as("413 of %s", name)
                      .isEqualTo(said.has("requestBody"));
                  assertThat(responses.has("201") && responses.has("409"))
                      .as("201 and 409 of %s", name)
                      .isEqualTo(operation.getKey().equals("put"));
                  said.path("parameters")
                      .forEach(parameter -> {
                        if (parameter.path("in").asText().equals("path")) {
                          assertThat(parameter.has("example"))
                              .as("example in the path of %s", name)
                              .isTrue();
                        }
                      });
                }));
    assertThat(names).contains("putNamespace", "putTunnel", "putPeer", "pingNamespace");
  }

  /** Resources stand in the order in which a reader tries them. */
  @Test
  void theOrderIsThatOfTheFirstSteps() {
    List<String> tags = new ArrayList<>();
    api.path("tags").forEach(tag -> tags.add(tag.path("name").asText()));
    assertThat(tags).startsWith("Namespaces", "Tunnels", "Peers").endsWith("Ping", "Node");
  }

  @Test
  void theTokenIsAskedFor() {
    JsonNode scheme = api.path("components").path("securitySchemes").path("token");
    assertThat(scheme.path("type").asText()).isEqualTo("http");
    assertThat(scheme.path("scheme").asText()).isEqualTo("bearer");
    assertThat(api.path("security").path(0).has("token")).isTrue();
  }
}
