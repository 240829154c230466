package net.culvert.node.kernel.netns;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import net.culvert.api.value.ResourceName;
import net.culvert.node.kernel.abi.Errno;
import net.culvert.node.kernel.abi.Fcntl;
import net.culvert.node.kernel.abi.Mount;
import net.culvert.node.kernel.abi.Sched;
import net.culvert.node.kernel.abi.SysFile;
import net.culvert.node.kernel.sys.FileDescriptor;
import net.culvert.node.kernel.sys.Syscalls;
import net.culvert.node.kernel.sys.SystemCallException;

/**
 * Namespaces that have a name in {@code /run/netns}, as {@code ip netns} makes and sees them: a
 * file of that name with the namespace mounted on it. Any thread may call.
 *
 * <p>Others see what is made here if they share this process's mounts of {@code /run/netns}. A
 * program under {@code ip netns exec} has mounts of its own, and what it makes stays with it.
 */
public final class NamedNamespaces {

  static final String DIRECTORY = "/run/netns";

  private static final int DIRECTORY_MODE = 0755;
  private static final int FILE_MODE = 0400;

  /** {@code ip} holds the lock for two mounts; whoever holds it longer is stuck. */
  private static final int LOCK_ATTEMPTS = 200;

  private static final long LOCK_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private final Syscalls syscalls;

  public NamedNamespaces(Syscalls syscalls) {
    this.syscalls = syscalls;
  }

  private static String path(ResourceName name) {
    return DIRECTORY + "/" + name;
  }

  /**
   * Makes a namespace, with nothing in it but a {@code lo} that is down. What fails leaves nothing
   * behind, but {@code /run/netns} itself; a process that is killed leaves at most a file that
   * {@link #leftovers} finds.
   *
   * @param owner a short text for the file under the mount, which says whose it is
   * @param first called on a thread in the new namespace, before that has its name
   * @throws SystemCallException EEXIST where the name is taken, by a namespace or by a file; EPERM
   *     without CAP_SYS_ADMIN; and what {@code first} throws
   */
  public void create(ResourceName name, String owner, Runnable first) {
    shareDirectory();
    String path = path(name);
    makeFile(path, owner);
    try {
      NamespaceRunner.onOwnThread(() -> mountNew(path, first));
    } catch (RuntimeException e) {
      var _ = unlink(path);
      throw e;
    }
  }

