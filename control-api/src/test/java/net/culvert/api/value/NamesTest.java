package net.culvert.api.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {

  @ParameterizedTest
  @ValueSource(strings = {"a", "veth0", "tun-0.1_Z", "...", ".a", "a.", "-", "123456789012345"})
  void takesTheNamesOfDevicesAndResources(String text) {
    assertThat(LinkName.parse(text)).hasToString(text).isEqualTo(new LinkName(text));
    assertThat(ResourceName.parse(text)).hasToString(text).isEqualTo(new ResourceName(text));
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        Arguments.of("", "has 1 to %d bytes, this one has 0"),
        Arguments.of(".", "'.' is a folder, not a name"),
        Arguments.of("..", "'..' is a folder, not a name"),
        Arguments.of("a/b", "is made of A-Z a-z 0-9 . _ -, and has '/' at position 2"),
        Arguments.of("../x", "is made of A-Z a-z 0-9 . _ -, and has '/' at position 3"),
        Arguments.of("a b", "is made of A-Z a-z 0-9 . _ -, and has U+0020 at position 2"),
        Arguments.of("a\0b", "is made of A-Z a-z 0-9 . _ -, and has U+0000 at position 2"),
        Arguments.of("ab\n", "is made of A-Z a-z 0-9 . _ -, and has U+000A at position 3"),
        Arguments.of("a:b", "is made of A-Z a-z 0-9 . _ -, and has ':' at position 2"),
        Arguments.of("a%b", "is made of A-Z a-z 0-9 . _ -, and has '%' at position 2"),
        Arguments.of("é", "is made of A-Z a-z 0-9 . _ -, and has U+00E9 at position 1"),
        Arguments.of("a٣", "is made of A-Z a-z 0-9 . _ -, and has U+0663 at position 2"),
        Arguments.of("a😀", "is made of A-Z a-z 0-9 . _ -, and has U+1F600 at position 2"),
        Arguments.of("a\u007f", "is made of A-Z a-z 0-9 . _ -, and has U+007F at position 2"));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void saysWhatIsWrong(String text, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LinkName.parse(text))
        .withMessageEndingWith(message.replace("%d", "15"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ResourceName.parse(text))
        .withMessageEndingWith(message.replace("%d", "63"));
  }

  @Test
  void countsBytes() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LinkName("1234567890123456"))
        .withMessage("a device's name has 1 to 15 bytes, this one has 16");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LinkName("éééééééé"))
        .withMessage("a device's name has 1 to 15 bytes, this one has 16");
    assertThat(new ResourceName("a".repeat(63)).value()).hasSize(63);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ResourceName("a".repeat(64)))
        .withMessage("a name has 1 to 63 bytes, this one has 64");
  }

  @Test
  void ordersAsBytesDo() {
    assertThat(Stream.of("b", "a", "B", "a1", "-").map(LinkName::new).sorted())
        .isEqualTo(Stream.of("-", "B", "a", "a1", "b").map(LinkName::new).toList());
    assertThat(List.of(new ResourceName("b"), new ResourceName("a")).stream().sorted())
        .containsExactly(new ResourceName("a"), new ResourceName("b"));
  }
}
