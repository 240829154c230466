package net.culvert.api.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListenAddressTest {

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0:7000, 0.0.0.0:7000",
    "[::]:7000, [::]:7000",
    "[0:0::0]:7000, [::]:7000",
    "127.0.0.1:65535, 127.0.0.1:65535",
    "[2001:DB8::1]:1, [2001:db8::1]:1",
  })
  void hasOneCanonicalText(String text, String canonical) {
    assertThat(ListenAddress.parse(text)).hasToString(canonical);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "7000 | '7000' has no port; write host:port",
        ":7000 | '' is not an IPv4 or IPv6 address",
        "*:7000 | '*' is not an IPv4 or IPv6 address",
        "localhost:7000 | 'localhost' is not an IPv4 or IPv6 address",
        ":::7000 | an IPv6 address with a port is written in brackets, as [::1]:7000",
        "0.0.0.0:0 | a port is 1 to 65535, not 0",
        "0.0.0.0:65536 | a port is 1 to 65535, not 65536",
        "224.0.0.1:7000 | 224.0.0.1 is a multicast address, not an own one",
        "[ff02::1]:7000 | ff02::1 is a multicast address, not an own one",
        "255.255.255.255:7000 | 255.255.255.255 is the broadcast address, not an own one",
        "[::ffff:0.0.0.0]:7000 | ::ffff:0.0.0.0 is an IPv4-mapped IPv6 address; write 0.0.0.0",
      })
  void saysWhatIsWrong(String text, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ListenAddress.parse(text))
        .withMessage(message);
  }

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0:7000, 10.0.0.1:7000, true",
    "10.0.0.1:7000, 10.0.0.1:7000, true",
    "10.0.0.1:7000, 10.0.0.2:7000, false",
    "0.0.0.0:7000, 10.0.0.1:7001, false",
    // IPv6 sockets are bound for IPv6 alone.
    "0.0.0.0:7000, [::]:7000, false",
    "[::]:7000, [::1]:7000, true",
  })
  void collidesWhereBothCannotBeBound(String one, String other, boolean collides) {
    assertThat(ListenAddress.parse(one).collidesWith(ListenAddress.parse(other)))
        .isEqualTo(collides);
    assertThat(ListenAddress.parse(other).collidesWith(ListenAddress.parse(one)))
        .isEqualTo(collides);
  }

  @Test
  void ordersByAddressAndThenPort() {
    List<ListenAddress> ordered =
        List.of(
            ListenAddress.parse("0.0.0.0:7000"),
            ListenAddress.parse("0.0.0.0:7001"),
            ListenAddress.parse("10.0.0.1:53"),
            ListenAddress.parse("[::]:7000"));

    assertThat(ordered.reversed().stream().sorted()).isEqualTo(ordered);
  }
}
