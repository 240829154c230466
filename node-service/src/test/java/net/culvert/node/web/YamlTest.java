package net.culvert.node.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import jakarta.validation.Validation;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.culvert.api.topology.Topology;
import net.culvert.node.web.problem.InvalidFieldException;
import net.culvert.node.web.problem.MalformedBodyException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Documents in YAML are those in JSON, within the same bounds. */
class YamlTest {

  private static final String PICTURE =
      """
      namespaces:
        net1: {attachment: {address: 10.1.1.2/24, gateway: 10.1.1.1}}
        "2": {}
      links:
        br0:
          kind: bridge
          addresses: [10.9.0.1/24, "fd00:9::1/64"]
          mtu: 1400
          up: true
      neighbours:
        n: {link: br0, address: 10.9.0.7, linkAddress: 02:00:00:00:00:07}
      tunnels:
        tun0:
          transport: plain
          listen: ["0.0.0.0:7000", "[::]:7000"]
      peers:
        tun0:
          b:
            endpoint: 192.0.2.2:7000
            allowedPrefixes:
              - 10.1.2.0/24
      """;

  private final BodyReader reader =
      new BodyReader(Validation.buildDefaultValidatorFactory().getValidator());
  private final YamlConverter writer = new YamlConverter();

  private Topology read(String yaml) {
    return reader.readYaml(yaml.getBytes(StandardCharsets.UTF_8), Topology.class);
  }

  private List<String> errors(String yaml) {
    InvalidFieldException e = catchThrowableOfType(InvalidFieldException.class, () -> read(yaml));
    assertThat(e).as("refusal of %s", yaml).isNotNull();
    return e.errors().stream().map(each -> each.field() + ": " + each.message()).toList();
  }

  @Test
  void isReadAsTheSameJsonIs() {
    Topology topology = read(PICTURE);
    assertThat(topology.namespaces()).containsOnlyKeys("net1", "2");
    String json =
        """
        {"namespaces":{"net1":{"attachment":{"address":"10.1.1.2/24","gateway":"10.1.1.1"}},"2":{}},
         "links":{"br0":{"kind":"bridge","addresses":["10.9.0.1/24","fd00:9::1/64"],"mtu":1400,"up":true}},
         "neighbours":{"n":{"link":"br0","address":"10.9.0.7","linkAddress":"02:00:00:00:00:07"}},
         "tunnels":{"tun0":{"transport":"plain","listen":["0.0.0.0:7000","[::]:7000"]}},
         "peers":{"tun0":{"b":{"endpoint":"192.0.2.2:7000","allowedPrefixes":["10.1.2.0/24"]}}}}
        """;
    assertThat(topology)
        .isEqualTo(reader.read(json.getBytes(StandardCharsets.UTF_8), Topology.class));
  }

  @Test
  void whatIsWrittenIsReadAgainAndIsTheSameEachTime() {
    Topology topology = read(PICTURE);
    byte[] text = writer.text(topology);
    String words = new String(text, StandardCharsets.UTF_8);
    assertThat(reader.readYaml(text, Topology.class)).isEqualTo(topology);
    assertThat(writer.text(reader.readYaml(text, Topology.class))).isEqualTo(text);
    assertThat(words)
        .startsWith("namespaces:\n")
        .contains("\n  \"2\":")
        .contains("\n      address: 10.1.1.2/24\n")
        .doesNotContain("null");
  }

  @Test
  void mistakesAreNamedByTheirFields() {
    assertThat(
            errors(
                """
                links:
                  b: {kind: 7}
                  c: {kind: bridge, up: yes}
                routes:
                  r: {destination: 10.7.0.1/16, link: b}
                tunels: {}
                """))
        .hasSize(4)
        .anyMatch(each -> each.startsWith("links.b.kind: is the number 7; a string is wanted"))
        .anyMatch(each -> each.startsWith("links.c.up: is a string; true or false is wanted"))
        .anyMatch(each -> each.startsWith("routes.r.destination: "))
        .anyMatch(each -> each.startsWith("tunels: is not a field here"));
  }

  @Test
  void aNameThatStandsTwiceIsNamed() {
    assertThat(
            errors(
                """
                namespaces:
                  net1: {}
                  net2: {}
                  net1: {}
                links:
                  b: {kind: bridge, kind: veth}
                """))
        .containsExactly(
            "namespaces.net1: stands twice in its mapping",
            "links.b.kind: stands twice in its mapping");
  }

  @Test
  void aliasesAndTagsAreNotTaken() {
    assertThat(
            errors(
                """
                namespaces:
                  net1: &one {}
                  net2: *one
                """))
        .anyMatch(each -> each.startsWith("namespaces.net2: is the alias '*one'"));
    assertThat(errors("namespaces: {net1: !!java/object {}}\n"))
        .anyMatch(each -> each.startsWith("namespaces.net1: has the tag"));
  }

  @Test
  void aBombIsRefusedBeforeItGrows() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 30; i++) {
      String item = "*a" + (i - 1);
      bomb.append("a%d: &a%d [%s]\n".formatted(i, i, String.join(", ", List.of(item, item, item))));
    }
    assertThat(errors(bomb.toString())).hasSizeLessThanOrEqualTo(2 * BodyReader.MAX_ERRORS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "# nothing\n",
        "a: [\n",
        "a: 'b\n",
        "\tnamespaces: {}\n",
        "namespaces: {}\n---\nlinks: {}\n",
        "a: b: c\n",
        "%YAML 3\n"
      })
  void whatIsNoDocumentIsRefused(String yaml) {
    assertThatThrownBy(() -> read(yaml))
        .isInstanceOf(MalformedBodyException.class)
        .hasMessageStartingWith("The body ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]\n", "net1\n", "7\n", "null\n", "---\n"})
  void whatIsNoMappingIsRefused(String yaml) {
    assertThat(errors(yaml)).singleElement().asString().endsWith("; an object is wanted");
  }

  @Test
  void depthIsBounded() {
    String deep = "[".repeat(10_000);
    assertThatThrownBy(() -> read("a: " + deep)).isInstanceOf(MalformedBodyException.class);
    assertThatThrownBy(() -> read("a: " + "{b: ".repeat(10_000)))
        .isInstanceOf(MalformedBodyException.class);
  }

  @Test
  void aLargeDocumentIsReadWhole() {
    Map<String, Object> namespaces = new TreeMap<>();
    StringBuilder yaml = new StringBuilder("namespaces:\n");
    while (yaml.length() < 4_000_000) {
      String name = "a-name-of-some-length-that-fills-the-document-" + namespaces.size();
      namespaces.put(name, name);
      yaml.append("  ").append(name).append(": {}\n");
    }
    assertThat(read(yaml.toString()).namespaces()).hasSameSizeAs(namespaces);
  }
}
