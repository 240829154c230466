package net.culvert.node.kernel.sys;

import net.culvert.node.kernel.abi.Errno;
import org.jspecify.annotations.Nullable;

/** {@link Syscalls} of the kernel that runs this process. */
final class LinuxSyscalls implements Syscalls {

  /** Loads the C library when it is first needed, and once. */
  static final class Holder {
    static final Syscalls INSTANCE = new LinuxSyscalls(LibC.FUNCTIONS);

    private Holder() {}
  }

  private final LibC.Functions libc;

  private LinuxSyscalls(LibC.Functions libc) {
    this.libc = libc;
  }

  private static long answer(long result) {
    return result >= 0 ? result : failure();
  }

  private static long failure() {
    int errno = LibC.errno();
    // An error without a number would read as success.
    return errno > 0 ? -errno : -Errno.EIO;
  }

  @Override
  public long open(String path, int flags, int mode) {
    return answer(libc.open(path, flags, mode));
  }

  @Override
  public long close(int fd) {
    return answer(libc.close(fd));
  }

  @Override
  public long read(int fd, long address, long length) {
    return answer(libc.read(fd, address, length));
  }

  @Override
  public long write(int fd, long address, long length) {
    return answer(libc.write(fd, address, length));
  }

  @Override
  public long readv(int fd, long iovec, int count) {
    return answer(libc.readv(fd, iovec, count));
  }

  @Override
  public long writev(int fd, long iovec, int count) {
    return answer(libc.writev(fd, iovec, count));
  }

  @Override
  public long ioctl(int fd, int request, long argument) {
    // The request is unsigned: bit 31 says that the kernel reads the argument.
    return answer(libc.ioctl(fd, request & 0xffff_ffffL, argument));
  }

  @Override
  public long fcntl(int fd, int command, long argument) {
    return answer(libc.fcntl(fd, command, argument));
  }

  @Override
  public long socket(int domain, int type, int protocol) {
    return answer(libc.socket(domain, type, protocol));
  }

  @Override
  public long socketpair(int domain, int type, int protocol, long descriptors) {
    return answer(libc.socketpair(domain, type, protocol, descriptors));
  }

  @Override
  public long dup3(int fd, int target, int flags) {
    return answer(libc.dup3(fd, target, flags));
  }

  @Override
  public long bind(int fd, long address, int addressLength) {
    return answer(libc.bind(fd, address, addressLength));
  }

  @Override
  public long connect(int fd, long address, int addressLength) {
    return answer(libc.connect(fd, address, addressLength));
  }

  @Override
  public long getsockname(int fd, long address, long addressLength) {
    return answer(libc.getsockname(fd, address, addressLength));
  }

  @Override
  public long setsockopt(int fd, int level, int option, long value, int valueLength) {
    return answer(libc.setsockopt(fd, level, option, value, valueLength));
  }

  @Override
  public long getsockopt(int fd, int level, int option, long value, long valueLength) {
    return answer(libc.getsockopt(fd, level, option, value, valueLength));
  }

  @Override
  public long send(int fd, long buffer, long length, int flags) {
    return answer(libc.send(fd, buffer, length, flags));
  }

  @Override
  public long recv(int fd, long buffer, long length, int flags) {
    return answer(libc.recv(fd, buffer, length, flags));
  }

  @Override
  public long sendmsg(int fd, long message, int flags) {
    return answer(libc.sendmsg(fd, message, flags));
  }

  @Override
  public long recvmsg(int fd, long message, int flags) {
    return answer(libc.recvmsg(fd, message, flags));
  }

  @Override
  public long sendmmsg(int fd, long messages, int count, int flags) {
    return answer(libc.sendmmsg(fd, messages, count, flags));
  }

  @Override
  public long recvmmsg(int fd, long messages, int count, int flags) {
    // No timeout: the kernel looks at it only after a datagram has come, so it bounds nothing.
    return answer(libc.recvmmsg(fd, messages, count, flags, 0));
  }

  @Override
  public long poll(long fds, int count, int timeoutMillis) {
    return answer(libc.poll(fds, count, timeoutMillis));
  }

  @Override
  public long ppoll(long fds, int count, long timeout) {
    return answer(libc.ppoll(fds, count, timeout, 0));
  }

  @Override
  public long eventfd(int initial, int flags) {
    return answer(libc.eventfd(initial, flags));
  }

  @Override
  public long setns(int fd, int type) {
    return answer(libc.setns(fd, type));
  }

  @Override
  public long unshare(int flags) {
    return answer(libc.unshare(flags));
  }

  @Override
  public long mount(@Nullable String source, String target, @Nullable String type, long flags) {
    return answer(libc.mount(source, target, type, flags, 0));
  }

  @Override
  public long umount2(String target, int flags) {
    return answer(libc.umount2(target, flags));
  }

  @Override
  public long mkdir(String path, int mode) {
    return answer(libc.mkdir(path, mode));
  }

  @Override
  public long unlink(String path) {
    return answer(libc.unlink(path));
  }

  @Override
  public long linkat(int oldFolder, String oldPath, int newFolder, String newPath, int flags) {
    return answer(libc.linkat(oldFolder, oldPath, newFolder, newPath, flags));
  }

  @Override
  public long flock(int fd, int operation) {
    return answer(libc.flock(fd, operation));
  }

  @Override
  public long gettid() {
    return answer(libc.gettid());
  }

  @Override
  public long getpid() {
    return libc.getpid();
  }

  @Override
  public long geteuid() {
    return libc.geteuid();
  }
}
