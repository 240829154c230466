package net.culvert.node.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import net.culvert.node.testing.RequiresCommand;
import net.culvert.node.testing.Shell;
import org.junit.jupiter.api.Test;

/** The shell scripts of {@code deploy}, by {@code shellcheck}. */
class ScriptsTest {

  private static final Path DEPLOY = Documents.TOP.resolve("deploy");

  private static List<Path> scripts() throws IOException {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(DEPLOY, 2)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        String first = Files.readAllLines(file).stream().findFirst().orElse("");
        if (first.matches("#!.*\\b(ba)?sh|# shellcheck shell=.*")) {
          found.add(file);
        }
      }
    }
    return found;
  }

  @Test
  @RequiresCommand("shellcheck")
  void nothingIsFound() throws IOException {
    List<String> command = new ArrayList<>(List.of("shellcheck", "-x", "-P", "" + Documents.TOP));
    List<Path> scripts = scripts();
    assertThat(scripts).contains(DEPLOY.resolve("culvert-wg"), DEPLOY.resolve("install"));
    scripts.forEach(script -> command.add(script.toString()));
    assertThat(Shell.run(command)).isEmpty();
  }
}
