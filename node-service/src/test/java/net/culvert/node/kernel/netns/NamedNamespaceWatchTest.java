package net.culvert.node.kernel.netns;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import net.culvert.api.value.ResourceName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NamedNamespaceWatchTest {

  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
  private Path directory = Path.of("netns");
  private NamedNamespaceWatch watch = watch();

  @BeforeEach
  void open(@TempDir Path folder) {
    watch.close();
    directory = folder.resolve("netns");
    watch = watch();
  }

  private NamedNamespaceWatch watch() {
    return new NamedNamespaceWatch(
        directory,
        new NamedNamespaceWatch.Listener() {
          @Override
          public void changed(ResourceName name) {
            told.add(name.value());
          }

          @Override
          public void lost() {
            told.add("lost");
          }
        });
  }

  @AfterEach
  void close() {
    watch.close();
  }

  @Test
  void tellsOfNamesThatComeAndGo() throws Exception {
    Files.createDirectory(directory);
    watch.watch();
    watch.watch();
    Path net1 = Files.createFile(directory.resolve("net1"));
    assertThat(next()).isEqualTo("net1");
    Files.delete(net1);
    assertThat(next()).isEqualTo("net1");
  }

  @Test
  void waitsForTheDirectory() throws Exception {
    watch.watch();
    Files.createDirectory(directory);
    watch.watch();
    Files.createFile(directory.resolve("net1"));
    assertThat(next()).isEqualTo("net1");
  }

  @Test
  void watchesADirectoryThatWasMadeAnew() throws Exception {
    Files.createDirectory(directory);
    watch.watch();
    Files.delete(directory);
    Files.createDirectory(directory);
    // The first watch ends when the kernel has told of its end.
    for (int i = 0; i < 1000 && told.isEmpty(); i++) {
      watch.watch();
      Files.deleteIfExists(directory.resolve("net1"));
      Files.createFile(directory.resolve("net1"));
      String name = told.poll(50, TimeUnit.MILLISECONDS);
      if (name != null) {
        assertThat(name).isEqualTo("net1");
        return;
      }
    }
    throw new AssertionError("the new directory is not watched");
  }

  @Test
  void aNameThatNoResourceCouldHaveIsNotTold() throws Exception {
    Files.createDirectory(directory);
    watch.watch();
    Files.createFile(directory.resolve("not a name"));
    Files.createFile(directory.resolve("net1"));
    assertThat(next()).isEqualTo("net1");
  }

  @Test
  void afterTheCloseNothingHappens() throws IOException {
    Files.createDirectory(directory);
    watch.watch();
    watch.close();
    watch.watch();
    watch.close();
    Files.createFile(directory.resolve("net1"));
    assertThat(told).isEmpty();
  }

  private String next() throws InterruptedException {
    return String.valueOf(told.poll(10, TimeUnit.SECONDS));
  }
}
