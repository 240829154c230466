package net.culvert.node.kernel.netns;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import net.culvert.node.kernel.abi.Errno;
import net.culvert.node.kernel.abi.Fcntl;
import net.culvert.node.kernel.abi.Nsfs;
import net.culvert.node.kernel.abi.Sched;
import net.culvert.node.kernel.sys.FileDescriptor;
import net.culvert.node.kernel.sys.Syscalls;
import net.culvert.node.kernel.sys.SystemCallException;

/**
 * An open network namespace. It lives as long as this descriptor is open, whatever happens to its
 * name. Any thread may use it; the owner closes it.
 */
public final class NetworkNamespace implements AutoCloseable {

  private final FileDescriptor descriptor;
  private final long inode;

  private NetworkNamespace(FileDescriptor descriptor, long inode) {
    this.descriptor = descriptor;
    this.inode = inode;
  }

  /**
   * The calling thread's namespace. {@code /proc/self} would answer that of the process's first
   * thread.
   */
  public static NetworkNamespace current(Syscalls syscalls) {
    return open(syscalls, "/proc/thread-self/ns/net");
  }

  /**
   * Opens a namespace file, such as {@code /run/netns/NAME} or {@code /proc/PID/ns/net}.
   *
   * @throws SystemCallException as open(2); EINVAL where the file is no network namespace
   */
  public static NetworkNamespace open(Syscalls syscalls, String path) {
    return of(syscalls, FileDescriptor.open(syscalls, path, Fcntl.O_RDONLY));
  }

  /**
   * The namespace that a descriptor leads to.
   *
   * @param descriptor becomes this object's to close
   * @throws SystemCallException as {@link #open}
   */
  public static NetworkNamespace of(Syscalls syscalls, FileDescriptor descriptor) {
    String path = descriptor.object();
    try {
      long type = syscalls.ioctl(descriptor.fd(), Nsfs.NS_GET_NSTYPE, 0);
      if (type < 0 && type != -Errno.ENOTTY) {
        throw new SystemCallException("ioctl NS_GET_NSTYPE", (int) -type, path);
      }
      if (type != Sched.CLONE_NEWNET) {
        // ENOTTY: a plain file, such as the mount point that a reboot or a crash left behind.
        throw new SystemCallException(
            "setns", Errno.EINVAL, path + ", which is no network namespace");
      }
      Path file = Path.of("/proc/self/fd/" + descriptor.fd());
      return new NetworkNamespace(descriptor, (Long) Files.getAttribute(file, "unix:ino"));
    } catch (IOException e) {
      descriptor.close();
      SystemCallException refusal = new SystemCallException("stat", Errno.EIO, path);
      refusal.initCause(e);
      throw refusal;
    } catch (RuntimeException e) {
      descriptor.close();
      throw e;
    }
  }

  /** For setns(2) and for the attributes that take a namespace's descriptor. */
  public FileDescriptor descriptor() {
    return descriptor;
  }

  /** What identifies a living namespace on this machine: the number in {@code net:[…]}. */
  public long inode() {
    return inode;
  }

  @Override
  public void close() {
    descriptor.close();
  }

  @Override
  public String toString() {
    return "net:[" + inode + "] " + descriptor.object();
  }
}
