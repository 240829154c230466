package net.culvert.node.kernel.netns;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
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
   * behind, but {@code /run/netns} itself.
   *
   * @throws SystemCallException EEXIST where the name is taken, by a namespace or by a file; EPERM
   *     without CAP_SYS_ADMIN
   */
  public void create(ResourceName name) {
    shareDirectory();
    String path = path(name);
    int flags = Fcntl.O_RDONLY | Fcntl.O_CREAT | Fcntl.O_EXCL | Fcntl.O_CLOEXEC;
    FileDescriptor.own(syscalls, syscalls.open(path, flags, 0), "open", path).close();
    try {
      NamespaceRunner.onOwnThread(() -> mountNew(path));
    } catch (RuntimeException e) {
      var _ = unlink(path);
      throw e;
    }
  }

  /** On a thread that is thrown away: it stays in the new namespace. */
  private long mountNew(String path) {
    SystemCallException.check(syscalls.unshare(Sched.CLONE_NEWNET), "unshare CLONE_NEWNET", path);
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
   * Whether the name is taken by a file that is no namespace, such as a reboot leaves of a {@code
   * /run} that is on a disk.
   */
  public boolean isStale(ResourceName name) {
    return exists(name) && inode(name).isEmpty();
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
    List<ResourceName> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of(DIRECTORY))) {
      for (Path entry : entries) {
        if (inode(entry).isPresent()) {
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

  /** Looks without opening: a file of the file system that all namespaces are in is one. */
  private static Optional<Long> inode(Path path) {
    try {
      Object namespaces = Files.getAttribute(Path.of("/proc/self/ns/net"), "unix:dev");
      return namespaces.equals(Files.getAttribute(path, "unix:dev"))
          ? Optional.of((Long) Files.getAttribute(path, "unix:ino"))
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
