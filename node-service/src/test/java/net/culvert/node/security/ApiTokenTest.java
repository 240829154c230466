package net.culvert.node.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import net.culvert.node.configuration.StartRefusedException;
import net.culvert.node.configuration.StateDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiTokenTest {

  @TempDir Path folder;

  @Test
  void isMadeOnceAndIsAllThatItsFileHolds() throws IOException {
    try (StateDirectory state = StateDirectory.open(folder)) {
      ApiToken first = ApiToken.of(null, state);
      String text = Files.readString(folder.resolve("api-token"));
      assertThat(Base64.getUrlDecoder().decode(text)).hasSize(32);
      assertThat(first.matches(text)).isTrue();
      assertThat(ApiToken.of(null, state).matches(text)).isTrue();
      assertThat(first.matches(text + "x")).isFalse();
      assertThat(first.matches(text.substring(1))).isFalse();
      assertThat(first.matches("")).isFalse();
    }
  }

  @Test
  void isTheConfiguredOneWhereThereIsOne() throws IOException {
    try (StateDirectory state = StateDirectory.open(folder)) {
      ApiToken token = ApiToken.of("0123456789abcdef", state);
      assertThat(token.matches("0123456789abcdef")).isTrue();
      assertThat(folder.resolve("api-token")).doesNotExist();
    }
  }

  @Test
  void anEditorsLineEndIsNoPartOfIt() throws IOException {
    try (StateDirectory state = StateDirectory.open(folder)) {
      state.readOrCreate("api-token", () -> "0123456789abcdef\n");
      assertThat(ApiToken.of(null, state).matches("0123456789abcdef")).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "short", "0123456789 abcdef", "0123456789abcdef\nx", "äääääääääääääääää"})
  void aFileWithoutATokenIsRefused(String text) throws IOException {
    try (StateDirectory state = StateDirectory.open(folder)) {
      state.readOrCreate("api-token", () -> text);
      assertThatThrownBy(() -> ApiToken.of(null, state))
          .isInstanceOf(StartRefusedException.class)
          .hasMessageContaining("api-token does not hold a token");
    }
  }
}
