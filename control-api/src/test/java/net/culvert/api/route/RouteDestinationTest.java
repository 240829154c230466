package net.culvert.api.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import net.culvert.api.value.Family;
import net.culvert.api.value.Prefix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RouteDestinationTest {

  @ParameterizedTest
  @ValueSource(strings = {"default", "10.1.2.0/24", "0.0.0.0/0", "::/0", "2001:db8::/32"})
  void readsWhatItWrites(String text) {
    assertThat(RouteDestination.parse(text)).hasToString(text);
  }

  @Test
  void takesTheFamilyOfADefaultFromItsGateway() {
    RouteDestination any = RouteDestination.parse("default");

    assertThat(any.resolve(Family.IPV4)).isEqualTo(Prefix.IPV4_DEFAULT);
    assertThat(any.resolve(Family.IPV6)).isEqualTo(Prefix.IPV6_DEFAULT);
    assertThat(RouteDestination.parse("10.1.2.0/24").resolve(Family.IPV6))
        .isEqualTo(Prefix.parse("10.1.2.0/24"));
  }

  @Test
  void refusesAsAPrefixDoes() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RouteDestination.parse("10.1.2.3/24"))
        .withMessage("10.1.2.3/24 has host bits set; the prefix is 10.1.2.0/24");
    assertThatIllegalArgumentException().isThrownBy(() -> RouteDestination.parse("Default"));
    assertThatIllegalArgumentException().isThrownBy(() -> RouteDestination.parse(""));
  }
}
