package net.culvert.node.uapi;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * A socket in the file system, for its owner alone, that {@code wg(8)} finds by the device's name.
 * Any thread.
 */
public final class UapiSocketFile implements AutoCloseable {

  private final Path path;
  private final ServerSocketChannel channel;
  private final @Nullable Object key;

  private UapiSocketFile(Path path, ServerSocketChannel channel) throws IOException {
    this.path = path;
    this.channel = channel;
    this.key = keyOf(path);
  }

  /** {@code <directory>/<device>.sock}. */
  public static Path path(Path directory, String device) {
    return directory.resolve(device + ".sock");
  }

  /**
   * Makes it, and the directory where that is missing. What a process left that is gone is
   * replaced.
   *
   * @throws FileAlreadyExistsException if a process answers there
   */
  public static UapiSocketFile open(Path path) throws IOException {
    Path directory = path.toAbsolutePath().getParent();
    if (directory == null) {
      throw new NoSuchFileException(path.toString());
    }
    Files.createDirectories(
        directory,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    if (isHeld(path)) {
      throw new FileAlreadyExistsException(path.toString(), null, "held by another process");
    }
    ServerSocketChannel channel = bind(directory, path);
    try {
      return new UapiSocketFile(path, channel);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /**
   * A listening socket that somebody else has bound there.
   *
   * @param channel becomes this object's to close
   * @throws NoSuchFileException if there is no such file
   */
  public static UapiSocketFile of(Path path, ServerSocketChannel channel) throws IOException {
    UapiSocketFile file = new UapiSocketFile(path, channel);
    if (file.key == null) {
      throw new NoSuchFileException(path.toString());
    }
    return file;
  }

  /** Whether somebody answers there; what nobody answers at was left by a process that is gone. */
  private static boolean isHeld(Path path) {
    if (!Files.exists(path)) {
      return false;
    }
    try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      probe.connect(UnixDomainSocketAddress.of(path));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Made where nobody else can come, made private, and only then put in its place. */
  private static ServerSocketChannel bind(Path directory, Path path) throws IOException {
    Path hidden = Files.createTempDirectory(directory, ".culvert");
    ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      Path made = hidden.resolve("s");
      channel.bind(UnixDomainSocketAddress.of(made));
      Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rw-------"));
      Files.move(made, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return channel;
    } catch (IOException e) {
      channel.close();
      Files.deleteIfExists(hidden.resolve("s"));
      throw e;
    } finally {
      Files.deleteIfExists(hidden);
    }
  }

  private static @Nullable Object keyOf(Path path) throws IOException {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  public Path path() {
    return path;
  }

  ServerSocketChannel channel() {
    return channel;
  }

  /** Whether the file is there and still this very socket. */
  public boolean isThere() throws IOException {
    Object now = keyOf(path);
    return now != null && now.equals(key);
  }

  /** Ends what listens, and removes the file if it is still this one. */
  @Override
  public void close() throws IOException {
    channel.close();
    if (isThere()) {
      Files.deleteIfExists(path);
    }
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
