package net.culvert.node.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.Objects;
import java.util.SortedSet;
import net.culvert.node.testing.RequiresRoot;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole wish as one document: taken whole, or not at all. */
@RequiresRoot
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TopologyIT {

  private static final String PATH = "/api/v1/topology";
  private static final JsonMapper JSON = new JsonMapper();

  private final Lab lab = new Lab();
  private final String net1 = lab.namespaceName();
  private final String net2 = lab.namespaceName();
  private final LabNode node = lab.start(lab.a());
  private SortedSet<String> empty = new java.util.TreeSet<>();

  @BeforeAll
  void start() {
    node.awaitReady();
    empty = node.kernel().inventory();
  }

  @AfterEach
  void nothingIsLeft() {
    assertThat(node.http("DELETE", PATH, "").statusCode()).isEqualTo(204);
    assertThat(node.kernel().inventory()).isEqualTo(empty);
    assertThat(lab.a().inside().run("ip", "netns")).doesNotContain(net1, net2);
  }

  @AfterAll
  void close() {
    lab.close();
  }

  private String picture(String address1, String address2) {
    return """
    {"peers": {"tun0": {"b": {"endpoint": "198.51.100.2:7000", "allowedPrefixes": ["10.1.9.0/24"]}}},
     "tunnels": {"tun0": {"transport": "plain", "listen": ["0.0.0.0:7000"]}},
     "routes": {"r": {"destination": "10.7.0.0/16", "link": "br1"}},
     "links": {"br1": {"kind": "bridge"}},
     "namespaces": {
       "%s": {"attachment": {"address": "%s.2/24", "gateway": "%s.1"}},
       "%s": {"attachment": {"address": "%s.2/24", "gateway": "%s.1"}}}}\
    """
        .formatted(net1, address1, address1, net2, address2, address2);
  }

  private JsonNode put(String body, int status) {
    HttpResponse<String> answer = node.http("PUT", PATH, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    return JSON.readTree(answer.body());
  }

  private String get() {
    return node.http("GET", PATH, "").body();
  }

  @Test
  void isMadeReadChangedAndTakenAgain() {
    put(picture("10.1.1", "10.1.2"), 200);
    assertThat(node.kernel().addresses("br1")).isEmpty();
    assertThat(node.kernel().routes()).anyMatch(line -> line.startsWith("10.1.9.0/24 dev tun0"));
    assertThat(node.kernel(net1).addresses("veth0")).containsExactly("10.1.1.2/24");
    SortedSet<String> made = node.kernel().inventory();
    String document = get();

    // What was read is what is taken, and it changes nothing.
    assertThat(put(document, 200)).isEqualTo(JSON.readTree(document));
    assertThat(get()).isEqualTo(document);
    assertThat(node.kernel().inventory()).isEqualTo(made);

    // Two exchange their addresses, which no order of single writes could do.
    put(picture("10.1.2", "10.1.1"), 200);
    assertThat(node.kernel(net1).addresses("veth0")).containsExactly("10.1.2.2/24");
    assertThat(node.kernel(net2).addresses("veth0")).containsExactly("10.1.1.2/24");
  }

  @Test
  void whatIsNotInItIsDeleted() {
    put(picture("10.1.1", "10.1.2"), 200);
    put("{\"links\": {\"br1\": {\"kind\": \"bridge\"}}}", 200);
    assertThat(node.kernel().link("tun0")).isEmpty();
    assertThat(node.kernel().link("br1")).isPresent();
    assertThat(node.http("GET", "/api/v1/namespaces/" + net1, "").statusCode()).isEqualTo(404);
  }

  @Test
  void everyMistakeIsNamedAndNothingIsDone() {
    put(picture("10.1.1", "10.1.2"), 200);
    SortedSet<String> made = node.kernel().inventory();
    String document = get();
    JsonNode problem =
        put(
            """
            {"links": {"a-name-that-is-too-long": {"kind": "bridge"}, "b": {"kind": 7}},
             "routes": {"r": {"destination": "10.7.0.1/16", "link": "br1"}}}\
            """,
            400);
    assertThat(problem.path("errors").findValuesAsString("field"))
        .contains("links.b.kind", "routes.r.destination");
    problem =
        put(
            """
            {"peers": {"tun7": {"p": {"allowedPrefixes": []}}},
             "links": {"a-name-that-is-too-long": {"kind": "bridge"}},
             "namespaces": {"..": {}}}\
            """,
            400);
    assertThat(problem.path("errors").findValuesAsString("field"))
        .containsExactlyInAnyOrder("links.a-name-that-is-too-long", "namespaces...");
    problem = put("{\"peers\": {\"tun7\": {\"p\": {\"allowedPrefixes\": []}}}}", 400);
    assertThat(problem.path("errors").findValuesAsString("field")).containsExactly("peers.tun7.p");
    problem =
        put(
            """
            {"links": {"x": {"kind": "bridge", "addresses": ["10.3.0.1/24"]},
                       "y": {"kind": "bridge", "addresses": ["10.3.0.1/24"]}}}\
            """,
            409);
    assertThat(problem.path("errors").findValuesAsString("field")).hasSize(1);
    assertThat(get()).isEqualTo(document);
    assertThat(node.kernel().inventory()).isEqualTo(made);
  }

  @Test
  void whatTheKernelRefusesUndoesAllOfIt() {
    put(picture("10.1.1", "10.1.2"), 200);
    SortedSet<String> made = node.kernel().inventory();
    String document = get();
    node.host().run("ip", "link", "add", "theirs", "type", "bridge");
    try {
      JsonNode problem =
          put(
              "{\"links\": {\"first\": {\"kind\": \"bridge\"}, \"theirs\": {\"kind\": \"bridge\"}}}",
              409);
      assertThat(problem.path("detail").asString()).contains("theirs");
    } finally {
      node.host().run("ip", "link", "del", "theirs");
    }
    assertThat(get()).isEqualTo(document);
    assertThat(node.kernel().inventory()).isEqualTo(made);
  }

  private String publicKey() {
    return String.valueOf(
        Objects.requireNonNull(node.client().tunnels().get(Bodies.link("wg0")).getBody())
            .publicKey());
  }

  @Test
  void secretsAreToldOnRequestAloneAndKeptOtherwise() {
    put("{\"tunnels\": {\"wg0\": {\"transport\": \"wireguard\"}}}", 200);
    String publicKey = publicKey();
    String document = get();
    assertThat(document).doesNotContain("privateKey");
    String whole = node.http("GET", PATH + "?secrets=true", "").body();
    assertThat(whole).contains("\"privateKey\"");
    put(document, 200);
    assertThat(publicKey()).isEqualTo(publicKey);
    assertThat(node.http("DELETE", PATH, "").statusCode()).isEqualTo(204);
    put(whole, 200);
    assertThat(publicKey()).isEqualTo(publicKey);
  }
}
