package net.culvert.node.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import net.culvert.node.configuration.StartRefusedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExposureTest {

  private static Exposure plaintext(String address) {
    return new Exposure(InetAddress.ofLiteral(address), false);
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "127.1.2.3", "::1"})
  void loopbackNeedsNoTls(String address) {
    assertThatCode(() -> plaintext(address).check(false)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1", "2001:db8::1"})
  void whatOthersReachNeedsTlsOrTheWord(String address) {
    assertThatThrownBy(() -> plaintext(address).check(false))
        .isInstanceOf(StartRefusedException.class)
        .hasMessageContaining("without TLS");
    assertThatCode(() -> plaintext(address).check(true)).doesNotThrowAnyException();
    assertThatCode(() -> new Exposure(InetAddress.ofLiteral(address), true).check(false))
        .doesNotThrowAnyException();
  }

  @Test
  void noAddressIsEveryAddress() {
    assertThatThrownBy(() -> new Exposure(null, false).check(false))
        .isInstanceOf(StartRefusedException.class)
        .hasMessageContaining("every address");
  }

  @Test
  void healthSaysIt() {
    assertThat(new ExposureHealthIndicator(plaintext("192.0.2.1")).health().getDetails())
        .containsEntry("tls", false)
        .containsKey("message");
    assertThat(new ExposureHealthIndicator(plaintext("127.0.0.1")).health().getDetails())
        .doesNotContainKey("message");
  }
}
