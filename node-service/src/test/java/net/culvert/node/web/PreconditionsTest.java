package net.culvert.node.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.OptionalLong;
import net.culvert.node.web.problem.InvalidFieldException;
import net.culvert.node.web.problem.StaleException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PreconditionsTest {

  private static final OptionalLong ABSENT = OptionalLong.empty();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        // If-Match | If-None-Match | revision | holds
        "-              | -         | 3 | true",
        "-              | -         | - | true",
        "\"3\"          | -         | 3 | true",
        "\"2\"          | -         | 3 | false",
        "\"3\"          | -         | - | false",
        "*              | -         | 3 | true",
        "*              | -         | - | false",
        "\"1\", \"3\"   | -         | 3 | true",
        "\"1\",\"2\"    | -         | 3 | false",
        "W/\"3\"        | -         | 3 | false",
        "-              | *         | 3 | false",
        "-              | *         | - | true",
        "-              | \"3\"     | 3 | false",
        "-              | W/\"3\"   | 3 | false",
        "-              | \"2\"     | 3 | true",
        "\"3\"          | \"3\"     | 3 | false",
      })
  void holdsAsRfc9110Says(
      @Nullable String ifMatch, @Nullable String ifNoneMatch, @Nullable Long revision, boolean ok) {
    Preconditions conditions = Preconditions.of(ifMatch, ifNoneMatch);
    OptionalLong now = revision == null ? ABSENT : OptionalLong.of(revision);
    assertThat(conditions.holds(now)).isEqualTo(ok);
    if (ok) {
      assertThatCode(() -> conditions.check(now)).doesNotThrowAnyException();
    } else {
      assertThatThrownBy(() -> conditions.check(now)).isInstanceOf(StaleException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"3", "\"3", "3\"", "", "\"3\" \"4\"", "\"3\";", "w/\"3\"", "*,\"3\""})
  void aHeaderThatIsNoListIsNamed(String header) {
    assertThatThrownBy(() -> Preconditions.of(header, null))
        .isInstanceOf(InvalidFieldException.class)
        .hasMessageStartingWith("If-Match: ");
  }

  @Test
  void aRefusalSaysWhatIsThere() {
    assertThatThrownBy(() -> Preconditions.of("\"2\"", null).check(OptionalLong.of(3)))
        .hasMessage("If-Match does not hold: the revision is \"3\".");
    assertThatThrownBy(() -> Preconditions.of("W/\"3\"", null).check(OptionalLong.of(3)))
        .hasMessageContaining("weak tags");
    assertThatThrownBy(() -> Preconditions.of("*", null).check(ABSENT))
        .hasMessage("If-Match does not hold: the resource does not exist.");
  }

  @Test
  void withoutARequestThereAreNoConditions() {
    assertThat(Preconditions.ofCurrentRequest().holds(ABSENT)).isTrue();
  }
}