  /** The file has its name and its text at once, so that nobody ever finds it without. */
  private void makeFile(String path, String text) {
    int flags = Fcntl.O_TMPFILE | Fcntl.O_WRONLY | Fcntl.O_CLOEXEC;
    try (FileDescriptor file =
            FileDescriptor.own(
                syscalls, syscalls.open(DIRECTORY, flags, FILE_MODE), "open O_TMPFILE", DIRECTORY);
        Arena arena = Arena.ofConfined()) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      MemorySegment memory = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
      SystemCallException.check(
          syscalls.write(file.fd(), memory.address(), bytes.length), "write", path);
      SystemCallException.check(
          syscalls.linkat(
              Fcntl.AT_FDCWD,
              "/proc/self/fd/" + file.fd(),
              Fcntl.AT_FDCWD,
              path,
              Fcntl.AT_SYMLINK_FOLLOW),
          "linkat",
          path);
    }
  }

  /** On a thread that is thrown away: it stays in the new namespace. */
  private long mountNew(String path, Runnable first) {
    SystemCallException.check(syscalls.unshare(Sched.CLONE_NEWNET), "unshare CLONE_NEWNET", path);
    first.run();
    return SystemCallException.check(
        syscalls.mount("/proc/thread-self/ns/net", path, null, Mount.MS_BIND),
        "mount --bind",
        path);
  }

  /**
   * Makes the directory, and makes it a shared mount: so a namespace that is made or deleted later
   * is so in every other mount namespace too, and none keeps a deleted one alive.
   */
  private void shareDirectory() {
    long made = syscalls.mkdir(DIRECTORY, DIRECTORY_MODE);
    if (made != -Errno.EEXIST) {
      SystemCallException.check(made, "mkdir", DIRECTORY);
    }
    long shared = makeShared();
    if (shared == -Errno.EINVAL) {
      // No mount yet. The lock is the one that ip takes: two mounts on each other would hide names.
      try (FileDescriptor lock = lockDirectory()) {
        assert lock.isOpen();
        shared = makeShared();
        if (shared == -Errno.EINVAL) {
          SystemCallException.check(
              syscalls.mount(DIRECTORY, DIRECTORY, null, Mount.MS_BIND | Mount.MS_REC),
              "mount --bind",
              DIRECTORY);
          shared = makeShared();
        }
      }
    }
    SystemCallException.check(shared, "mount --make-shared", DIRECTORY);
  }

  private long makeShared() {
    return syscalls.mount("", DIRECTORY, null, Mount.MS_SHARED | Mount.MS_REC);
  }

  private FileDescriptor lockDirectory() {
    FileDescriptor directory =
        FileDescriptor.open(syscalls, DIRECTORY, Fcntl.O_RDONLY | Fcntl.O_DIRECTORY);
    long result = -Errno.EAGAIN;
    for (int i = 0; i < LOCK_ATTEMPTS; i++) {
      result = syscalls.flock(directory.fd(), SysFile.LOCK_EX | SysFile.LOCK_NB);
      if (result != -Errno.EAGAIN && result != -Errno.EINTR) {
        break;
      }
      LockSupport.parkNanos(LOCK_PAUSE_NANOS);
    }
    if (result < 0) {
      directory.close();
      throw new SystemCallException("flock", (int) -result, DIRECTORY);
    }
    return directory;
  }

  /**
   * Takes the name away; one that is not there is a success. The namespace itself ends when no
   * process and no descriptor holds it any more. A file that is no namespace goes too.
   */
  public void delete(ResourceName name) {
    String path = path(name);
    long unmounted = syscalls.umount2(path, Mount.MNT_DETACH | Mount.UMOUNT_NOFOLLOW);
    // EINVAL: nothing is mounted there, the file may be.
    if (unmounted < 0 && unmounted != -Errno.EINVAL && unmounted != -Errno.ENOENT) {
      throw new SystemCallException("umount", (int) -unmounted, path);
    }
    long unlinked = unlink(path);
    if (unlinked < 0 && unlinked != -Errno.ENOENT) {
      throw new SystemCallException("unlink", (int) -unlinked, path);
    }
  }

  /**
   * Tries twice: the file without its mount is no namespace any more, so that nobody would find
   * what is left to do.
   */
  private long unlink(String path) {
    long result = syscalls.unlink(path);
    return result < 0 && result != -Errno.ENOENT ? syscalls.unlink(path) : result;
  }

  /** Whether the name is taken, by a namespace or by a file that is none. */
  public boolean exists(ResourceName name) {
    return Files.exists(Path.of(path(name)), LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * Whether the name is taken by a file of that owner that is no namespace: one that was cut short
   * while it was made or deleted, or that a reboot left of a {@code /run} that is on a disk.
   */
  public boolean isLeftover(ResourceName name, String owner) {
    return isLeftover(Path.of(path(name)), owner);
  }

  private static boolean isLeftover(Path path, String owner) {
    try {
      PosixFileAttributes attributes =
          Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return attributes.isRegularFile()
          && attributes.size() == owner.getBytes(StandardCharsets.UTF_8).length
          && inode(path).isEmpty()
          && Files.readString(path).equals(owner);
    } catch (IOException e) {
      return false;
    }
  }

  /** The names of that owner's files that are no namespaces; see {@link #isLeftover}. */
  public List<ResourceName> leftovers(String owner) {
    return entries(path -> isLeftover(path, owner));
  }

  /** What tells the namespace of that name from any other, or empty where there is none. */
  public Optional<Long> inode(ResourceName name) {
    return inode(Path.of(path(name)));
  }

  /** Opens the namespace of that name. */
  public NetworkNamespace open(ResourceName name) {
    return NetworkNamespace.open(syscalls, path(name));
  }

  /** The names that namespaces have; names that no resource of ours could have are left out. */
  public List<ResourceName> list() {
    return List.copyOf(inodes().keySet());
  }

  /** The same names, each with its namespace's inode. */
  public Map<ResourceName, Long> inodes() {
    Map<ResourceName, Long> inodes = new HashMap<>();
    for (ResourceName name : entries(path -> true)) {
      inode(name).ifPresent(inode -> inodes.put(name, inode));
    }
    return inodes;
  }

  private static List<ResourceName> entries(Predicate<Path> wanted) {
    List<ResourceName> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of(DIRECTORY))) {
      for (Path entry : entries) {
        if (wanted.test(entry)) {
          resourceName(entry).ifPresent(names::add);
        }
      }
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException | DirectoryIteratorException e) {
      throw unreadable(DIRECTORY, e);
    }
    return names;
  }

  private static Optional<ResourceName> resourceName(Path entry) {
    try {
      return Optional.of(ResourceName.parse(entry.getFileName().toString()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The file system that all namespaces are in, whose number stays while the kernel runs. */
  private static final class DeviceOfNamespaces {
    static final Object NUMBER = read();

    private DeviceOfNamespaces() {}

    private static Object read() {
      try {
        return Files.getAttribute(Path.of("/proc/self/ns/net"), "unix:dev");
      } catch (IOException e) {
        throw unreadable("/proc/self/ns/net", e);
      }
    }
  }

  /** Looks without opening: a file of the file system that all namespaces are in is one. */
  private static Optional<Long> inode(Path path) {
    try {
      Map<String, Object> file = Files.readAttributes(path, "unix:dev,ino");
      return DeviceOfNamespaces.NUMBER.equals(file.get("dev"))
          ? Optional.ofNullable((Long) file.get("ino"))
          : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw unreadable(path.toString(), e);
    }
  }

  private static SystemCallException unreadable(String path, Exception cause) {
    SystemCallException refusal = new SystemCallException("stat", Errno.EIO, path);
    refusal.initCause(cause);
    return refusal;
  }
}
