package net.culvert.node.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnsignedJarTest {

  @TempDir private Path folder;

  @Test
  void onlyTheSignatureGoes() throws IOException {
    Path signed =
        Path.of(X25519.class.getProtectionDomain().getCodeSource().getLocation().getPath());
    Path jar = Files.copy(signed, folder.resolve("library.jar"));
    assertThat(UnsignedJar.strip(jar)).isTrue();
    List<String> before = names(signed);
    List<String> after = names(jar);
    assertThat(before).containsAll(after);
    assertThat(before.size() - after.size()).isBetween(2, 3);
    assertThat(after).noneMatch(name -> name.endsWith(".SF") || name.endsWith(".RSA"));
    assertThat(UnsignedJar.strip(jar)).isFalse();
    try (var left = Files.list(folder)) {
      assertThat(left).containsExactly(jar);
    }
  }

  private static List<String> names(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile(), false)) {
      return file.stream().map(ZipEntry::getName).toList();
    }
  }
}
