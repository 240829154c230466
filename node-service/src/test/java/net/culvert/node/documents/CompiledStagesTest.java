package net.culvert.node.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import net.culvert.node.testing.Shell;
import org.junit.jupiter.api.Test;

/**
 * The methods that the start scripts name to the JVM, which says nothing of one it does not know.
 */
class CompiledStagesTest {

  private static final String COMMAND = "-XX:CompileCommand=dontinline,";

  @Test
  void everyStageExists() throws ClassNotFoundException {
    Path script = Path.of("..", "deploy", "lib", "application.sh");
    List<String> stages =
        Shell.run("bash", "-c", ". " + script + "; printf '%s\\n' \"${jvm_flags[@]}\"")
            .lines()
            .filter(line -> line.startsWith(COMMAND))
            .map(line -> line.substring(COMMAND.length()))
            .toList();
    assertThat(stages).isNotEmpty();
    for (String stage : stages) {
      String[] parts = stage.split("::");
      assertThat(Class.forName(parts[0]).getDeclaredMethods())
          .as(stage)
          .anyMatch(method -> method.getName().equals(parts[1]));
    }
    assertThat(stages).doesNotHaveDuplicates();
  }
}
