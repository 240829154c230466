package net.culvert.node.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import jakarta.validation.Validation;
import jakarta.validation.Validator;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.culvert.api.link.LinkSpec;
import net.culvert.api.namespace.NamespaceSpec;
import net.culvert.api.neighbour.NeighbourSpec;
import net.culvert.api.ping.PingRequest;
import net.culvert.api.route.RouteSpec;
import net.culvert.api.tunnel.PeerSpec;
import net.culvert.api.tunnel.TunnelSpec;
import net.culvert.api.value.Prefix;
import net.culvert.node.web.problem.InvalidFieldException;
import net.culvert.node.web.problem.MalformedBodyException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BodyReaderTest {

  private static final Validator VALIDATOR =
      Validation.buildDefaultValidatorFactory().getValidator();

  private final BodyReader reader = new BodyReader(VALIDATOR);

  private <T> T read(String json, Class<T> type) {
    return reader.read(json.getBytes(StandardCharsets.UTF_8), type);
  }

  private List<String> errors(String json, Class<?> type) {
    InvalidFieldException e =
        catchThrowableOfType(InvalidFieldException.class, () -> read(json, type));
    assertThat(e).as("refusal of %s", json).isNotNull();
    return e.errors().stream().map(each -> each.field() + ": " + each.message()).toList();
  }

  @Test
  void readsWhatIsRight() {
    PeerSpec peer =
        read(
            """
            {"endpoint":"192.0.2.2:7000","allowedPrefixes":["10.1.2.0/24","2001:db8::/32"]}
            """,
            PeerSpec.class);
    assertThat(peer.allowedPrefixes())
        .containsExactly(Prefix.parse("10.1.2.0/24"), Prefix.parse("2001:db8::/32"));
    assertThat(peer.installRoutes()).isNull();
    assertThat(read("{}", NamespaceSpec.class).attachment()).isNull();
    assertThat(read("{\"attachment\":null}", NamespaceSpec.class).attachment()).isNull();
  }

  @Test
  void namesEveryOffendingFieldAtOnce() {
    assertThat(
            errors(
                """
                {"attachment":{"address":"10.1.1.2/33","gateway":"10.1.1","adress6":"fd00::2/64",
                  "link":"a-name-of-16-byt","mtu":"1400","proxyArp":"yes"},"colour":"red"}
                """,
                NamespaceSpec.class))
        .containsExactlyInAnyOrder(
            "attachment.address: a prefix length of 10.1.1.2 is 0 to 32, not 33",
            "attachment.gateway: '10.1.1' is not an IPv4 or IPv6 address",
            "attachment.adress6: is not a field here; there are address, address6, bridge, gateway,"
                + " gateway6, hostLink, link, mtu, proxyArp",
            "attachment.link: a device's name has 1 to 15 bytes, this one has 16",
            "attachment.mtu: is a string; a whole number of 32 bits is wanted",
            "attachment.proxyArp: is a string; true or false is wanted",
            "colour: is not a field here; there are attachment");
  }

  @Test
  void anArraysElementsKeepTheirNumbers() {
    assertThat(
            errors(
                """
                {"allowedPrefixes":["10.1.2.1/24","10.1.3.0/24",7,null,"::ffff:10.0.0.1/128"]}
                """,
                PeerSpec.class))
        .containsExactlyInAnyOrder(
            "allowedPrefixes[0]: 10.1.2.1/24 has host bits set; the prefix is 10.1.2.0/24",
            "allowedPrefixes[2]: is the number 7; a string is wanted",
            "allowedPrefixes[3]: must not be null",
            "allowedPrefixes[4]: ::ffff:10.0.0.1 is an IPv4-mapped IPv6 address; write 10.0.0.1/32");
  }

  @Test
  void constraintsAreCheckedInTheSameAnswer() {
    assertThat(errors("{\"mtu\":67,\"queues\":17,\"listen\":[]}", TunnelSpec.class))
        .containsExactly(
            "listen: size must be between 1 and 16",
            "mtu: must be greater than or equal to 68",
            "queues: must be less than or equal to 16",
            "transport: is required");
    assertThat(errors("{\"linkAddress\":\"AA\",\"link\":5}", NeighbourSpec.class))
        .containsExactly(
            "link: is the number 5; a string is wanted",
            "address: is required",
            "linkAddress: is not six bytes in lower-case hexadecimal, as 02:00:00:00:00:01");
  }

  /** A part that was refused is not also missing. */
  @Test
  void aMistakeIsNamedOnce() {
    assertThat(errors("{\"destination\":\"10.0.0.1/8\"}", RouteSpec.class))
        .containsExactly("destination: 10.0.0.1/8 has host bits set; the prefix is 10.0.0.0/8");
    assertThat(errors("{\"kind\":\"veth\",\"peer\":{\"name\":\"a/b\"}}", LinkSpec.class))
        .containsExactly(
            "peer.name: a device's name is made of A-Z a-z 0-9 . _ -, and has '/' at position 2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"count\":1.5}|count: is the number 1.5; a whole number of 32 bits is wanted",
        "{\"count\":1.0}|count: is the number 1.0; a whole number of 32 bits is wanted",
        "{\"count\":\"\"}|count: is a string; a whole number of 32 bits is wanted",
        "{\"count\":true}|count: is true; a whole number of 32 bits is wanted",
        "{\"count\":[1]}|count: is an array; a whole number of 32 bits is wanted",
        "{\"count\":{}}|count: is an object; a whole number of 32 bits is wanted",
        "{\"count\":99999999999}|count: is the number 99999999999; a whole number of 32 bits is"
            + " wanted",
        "{\"count\":101}|count: must be less than or equal to 100",
        "{\"destination\":5}|destination: is the number 5; a string is wanted",
        "{\"destination\":true}|destination: is true; a string is wanted",
        "{\"destination\":[]}|destination: is an array; a string is wanted",
        "{\"destination\":{}}|destination: is an object; a string is wanted",
        "{\"destination\":{\"low\":1}}|destination: is an object; a string is wanted",
        "{\"destination\":\"\"}|destination: '' is not an IPv4 or IPv6 address",
      })
  void coercesNothing(String json, String error) {
    assertThat(errors(json, PingRequest.class)).contains(error);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"framing\":\"IP\"}|framing: 'IP' is not one of ip, packet-information",
        "{\"framing\":\"\"}|framing: '' is not one of ip, packet-information",
        "{\"framing\":0}|framing: is the number 0; one of ip, packet-information is wanted",
        "{\"framing\":[\"ip\"]}|framing: is an array; one of ip, packet-information is wanted",
        "{\"listen\":\"0.0.0.0:7000\"}|listen: is a string; an array is wanted",
        "{\"listen\":{}}|listen: is an object; an array is wanted",
        "{\"listen\":[\"0.0.0.0:0\"]}|listen[0]: a port is 1 to 65535, not 0",
        "{\"listen\":[\"0.0.0.0:65536\"]}|listen[0]: a port is 1 to 65535, not 65536",
        "{\"addresses\":[\"10.1.1.255/24\"]}|addresses[0]: 10.1.1.255 is the broadcast address of"
            + " 10.1.1.0/24",
        "{\"addresses\":[\"224.0.0.1/24\"]}|addresses[0]: 224.0.0.1 is a multicast address, not one"
            + " of a link",
      })
  void tellsWhatWouldBeRight(String json, String error) {
    assertThat(errors(json, TunnelSpec.class)).contains(error);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "5", "\"text\"", "true", "null"})
  void theBodyIsAnObject(String json) {
    assertThat(errors(json, NamespaceSpec.class))
        .singleElement()
        .asString()
        .startsWith("(body): is ")
        .endsWith("; an object is wanted");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"attachment\":}|line 1, column 15",
        "{\"attachment\":{}|line 1, column 17",
        "{attachment:{}}|line 1, column 2",
        "{\"attachment\":{}} x|line 1, column 19",
        "{} {}|line 1",
        "{\"attachment\":{},\"attachment\":{}}|line 1, column 30",
        "{\"attachment\":{\"mtu\":007}}|line 1",
      })
  void malformedTextHasAPlace(String json, String place) {
    assertThatThrownBy(() -> read(json, NamespaceSpec.class))
        .isInstanceOf(MalformedBodyException.class)
        .hasMessageContaining(place);
  }

  @Test
  void whatIsNoTextAtAllIsRefusedToo() {
    assertThatThrownBy(() -> read("", NamespaceSpec.class))
        .isInstanceOf(MalformedBodyException.class)
        .hasMessageContaining("empty");
    assertThatThrownBy(() ->
            reader.read(new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'}, PeerSpec.class))
        .isInstanceOf(MalformedBodyException.class);
    assertThatThrownBy(() -> read("{\"a\":".repeat(1000), PeerSpec.class))
        .isInstanceOf(MalformedBodyException.class)
        .hasMessageEndingWith("Document nesting depth (33) exceeds the maximum allowed (32)");
    assertThatThrownBy(() -> read("{\"a\":" + "9".repeat(1000) + "}", PeerSpec.class))
        .isInstanceOf(MalformedBodyException.class);
  }

  @Test
  void thereIsABoundOnMistakes() {
    String json =
        IntStream.range(0, 1000)
            .mapToObj(i -> "\"x" + i + "\":1")
            .collect(Collectors.joining(",", "{", "}"));
    assertThat(errors(json, NamespaceSpec.class)).hasSize(BodyReader.MAX_ERRORS);
  }
}
