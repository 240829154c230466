package net.culvert.api.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {

  @ParameterizedTest
  @CsvSource({
    "192.0.2.2:7000, 192.0.2.2:7000",
    "192.0.2.2:1, 192.0.2.2:1",
    "192.0.2.2:65535, 192.0.2.2:65535",
    "[2001:DB8::0:1]:7000, [2001:db8::1]:7000",
    "Gate.Example:7000, gate.example:7000",
    "gate.example.:7000, gate.example.:7000",
    "a_b-c.example:7000, a_b-c.example:7000",
    "4.gate:7000, 4.gate:7000",
  })
  void hasOneCanonicalText(String text, String canonical) {
    Endpoint endpoint = Endpoint.parse(text);

    assertThat(endpoint).hasToString(canonical).isEqualTo(Endpoint.parse(canonical));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "192.0.2.2 | '192.0.2.2' has no port; write host:port",
        "192.0.2.2:0 | a port is 1 to 65535, not 0",
        "192.0.2.2:65536 | a port is 1 to 65535, not 65536",
        "192.0.2.2: | '' is not a port",
        "192.0.2.2:-1 | '-1' is not a port",
        "192.0.2.2:07000 | '07000' is not a port",
        "192.0.2.2:+7000 | '+7000' is not a port",
        "192.0.2.2:7000x | '7000x' is not a port",
        "192.0.2.2:99999999999 | '99999999999' is not a port",
        "2001:db8::1:7000 | an IPv6 address with a port is written in brackets, as [::1]:7000",
        "[2001:db8::1] | '[2001:db8::1]' is not [IPv6 address]:port",
        "[2001:db8::1]7000 | '[2001:db8::1]7000' is not [IPv6 address]:port",
        "[192.0.2.2]:7000 | brackets are for IPv6; write 192.0.2.2:7000",
        "[fe80::1%eth0]:7000 | 'fe80::1%eth0' is not an IPv4 or IPv6 address",
        "[::ffff:192.0.2.2]:7000 | ::ffff:192.0.2.2 is an IPv4-mapped IPv6 address; write 192.0.2.2",
        "0.0.0.0:7000 | 0.0.0.0 is not the address of one host",
        "[::]:7000 | :: is not the address of one host",
        "255.255.255.255:7000 | 255.255.255.255 is not the address of one host",
        "224.0.0.1:7000 | 224.0.0.1 is not the address of one host",
        "[ff02::1]:7000 | ff02::1 is not the address of one host",
        "192.0.2:7000 | '192.0.2' is not an IPv4 or IPv6 address",
        "192.0.2.256:7000 | '192.0.2.256' is not an IPv4 or IPv6 address",
        ":7000 | '' is neither an address nor a host name",
        "-gate:7000 | '-gate' is neither an address nor a host name",
        "gate..example:7000 | 'gate..example' is neither an address nor a host name",
        "gate/example:7000 | 'gate/example' is neither an address nor a host name",
        "0x7f000001:7000 | '0x7f000001' is neither an address nor a host name",
        "127.0x1:7000 | '127.0x1' is neither an address nor a host name",
        "gate.7:7000 | 'gate.7' is neither an address nor a host name",
        "bücher.example:7000 | 'bücher.example' is neither an address nor a host name",
      })
  void saysWhatIsWrong(String text, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Endpoint.parse(text))
        .withMessage(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gate example", "gate\nexample", "gate\0", " gate"})
  void refusesAHostNameThatCouldBeAnotherLineOrWord(String host) {
    assertThatIllegalArgumentException().isThrownBy(() -> Endpoint.parse(host + ":7000"));
  }

  @Test
  void boundsAHostNameByItsLabelsAndItsLength() {
    String label = "a".repeat(63);
    assertThat(Endpoint.parse(label + ".example:7000").host()).startsWith(label);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Endpoint.parse("a" + label + ".example:7000"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Endpoint.parse((label + ".").repeat(4) + "example:7000"));
  }

  @Test
  void isValidatedAndCanonicalHoweverItIsMade() {
    assertThat(new Endpoint("2001:DB8::0", 7000)).isEqualTo(Endpoint.parse("[2001:db8::]:7000"));
    assertThat(Endpoint.of(IpAddress.parse("192.0.2.2"), 7000))
        .isEqualTo(Endpoint.parse("192.0.2.2:7000"));
    assertThatIllegalArgumentException().isThrownBy(() -> new Endpoint("gate example", 7000));
    assertThatIllegalArgumentException().isThrownBy(() -> new Endpoint("gate.example", 0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Endpoint.of(IpAddress.parse("0.0.0.0"), 7000));
  }

  @Test
  void tellsAnAddressFromAName() {
    assertThat(Endpoint.parse("192.0.2.2:7000").address()).contains(IpAddress.parse("192.0.2.2"));
    assertThat(Endpoint.parse("[2001:db8::1]:7000").address())
        .contains(IpAddress.parse("2001:db8::1"));
    assertThat(Endpoint.parse("gate.example:7000").address()).isEmpty();
  }
}
