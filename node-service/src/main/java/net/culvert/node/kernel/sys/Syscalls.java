package net.culvert.node.kernel.sys;

import org.jspecify.annotations.Nullable;

/**
 * The system calls that this program makes. Tests stand between it and the kernel to let any of
 * them fail.
 *
 * <p>Every method answers as the kernel itself does: a result of zero or more, or a negated error
 * number of {@link net.culvert.node.kernel.abi.Errno}. None throws, and none whose arguments are
 * numbers allocates on success. Memory is passed as the {@code long} address of off-heap bytes that
 * the caller keeps alive until the call has returned; lengths are bytes.
 *
 * <p>The error number is kept for each platform thread: on a virtual thread a wrong one could be
 * read, so call from platform threads only. {@link #setns} and {@link #unshare} change the calling
 * thread for good; see {@code NamespaceRunner}. A call that a signal interrupts answers −EINTR and
 * is not repeated here.
 */
public interface Syscalls {

  /** The kernel of this process. Throws {@link IllegalStateException} where jnr cannot load. */
  static Syscalls real() {
    return LinuxSyscalls.Holder.INSTANCE;
  }

  /** A descriptor; pass O_CLOEXEC. */
  long open(String path, int flags, int mode);

  long close(int fd);

  long read(int fd, long address, long length);

  long write(int fd, long address, long length);

  /** {@code iovec}: address of {@code count} structures {@code iovec}. */
  long readv(int fd, long iovec, int count);

  /** {@code iovec}: address of {@code count} structures {@code iovec}. */
  long writev(int fd, long iovec, int count);

  /** {@code argument}: a number or an address, as the request wants it. */
  long ioctl(int fd, int request, long argument);

  long fcntl(int fd, int command, long argument);

  /** A descriptor; add SOCK_CLOEXEC to the type. */
  long socket(int domain, int type, int protocol);

  /** {@code descriptors}: address of two ints, which become the descriptors. */
  long socketpair(int domain, int type, int protocol, long descriptors);

  /** {@code target} becomes a second number of {@code fd}, and what it was is closed. */
  long dup3(int fd, int target, int flags);

  long bind(int fd, long address, int addressLength);

  long connect(int fd, long address, int addressLength);

  /** {@code addressLength}: address of an int, capacity in, length out. */
  long getsockname(int fd, long address, long addressLength);

  long setsockopt(int fd, int level, int option, long value, int valueLength);

  /** {@code valueLength}: address of an int, capacity in, length out. */
  long getsockopt(int fd, int level, int option, long value, long valueLength);

  /** To the peer of a connected socket; {@link #sendmsg} names a destination. */
  long send(int fd, long buffer, long length, int flags);

  /** {@link #recvmsg} also answers who sent it and whether it was cut. */
  long recv(int fd, long buffer, long length, int flags);

  /** {@code message}: address of a structure {@code msghdr}. */
  long sendmsg(int fd, long message, int flags);

  /** {@code message}: address of a structure {@code msghdr}. */
  long recvmsg(int fd, long message, int flags);

  /**
   * {@code messages}: address of {@code count} structures {@code mmsghdr}; answers how many went.
   */
  long sendmmsg(int fd, long messages, int count, int flags);

  /**
   * {@code messages}: address of {@code count} structures {@code mmsghdr}; answers how many came.
   */
  long recvmmsg(int fd, long messages, int count, int flags);

  /** {@code fds}: address of {@code count} structures {@code pollfd}; −1 waits for ever. */
  long poll(long fds, int count, int timeoutMillis);

  /** As {@link #poll}; {@code timeout} is the address of a structure {@code timespec}, or 0. */
  long ppoll(long fds, int count, long timeout);

  /** A descriptor. */
  long eventfd(int initial, int flags);

  /**
   * The calling thread enters the namespace; {@code type} is 0 or a CLONE_NEW flag to insist on.
   */
  long setns(int fd, int type);

  /** The calling thread gets a new namespace of each CLONE_NEW flag. */
  long unshare(int flags);

  /** A path may be null where mount(2) takes none. */
  long mount(@Nullable String source, String target, @Nullable String type, long flags);

  long umount2(String target, int flags);

  long mkdir(String path, int mode);

  long unlink(String path);

  /** A second name for a file; the folders are descriptors or AT_FDCWD. */
  long linkat(int oldFolder, String oldPath, int newFolder, String newPath, int flags);

  /** An advisory lock of an open file; see {@code net.culvert.node.kernel.abi.SysFile}. */
  long flock(int fd, int operation);

  /** The calling thread's id. */
  long gettid();

  /** The calling process's id. */
  long getpid();

  /** The calling thread's effective user. */
  long geteuid();
}
