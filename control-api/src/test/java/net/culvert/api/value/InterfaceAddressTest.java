package net.culvert.api.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InterfaceAddressTest {

  @ParameterizedTest
  @CsvSource({
    "10.1.1.2/24, 10.1.1.0/24",
    "10.0.0.0/32, 10.0.0.0/32",
    "10.0.0.255/32, 10.0.0.255/32",
    // RFC 3021: both addresses of a /31 are hosts.
    "10.0.0.0/31, 10.0.0.0/31",
    "10.0.0.1/31, 10.0.0.0/31",
    "10.0.255.255/8, 10.0.0.0/8",
    "127.0.0.2/8, 127.0.0.0/8",
    "2001:db8::1/64, 2001:db8::/64",
    // IPv6 has no broadcast, and a router may use its subnet's first address.
    "2001:db8::/64, 2001:db8::/64",
    "2001:db8::ffff:ffff:ffff:ffff/64, 2001:db8::/64",
  })
  void isAnAddressAndThePrefixOnItsLink(String text, String prefix) {
    InterfaceAddress address = InterfaceAddress.parse(text);

    assertThat(address).hasToString(text);
    assertThat(address.prefix()).hasToString(prefix);
    assertThat(address.family()).isEqualTo(address.address().family());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "0.0.0.0/24 | 0.0.0.0 is the unspecified address, not one of a link",
        "::/64 | :: is the unspecified address, not one of a link",
        "224.0.0.1/24 | 224.0.0.1 is a multicast address, not one of a link",
        "ff02::1/128 | ff02::1 is a multicast address, not one of a link",
        "255.255.255.255/32 | 255.255.255.255 is the broadcast address",
        "10.1.1.0/24 | 10.1.1.0/24 is the network itself, not an address in it",
        "10.1.1.255/24 | 10.1.1.255 is the broadcast address of 10.1.1.0/24",
        "10.1.1.3/30 | 10.1.1.3 is the broadcast address of 10.1.1.0/30",
        "10.1.1.2/33 | a prefix length of 10.1.1.2 is 0 to 32, not 33",
        "10.1.1.2 | '10.1.1.2' has no length; write the address as address/length",
        "::ffff:10.0.0.1/120 | ::ffff:10.0.0.1 is an IPv4-mapped IPv6 address; write 10.0.0.1/24",
        "fe80::1%eth0/64 | 'fe80::1%eth0' is not an IPv4 or IPv6 address",
      })
  void saysWhatIsWrong(String text, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> InterfaceAddress.parse(text))
        .withMessage(message);
  }

  @Test
  void ordersByAddressAndThenLength() {
    assertThat(InterfaceAddress.parse("10.1.1.2/24"))
        .isLessThan(InterfaceAddress.parse("10.1.1.3/8"))
        .isLessThan(InterfaceAddress.parse("10.1.1.2/25"))
        .isEqualByComparingTo(InterfaceAddress.parse("10.1.1.2/24"));
  }
}
