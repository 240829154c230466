package net.culvert.api.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {

  @ParameterizedTest
  @CsvSource({
    "10.1.1.1, 10.1.1.1",
    "0.0.0.0, 0.0.0.0",
    "255.255.255.255, 255.255.255.255",
    "::, ::",
    "::1, ::1",
    "0:0:0:0:0:0:0:1, ::1",
    "2001:DB8::A, 2001:db8::a",
    "2001:0db8:0000:0000:0000:0000:0000:0001, 2001:db8::1",
    // RFC 5952, 4.2.1: as short as it can be.
    "2001:db8:0:0:0:0:2:1, 2001:db8::2:1",
    // 4.2.2: one group of zeros is not shortened.
    "2001:db8::1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    // 4.2.3: the longest run, and of two equal ones the first.
    "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
    "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "64:ff9b::192.0.2.1, 64:ff9b::c000:201",
    "fe80::1, fe80::1",
  })
  void hasOneCanonicalText(String text, String canonical) {
    IpAddress address = IpAddress.parse(text);

    assertThat(address).hasToString(canonical);
    assertThat(IpAddress.parse(canonical)).isEqualTo(address).hasSameHashCodeAs(address);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "10",
        "10.1",
        "10.1.1",
        "167772161",
        "0x0a000001",
        "0x0a.0.0.1",
        "010.0.0.1",
        "10.0.0.01",
        "10.0.0.256",
        "10.0.0.1.",
        ".10.0.0.1",
        "10..0.1",
        "-1.0.0.1",
        "+1.0.0.1",
        " 10.0.0.1",
        "10.0.0.1 ",
        "10.0.0.1\n",
        "\t10.0.0.1",
        "10.0.0.1\0",
        "::1\0",
        " ::1",
        "*",
        "10.*.0.1",
        "10.0.0.1-2",
        "10.0.0._",
        "::_",
        "%",
        "10.0.0.1/24",
        "::1/64",
        "[::1]",
        "::1%eth0",
        "::1%",
        "fe80::1%25eth0",
        "fe80::1%2",
        "1::2::3",
        ":::",
        "::g",
        "12345::",
        "2001:00db8::1",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "::1:2:3:4:5:6:7:8",
        "::1.2.3",
        "::ffff:10.0.0",
        "::ffff:010.0.0.1",
        "::ffff:0x0a.0.0.1",
        "::0x1",
        "localhost",
        "2001-db8--1.ipv6-literal.net",
        "1234567890abcdef1234567890abcdef",
        "4)+k&C#VzJ4br>0wv%Yp",
        "١.١.١.١",
        "１.0.0.1",
        "1e3",
      })
  void refusesWhatIsNoAddressOrCouldBeReadInTwoWays(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> IpAddress.parse(text))
        .withMessageEndingWith(" is not an IPv4 or IPv6 address");
  }

  @Test
  void quotesWhatItRefusesOnOneLineAndNotWhole() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> IpAddress.parse("10.0.0.1\n2026 INFO forged"))
        .withMessage("'10.0.0.1\\u000a2026 INFO forged' is not an IPv4 or IPv6 address");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> IpAddress.parse("1".repeat(1_000_000)))
        .withMessage("'" + "1".repeat(80) + "…' is not an IPv4 or IPv6 address");
    assertThat(IpAddress.quote("1".repeat(80))).isEqualTo("'" + "1".repeat(80) + "'");
    assertThat(IpAddress.quote("a\ud800")).isEqualTo("'a\\ud800'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "::ffff:10.0.0.1",
        "::FFFF:0a00:0001",
        "::ffff:a00:1",
        "0:0:0:0:0:ffff:0a00:1",
      })
  void refusesMappedAddressesWithTheirIpv4Form(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> IpAddress.parse(text))
        .withMessage("::ffff:10.0.0.1 is an IPv4-mapped IPv6 address; write 10.0.0.1");
  }

  @Test
  void refusesBytesThatAreNoAddress() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> IpAddress.of(new byte[5]))
        .withMessage("an address has 4 or 16 bytes, not 5");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new IpAddress(Family.IPV4, 1, 0))
        .withMessage("an IPv4 address has 32 bits");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new IpAddress(Family.IPV4, 0, 1L << 32))
        .withMessage("an IPv4 address has 32 bits");
  }

  @Test
  void knowsWhatKindOfAddressItIs() {
    assertThat(IpAddress.parse("224.0.0.1").isMulticast()).isTrue();
    assertThat(IpAddress.parse("239.255.255.255").isMulticast()).isTrue();
    assertThat(IpAddress.parse("223.255.255.255").isMulticast()).isFalse();
    assertThat(IpAddress.parse("240.0.0.0").isMulticast()).isFalse();
    assertThat(IpAddress.parse("ff02::1").isMulticast()).isTrue();
    assertThat(IpAddress.parse("fe80::1").isMulticast()).isFalse();
    assertThat(IpAddress.parse("0.0.0.0").isUnspecified()).isTrue();
    assertThat(IpAddress.parse("::").isUnspecified()).isTrue();
    assertThat(IpAddress.parse("::1").isUnspecified()).isFalse();
    assertThat(IpAddress.parse("127.255.0.1").isLoopback()).isTrue();
    assertThat(IpAddress.parse("128.0.0.1").isLoopback()).isFalse();
    assertThat(IpAddress.parse("::1").isLoopback()).isTrue();
    assertThat(IpAddress.parse("169.254.9.9").isLinkLocal()).isTrue();
    assertThat(IpAddress.parse("169.255.0.0").isLinkLocal()).isFalse();
    assertThat(IpAddress.parse("febf::1").isLinkLocal()).isTrue();
    assertThat(IpAddress.parse("fec0::1").isLinkLocal()).isFalse();
    assertThat(IpAddress.parse("255.255.255.255").isBroadcast()).isTrue();
    assertThat(IpAddress.parse("10.255.255.255").isBroadcast()).isFalse();
    assertThat(IpAddress.parse("::ffff:ffff").isBroadcast()).isFalse();
  }

  @Test
  void ordersUnsignedAndIpv4First() {
    List<IpAddress> ordered = new ArrayList<>();
    for (String text :
        List.of(
            "0.0.0.0",
            "9.255.255.255",
            "127.0.0.1",
            "128.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::8000:0:0:0",
            "7fff::",
            "8000::",
            "ffff::")) {
      ordered.add(IpAddress.parse(text));
    }
    List<IpAddress> shuffled = new ArrayList<>(ordered);
    Collections.shuffle(shuffled, new Random(1));
    Collections.sort(shuffled);

    assertThat(shuffled).isEqualTo(ordered);
  }

  @Test
  void readsAndWritesBytesAsTheJdkDoes() throws UnknownHostException {
    long seed = 20_261_101;
    Random random = new Random(seed);
    for (int i = 0; i < 2_000; i++) {
      byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
      random.nextBytes(bytes);
      for (int zero = random.nextInt(9); zero > 0; zero--) {
        bytes[random.nextInt(bytes.length)] = 0;
      }
      if (bytes.length == 16 && bytes[10] == -1 && bytes[11] == -1) {
        continue;
      }
      IpAddress address = IpAddress.of(bytes);
      String told = "seed " + seed + ", " + Arrays.toString(bytes);

      assertThat(address.toBytes()).as(told).isEqualTo(bytes);
      assertThat(InetAddress.getByName(address.toString()).getAddress()).as(told).isEqualTo(bytes);
      assertThat(IpAddress.parse(InetAddress.getByAddress(bytes).getHostAddress()))
          .as(told)
          .isEqualTo(address);
    }
  }
}
