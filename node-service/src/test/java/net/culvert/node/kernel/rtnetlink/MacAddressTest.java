package net.culvert.node.kernel.rtnetlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MacAddressTest {

  @Test
  void isReadAndWritten() {
    MacAddress address = MacAddress.parse("02:00:5E:ff:00:01");
    assertThat(address).hasToString("02:00:5e:ff:00:01");
    assertThat(address.toBytes()).containsExactly(2, 0, 0x5e, -1, 0, 1);
    assertThat(MacAddress.of(address.toBytes())).isEqualTo(address);
  }

  @Test
  void whatIsNoneIsRefused() {
    for (String text :
        new String[] {"", "02:00:5e:ff:00", "02-00-5e-ff-00-01", "02:00:5e:ff:0:01"}) {
      assertThatThrownBy(() -> MacAddress.parse(text)).hasMessageContaining("02:00:5e:10:00:01");
    }
    assertThatThrownBy(() -> MacAddress.of(new byte[8])).hasMessageContaining("not 8");
    assertThatThrownBy(() -> new MacAddress(1L << 48)).hasMessageContaining("48 bits");
  }

  @Test
  void theLinkLocalAddressOfEveryBit() {
    assertThat(MacAddress.parse("00:00:00:00:00:00").linkLocalAddress())
        .hasToString("fe80::200:ff:fe00:0");
    assertThat(MacAddress.parse("ff:ff:ff:ff:ff:ff").linkLocalAddress())
        .hasToString("fe80::fdff:ffff:feff:ffff");
    assertThat(MacAddress.parse("36:56:78:9a:bc:de").linkLocalAddress())
        .hasToString("fe80::3456:78ff:fe9a:bcde");
  }
}
