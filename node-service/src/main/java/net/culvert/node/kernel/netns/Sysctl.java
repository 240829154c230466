package net.culvert.node.kernel.netns;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import net.culvert.node.kernel.abi.Errno;
import net.culvert.node.kernel.abi.Fcntl;
import net.culvert.node.kernel.sys.FileDescriptor;
import net.culvert.node.kernel.sys.Syscalls;
import net.culvert.node.kernel.sys.SystemCallException;

/**
 * The numbers under {@code /proc/sys/net} of any network namespace. A name is the path below that
 * folder, such as {@code ipv6/conf/veth0/proxy_ndp}: with slashes, since a link's name may hold
 * dots. Any thread may call; each call has a thread of its own inside the namespace.
 */
public final class Sysctl {

  private static final String FOLDER = "/proc/sys/net/";

  /** A number has at most eleven digits and signs, and a line end. */
  private static final int BUFFER_BYTES = 64;

  private final Syscalls syscalls;
  private final NamespaceRunner runner;

  public Sysctl(Syscalls syscalls) {
    this.syscalls = syscalls;
    this.runner = new NamespaceRunner(syscalls);
  }

  /**
   * A setting's value.
   *
   * @throws SystemCallException ENOENT where the kernel has no such setting, or no such link
   */
  public int read(NetworkNamespace namespace, String name) {
    String path = FOLDER + name;
    return runner.call(
        namespace,
        () -> {
          try (Arena arena = Arena.ofConfined();
              FileDescriptor file = FileDescriptor.open(syscalls, path, Fcntl.O_RDONLY)) {
            MemorySegment buffer = arena.allocate(BUFFER_BYTES);
            long length =
                SystemCallException.check(
                    syscalls.read(file.fd(), buffer.address(), BUFFER_BYTES), "read", path);
            return number(buffer.asSlice(0, length), path);
          }
        });
  }

  private static int number(MemorySegment bytes, String path) {
    String text = StandardCharsets.US_ASCII.decode(bytes.asByteBuffer()).toString().strip();
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      SystemCallException refusal = new SystemCallException("read", Errno.EINVAL, path);
      refusal.initCause(e);
      throw refusal;
    }
  }

  /** A setting's value, or empty where the kernel has no such setting, or no such link. */
  public Optional<Integer> find(NetworkNamespace namespace, String name) {
    try {
      return Optional.of(read(namespace, name));
    } catch (SystemCallException e) {
      if (e.errno() == Errno.ENOENT) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * Gives a setting a value.
   *
   * @throws SystemCallException ENOENT as for {@link #read}, EROFS where {@code /proc/sys} is
   *     read-only as in most containers, EINVAL for a value that the kernel does not take
   */
  public void write(NetworkNamespace namespace, String name, int value) {
    String path = FOLDER + name;
    var _ =
        runner.call(
            namespace,
            () -> {
              try (Arena arena = Arena.ofConfined();
                  FileDescriptor file = FileDescriptor.open(syscalls, path, Fcntl.O_WRONLY)) {
                String text = value + "\n";
                MemorySegment buffer = arena.allocateFrom(text, StandardCharsets.US_ASCII);
                return SystemCallException.check(
                    syscalls.write(file.fd(), buffer.address(), text.length()), "write", path);
              }
            });
  }
}
