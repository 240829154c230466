package net.culvert.node.device;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Takes the signature off a jar, for {@code deploy/install}: the JVM keeps no class of a signed jar
 * in its AOT cache, and verifies the signature of thousands of files at every start.
 */
public final class UnsignedJar {

  private static final Pattern SIGNATURE =
      Pattern.compile("META-INF/[^/]+\\.(SF|RSA|DSA|EC)", Pattern.CASE_INSENSITIVE);

  private UnsignedJar() {}

  /**
   * Runs it.
   *
   * @param args jars, each replaced by one without a signature; one that has none stays as it is
   */
  public static void main(String[] args) throws IOException {
    for (String each : args) {
      strip(Path.of(each));
    }
  }

  /** Whether there was a signature. */
  static boolean strip(Path jar) throws IOException {
    try (JarFile whole = new JarFile(jar.toFile(), true, ZipFile.OPEN_READ)) {
      if (whole.stream().noneMatch(entry -> SIGNATURE.matcher(entry.getName()).matches())) {
        return false;
      }
      // The last time that anybody looks at it.
      for (ZipEntry entry : Collections.list(whole.entries())) {
        try (InputStream content = whole.getInputStream(entry)) {
          content.transferTo(OutputStream.nullOutputStream());
        }
      }
    }
    Path unsigned = Files.createTempFile(jar.toAbsolutePath().getParent(), "unsigned", ".jar");
    try (ZipFile from = new ZipFile(jar.toFile());
        ZipOutputStream to = new ZipOutputStream(Files.newOutputStream(unsigned))) {
      for (ZipEntry entry : Collections.list(from.entries())) {
        if (!SIGNATURE.matcher(entry.getName()).matches()) {
          ZipEntry copy = new ZipEntry(entry.getName());
          copy.setTime(entry.getTime());
          to.putNextEntry(copy);
          try (InputStream content = from.getInputStream(entry)) {
            content.transferTo(to);
          }
        }
      }
    }
    Files.setPosixFilePermissions(unsigned, Files.getPosixFilePermissions(jar));
    Files.move(unsigned, jar, StandardCopyOption.REPLACE_EXISTING);
    return true;
  }
}
