package net.culvert.node.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import net.culvert.api.value.ResourceName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StateDirectoryTest {

  @TempDir Path folder;

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private static void chmod(Path path, String mode) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  @Test
  void isMadeForItsOwnerAlone() throws IOException {
    Path path = folder.resolve("var/culvert");
    try (StateDirectory state = StateDirectory.open(path)) {
      assertThat(mode(path)).isEqualTo("rwx------");
      assertThat(state.readOrCreate("file", () -> "content")).isEqualTo("content");
      assertThat(mode(path.resolve("file"))).isEqualTo("rw-------");
      assertThat(Files.readString(path.resolve("file"))).isEqualTo("content");
      assertThat(names(path)).containsExactlyInAnyOrder("file", "lock");
    }
  }

  @Test
  void keepsWhatIsThere() throws IOException {
    try (StateDirectory state = StateDirectory.open(folder)) {
      assertThat(state.readOrCreate("file", () -> "first")).isEqualTo("first");
      assertThat(state.readOrCreate("file", () -> "second")).isEqualTo("first");
      Files.writeString(folder.resolve("file"), "edited\n");
      assertThat(state.readOrCreate("file", () -> "second")).isEqualTo("edited");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"rwxrwx---", "rwx----w-", "rwxrwxrwx"})
  void isNotUsedWhereOthersMayWrite(String mode) throws IOException {
    Path path = Files.createDirectory(folder.resolve("open"));
    chmod(path, mode);
    assertThatThrownBy(() -> StateDirectory.open(path))
        .isInstanceOf(StartRefusedException.class)
        .hasMessageContaining(path + " can be written by others")
        .hasMessageContaining(mode);
    assertThat(names(path)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw-----w-", "rw-r--r--", "rwx------"})
  void aFileThatIsTooOpenIsNotUsed(String mode) throws IOException {
    try (StateDirectory state = StateDirectory.open(folder)) {
      state.readOrCreate("api-token", () -> "secret");
      chmod(folder.resolve("api-token"), mode);
      assertThatThrownBy(() -> state.readOrCreate("api-token", () -> "other"))
          .isInstanceOf(StartRefusedException.class)
          .hasMessageContaining(folder.resolve("api-token") + " is too open")
          .hasMessageNotContaining("secret");
    }
  }

  @Test
  void aLinkOrFolderInAFilesPlaceIsNotUsed() throws IOException {
    Files.writeString(folder.resolve("elsewhere"), "planted");
    Files.createSymbolicLink(folder.resolve("link"), folder.resolve("elsewhere"));
    Files.createDirectory(folder.resolve("folder"));
    try (StateDirectory state = StateDirectory.open(folder)) {
      for (String name : List.of("link", "folder")) {
        assertThatThrownBy(() -> state.readOrCreate(name, () -> "other"))
            .isInstanceOf(StartRefusedException.class)
            .hasMessageContaining(name + " is not a regular file");
      }
    }
  }

  @Test
  void aFileInTheDirectorysPlaceIsRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    assertThatThrownBy(() -> StateDirectory.open(file))
        .isInstanceOf(StartRefusedException.class)
        .hasMessageContaining("is not a directory");
    assertThatThrownBy(() -> StateDirectory.open(file.resolve("below")))
        .isInstanceOf(StartRefusedException.class);
  }

  @Test
  void servesOneNodeAtATime() throws IOException {
    try (StateDirectory first = StateDirectory.open(folder)) {
      assertThat(first.path()).isEqualTo(folder);
      assertThatThrownBy(() -> StateDirectory.open(folder))
          .isInstanceOf(StartRefusedException.class)
          .hasMessageContaining("Another node runs");
    }
    StateDirectory.open(folder).close();
  }

  @Test
  void theNodesIdStays() throws IOException {
    ResourceName name = new ResourceName("a");
    NodeIdentity first;
    try (StateDirectory state = StateDirectory.open(folder)) {
      first = NodeIdentity.of(state, name);
    }
    try (StateDirectory state = StateDirectory.open(folder)) {
      assertThat(NodeIdentity.of(state, name)).isEqualTo(first);
    }
    assertThat(UUID.fromString(Files.readString(folder.resolve("node-id")))).isEqualTo(first.id());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1-1-1-1-1", "not-a-uuid", "0123"})
  void aDamagedIdIsNotReplaced(String text) throws IOException {
    try (StateDirectory state = StateDirectory.open(folder)) {
      state.readOrCreate("node-id", () -> text);
      assertThatThrownBy(() -> NodeIdentity.of(state, new ResourceName("a")))
          .isInstanceOf(StartRefusedException.class)
          .hasMessageContaining("node-id does not hold a UUID");
      assertThat(Files.readString(folder.resolve("node-id"))).isEqualTo(text);
    }
  }

  @Test
  void aHostNameThatIsNoNameIsCut() {
    assertThat(HostName.nameFrom("gate-1")).isEqualTo(new ResourceName("gate-1"));
    assertThat(HostName.nameFrom("gate." + "x".repeat(60))).isEqualTo(new ResourceName("gate"));
    assertThat(HostName.nameFrom("")).isEqualTo(new ResourceName("node"));
    assertThat(HostName.nameFrom("g ate")).isEqualTo(new ResourceName("node"));
  }

  private static List<String> names(Path path) throws IOException {
    try (Stream<Path> files = Files.list(path)) {
      return files.map(each -> String.valueOf(each.getFileName())).toList();
    }
  }
}
