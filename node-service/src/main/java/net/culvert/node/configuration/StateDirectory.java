package net.culvert.node.configuration;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The folder where one node keeps what must outlive it, mode 0700, locked while the node runs: two
 * nodes with one id would remove each other's devices.
 *
 * <p>Every failure is a {@link StartRefusedException} that names the file. Used at start by one
 * thread.
 */
public final class StateDirectory implements AutoCloseable {

  private static final String LOCK = "lock";
  private static final int MAX_FILE_BYTES = 4096;
  private static final Set<PosixFilePermission> OWNER_FOLDER =
      PosixFilePermissions.fromString("rwx------");
  private static final Set<PosixFilePermission> OWNER_FILE =
      PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> WRITABLE_BY_OTHERS =
      EnumSet.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

  private final Path path;
  private final FileChannel lockFile;

  private StateDirectory(Path path, FileChannel lockFile) {
    this.path = path;
    this.lockFile = lockFile;
  }

  /** Makes the directory if it is not there, checks who may write to it, and locks it. */
  public static StateDirectory open(Path path) {
    try {
      if (!Files.exists(path)) {
        create(path);
      }
      check(path);
      return new StateDirectory(path, lock(path));
    } catch (IOException e) {
      throw refused("The state directory " + path + " cannot be used: " + words(e));
    }
  }

  private static void create(Path path) throws IOException {
    Path parent = path.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    try {
      Files.createDirectory(path, PosixFilePermissions.asFileAttribute(OWNER_FOLDER));
    } catch (FileAlreadyExistsException e) {
      // Another start was faster; what it made is checked like any other.
    }
  }

  private static void check(Path path) throws IOException {
    PosixFileAttributes attributes = Files.readAttributes(path, PosixFileAttributes.class);
    if (!attributes.isDirectory()) {
      throw refused("The state directory " + path + " is not a directory.");
    }
    Set<PosixFilePermission> tooOpen = EnumSet.copyOf(WRITABLE_BY_OTHERS);
    tooOpen.retainAll(attributes.permissions());
    if (!tooOpen.isEmpty()) {
      throw new StartRefusedException(
          "The state directory "
              + path
              + " can be written by others than its owner ("
              + PosixFilePermissions.toString(attributes.permissions())
              + ").",
          "chmod 0700 " + path + ", or give the node a directory of its own.");
    }
    requireTrustedOwner(path);
  }

  private static FileChannel lock(Path path) throws IOException {
    Path file = path.resolve(LOCK);
    FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
            PosixFilePermissions.asFileAttribute(OWNER_FILE));
    @Nullable FileLock lock = null;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // Held by another node in this same process; the same refusal below.
    } finally {
      if (lock == null) {
        channel.close();
      }
    }
    if (lock == null) {
      throw new StartRefusedException(
          "Another node runs with the state directory " + path + ".",
          "Stop it first, or start this one with --culvert.state-directory=… of its own.");
    }
    return channel;
  }

  public Path path() {
    return path;
  }

  /**
   * The text of a small file, without the line end that an editor may have left. Where there is no
   * such file, it is made with that content, mode 0600, complete or not at all.
   */
  public String readOrCreate(String name, Supplier<String> content) {
    Path file = path.resolve(name);
    try {
      if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        write(file, content.get());
      }
      return read(file);
    } catch (IOException e) {
      throw refused(file + " cannot be used: " + words(e));
    }
  }

  private static String read(Path file) throws IOException {
    PosixFileAttributes attributes =
        Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (!attributes.isRegularFile()) {
      throw refused(file + " is not a regular file.");
    }
    if (!OWNER_FILE.containsAll(attributes.permissions())) {
      throw new StartRefusedException(
          file
              + " is too open: its mode is "
              + PosixFilePermissions.toString(attributes.permissions())
              + ", and others than its owner must have no access.",
          "chmod 0600 " + file + ", and replace its content if others may have read it.");
    }
    requireTrustedOwner(file);
    if (attributes.size() > MAX_FILE_BYTES) {
      throw refused(file + " has " + attributes.size() + " bytes, which no such file of ours has.");
    }
    return Files.readString(file).strip();
  }

  /**
   * By a temporary file and a link, so that a reader sees all of it, and nothing is overwritten.
   */
  private static void write(Path file, String content) throws IOException {
    Path draft = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID());
    try {
      try (FileChannel channel =
          FileChannel.open(
              draft,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(OWNER_FILE))) {
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(content);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.createLink(file, draft);
    } finally {
      Files.deleteIfExists(draft);
    }
    try (FileChannel folder = FileChannel.open(file.resolveSibling("."))) {
      folder.force(true);
    }
  }

  private static void requireTrustedOwner(Path file) throws IOException {
    int owner = (Integer) Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    int self = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    if (owner != self && owner != 0) {
      throw new StartRefusedException(
          file + " belongs to user " + owner + ", and the node runs as user " + self + ".",
          "chown " + self + " " + file + ".");
    }
  }

  private static StartRefusedException refused(String reason) {
    return new StartRefusedException(
        reason, "Repair it, or name another directory with --culvert.state-directory=….");
  }

  private static String words(IOException e) {
    return switch (e) {
      case AccessDeniedException denied -> "permission denied for " + denied.getFile() + ".";
      case NoSuchFileException absent -> absent.getFile() + " does not exist.";
      case FileAlreadyExistsException there -> there.getFile() + " exists already.";
      default -> String.valueOf(e.getMessage());
    };
  }

  /** Gives the lock back; the lock file itself stays. */
  @Override
  public void close() throws IOException {
    lockFile.close();
  }
}
