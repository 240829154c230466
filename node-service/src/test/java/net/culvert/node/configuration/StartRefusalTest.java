package net.culvert.node.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What an administrator sees of a start that is refused: sentences, and no stack trace. */
@ExtendWith(OutputCaptureExtension.class)
class StartRefusalTest {

  @TempDir Path folder;

  private static void start(String... arguments) {
    assertThatThrownBy(() ->
            new SpringApplicationBuilder(NodeConfiguration.class)
                .web(WebApplicationType.NONE)
                .run(arguments)
                .close())
        .isInstanceOf(Exception.class);
  }

  @Test
  void mistakesInTheConfiguration(CapturedOutput output) {
    start("--culvert.state-directory=" + folder, "--culvert.api.apply-wait=soon", "--culvert.x=1");
    assertThat(output)
        .contains("The configuration has")
        .contains("culvert.api.apply-wait is 'soon'")
        .doesNotContain("\tat ");
  }

  @Test
  void aTooOpenFile(CapturedOutput output) throws Exception {
    Path file = Files.writeString(folder.resolve("node-id"), "x");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    start("--culvert.state-directory=" + folder);
    assertThat(output)
        .contains(file + " is too open")
        .contains("chmod 0600 " + file)
        .doesNotContain("\tat ");
  }
}
