package net.culvert.node.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import net.culvert.node.device.ProgramOptions.LogLevel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgramOptionsTest {

  @ParameterizedTest
  @CsvSource({
    "verbose, VERBOSE",
    "debug, VERBOSE",
    "error, ERROR",
    "silent, SILENT",
    "loud, ERROR",
    ", ERROR"
  })
  void levelsAreThoseOfWireguardGo(String text, LogLevel level) {
    assertThat(LogLevel.of(text)).isEqualTo(level);
  }

  @Test
  void descriptorsAreNumbers() {
    ProgramOptions options =
        ProgramOptions.of("wg0", Map.of("WG_TUN_FD", "7", "WG_UAPI_FD", "8", "LOG_LEVEL", ""));
    assertThat(options.tunDescriptor()).isEqualTo(7);
    assertThat(options.inheritsSocket()).isTrue();
    assertThat(ProgramOptions.of("wg0", Map.of("WG_TUN_FD", "")).tunDescriptor()).isNull();
    assertThatThrownBy(() -> ProgramOptions.of("wg0", Map.of("WG_TUN_FD", "tun")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("WG_TUN_FD");
  }

  @Test
  void aNameIsOneOfADevice() {
    assertThatThrownBy(() -> ProgramOptions.of("a-name-that-is-too-long", Map.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
