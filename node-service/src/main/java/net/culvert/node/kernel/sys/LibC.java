package net.culvert.node.kernel.sys;

import jnr.ffi.LastError;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;
import jnr.ffi.annotations.Variadic;
import jnr.ffi.types.size_t;
import jnr.ffi.types.ssize_t;
import jnr.posix.POSIX;
import jnr.posix.POSIXFactory;
import org.jspecify.annotations.Nullable;

/**
 * The C library, by jnr-ffi and jnr-posix: the only class of the program that knows either.
 *
 * <p>jnr saves {@code errno} after each call, for the calling platform thread.
 */
final class LibC {

  /**
   * Functions of the C library under their own names, each with five arguments at most: the x86-64
   * stub of jnr-ffi 2.3.4 takes a sixth from the wrong place of the stack. Public because jnr
   * implements it in a class loader of its own; nothing outside {@link LibC} can name it.
   */
  public interface Functions {
    @Variadic(fixedCount = 2)
    int open(String path, int flags, int mode);

    int close(int fd);

    @ssize_t
    long read(int fd, long buffer, @size_t long length);

    @ssize_t
    long write(int fd, long buffer, @size_t long length);

    @ssize_t
    long readv(int fd, long iovec, int count);

    @ssize_t
    long writev(int fd, long iovec, int count);

    // Variadic in C: some calling conventions pass such arguments in other places.
    @Variadic(fixedCount = 2)
    int ioctl(int fd, long request, long argument);

    @Variadic(fixedCount = 2)
    int fcntl(int fd, int command, long argument);

    int socket(int domain, int type, int protocol);

    int socketpair(int domain, int type, int protocol, long descriptors);

    int dup3(int fd, int target, int flags);

    int bind(int fd, long address, int addressLength);

    int connect(int fd, long address, int addressLength);

    int getsockname(int fd, long address, long addressLength);

    int setsockopt(int fd, int level, int option, long value, int valueLength);

    int getsockopt(int fd, int level, int option, long value, long valueLength);

    @ssize_t
    long send(int fd, long buffer, @size_t long length, int flags);

    @ssize_t
    long recv(int fd, long buffer, @size_t long length, int flags);

    @ssize_t
    long sendmsg(int fd, long message, int flags);

    @ssize_t
    long recvmsg(int fd, long message, int flags);

    int sendmmsg(int fd, long messages, int count, int flags);

    int recvmmsg(int fd, long messages, int count, int flags, long timeout);

    int poll(long fds, long count, int timeoutMillis);

    int ppoll(long fds, long count, long timeout, long signalMask);

    int eventfd(int initial, int flags);

    int setns(int fd, int type);

    int unshare(int flags);

    int mount(@Nullable String source, String target, @Nullable String type, long flags, long data);

    int umount2(String target, int flags);

    int mkdir(String path, int mode);

    int unlink(String path);

    int linkat(int oldFolder, String oldPath, int newFolder, String newPath, int flags);

    int flock(int fd, int operation);

    int getpid();

    int geteuid();

    int gettid();
  }

  static final Functions FUNCTIONS = LibraryLoader.create(Functions.class).load("c");
  private static final Runtime RUNTIME = Runtime.getRuntime(FUNCTIONS);

  private LibC() {}

  /** The error number of the calling platform thread's last call. */
  static int errno() {
    return LastError.getLastError(RUNTIME);
  }

  /** The C library's sentence for an error number. */
  static String strerror(int errno) {
    return Posix.NATIVE.strerror(errno);
  }

  /** jnr-posix costs a tenth of a second to load: not before the first error wants its words. */
  private static final class Posix {
    static final POSIX NATIVE = load();

    private Posix() {}

    private static POSIX load() {
      POSIX posix = POSIXFactory.getNativePOSIX();
      if (!posix.isNative()) {
        // jnr-posix falls back to a pure Java imitation without a word.
        throw new IllegalStateException(
            "jnr-posix could not load its native library; start Java with"
                + " --enable-native-access=ALL-UNNAMED and a temporary directory that allows exec");
      }
      return posix;
    }
  }
}
