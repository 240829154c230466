package net.culvert.api.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigInteger;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrefixTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.1.2.0/24",
        "0.0.0.0/0",
        "10.1.2.3/32",
        "::/0",
        "2001:db8::/32",
        "2001:db8::1/128",
        "128.0.0.0/1",
        "fe80::/10",
        "2001:db8:0:0:8000::/65",
      })
  void readsCanonicalText(String text) {
    assertThat(Prefix.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "10.1.2.3/24 | 10.1.2.3/24 has host bits set; the prefix is 10.1.2.0/24",
        "10.0.0.1/0 | 10.0.0.1/0 has host bits set; the prefix is 0.0.0.0/0",
        "2001:DB8::1/64 | 2001:db8::1/64 has host bits set; the prefix is 2001:db8::/64",
        "2001:db8::1/127 | 2001:db8::1/127 has host bits set; the prefix is 2001:db8::/127",
        "10.1.2.0/33 | a prefix length of 10.1.2.0 is 0 to 32, not 33",
        "2001:db8::/129 | a prefix length of 2001:db8:: is 0 to 128, not 129",
        "10.1.2.0/-1 | '-1' is not a prefix length",
        "10.1.2.0/ | '' is not a prefix length",
        "10.1.2.0/024 | '024' is not a prefix length",
        "10.1.2.0/1000 | '1000' is not a prefix length",
        "10.1.2.0/24/24 | '24/24' is not a prefix length",
        "10.1.2.0/255.255.255.0 | '255.255.255.0' is not a prefix length",
        "10.1.2.0 | '10.1.2.0' has no length; write the prefix as address/length",
        "/24 | '' is not an IPv4 or IPv6 address",
        "10.1.2/24 | '10.1.2' is not an IPv4 or IPv6 address",
        "::ffff:10.0.0.1/128 | ::ffff:10.0.0.1 is an IPv4-mapped IPv6 address; write 10.0.0.1/32",
        "::ffff:10.0.0.0/104 | ::ffff:10.0.0.0 is an IPv4-mapped IPv6 address; write 10.0.0.0/8",
        "::ffff:0:0/96 | ::ffff:0.0.0.0 is an IPv4-mapped IPv6 address; write 0.0.0.0/0",
        "::ffff:10.0.0.1/64 | ::ffff:10.0.0.1 is an IPv4-mapped IPv6 address; write 10.0.0.1",
      })
  void saysWhatIsWrong(String text, String message) {
    assertThatIllegalArgumentException().isThrownBy(() -> Prefix.parse(text)).withMessage(message);
  }

  @ParameterizedTest
  @CsvSource({
    "10.1.2.3/24, 10.1.2.0/24",
    "10.1.2.3, 10.1.2.3/32",
    "2001:db8::1, 2001:db8::1/128",
    "2001:db8::1/64, 2001:db8::/64",
    "0.0.0.0/0, 0.0.0.0/0",
  })
  void readsLenientlyWhatWireguardsToolsWrite(String text, String canonical) {
    assertThat(Prefix.parseLenient(text)).hasToString(canonical);
  }

  @Test
  void isStillStrictAboutLengthsWhenLenient() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Prefix.parseLenient("10.1.2.3/33"))
        .withMessage("a prefix length of 10.1.2.3 is 0 to 32, not 33");
  }

  @Test
  void tellsWhatItContains() {
    Prefix ten = Prefix.parse("10.0.0.0/8");

    assertThat(ten.contains(IpAddress.parse("10.255.255.255"))).isTrue();
    assertThat(ten.contains(IpAddress.parse("11.0.0.0"))).isFalse();
    assertThat(ten.contains(IpAddress.parse("::a00:0"))).isFalse();
    assertThat(ten.contains(Prefix.parse("10.1.0.0/16"))).isTrue();
    assertThat(ten.contains(ten)).isTrue();
    assertThat(Prefix.parse("10.1.0.0/16").contains(ten)).isFalse();
    assertThat(Prefix.parse("10.1.0.0/16").overlaps(ten)).isTrue();
    assertThat(ten.overlaps(Prefix.parse("11.0.0.0/8"))).isFalse();
    assertThat(Prefix.IPV4_DEFAULT.overlaps(Prefix.IPV6_DEFAULT)).isFalse();
    assertThat(Prefix.IPV6_DEFAULT.contains(IpAddress.parse("ffff::1"))).isTrue();
  }

  @Test
  void masksAsArithmeticDoes() {
    long seed = 20_261_102;
    Random random = new Random(seed);
    for (int i = 0; i < 2_000; i++) {
      byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
      random.nextBytes(bytes);
      IpAddress address = IpAddress.of(bytes);
      int bits = address.family().bits();
      int length = random.nextInt(bits + 1);
      BigInteger network =
          new BigInteger(1, bytes).shiftRight(bits - length).shiftLeft(bits - length);

      Prefix prefix = Prefix.containing(address, length);

      assertThat(new BigInteger(1, prefix.address().toBytes()))
          .as("seed %d, %s/%d", seed, address, length)
          .isEqualTo(network);
      assertThat(prefix.contains(address)).isTrue();
      assertThat(Prefix.parse(prefix.toString())).isEqualTo(prefix);
    }
  }

  @Test
  void ordersByAddressAndThenTheShorterFirst() {
    List<Prefix> ordered =
        List.of(
            Prefix.parse("0.0.0.0/0"),
            Prefix.parse("10.0.0.0/8"),
            Prefix.parse("10.0.0.0/16"),
            Prefix.parse("10.1.0.0/16"),
            Prefix.parse("::/0"),
            Prefix.parse("2001:db8::/32"));

    assertThat(ordered.reversed().stream().sorted()).isEqualTo(ordered);
  }
}
