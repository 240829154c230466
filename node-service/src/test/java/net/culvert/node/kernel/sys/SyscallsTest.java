package net.culvert.node.kernel.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import net.culvert.node.kernel.abi.Errno;
import net.culvert.node.kernel.abi.Fcntl;
import net.culvert.node.kernel.abi.In;
import net.culvert.node.kernel.abi.In.SockaddrIn;
import net.culvert.node.kernel.abi.Nsfs;
import net.culvert.node.kernel.abi.Sched;
import net.culvert.node.kernel.abi.Socket;
import net.culvert.node.kernel.abi.Socket.Mmsghdr;
import net.culvert.node.kernel.abi.Socket.Msghdr;
import net.culvert.node.kernel.abi.Uio.Iovec;
import net.culvert.node.testing.FaultInjectingSyscalls;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The calls that need no privilege, made for real. */
class SyscallsTest {

  private final FaultInjectingSyscalls faults = new FaultInjectingSyscalls(Syscalls.real());
  private final Syscalls syscalls = faults.syscalls();

  @Test
  void answersANegatedErrno(@TempDir Path folder) {
    assertThat(syscalls.open(folder + "/absent", Fcntl.O_RDONLY, 0)).isEqualTo(-Errno.ENOENT);
    assertThat(syscalls.close(1 << 20)).isEqualTo(-Errno.EBADF);
    assertThat(syscalls.fcntl(-1, Fcntl.F_GETFL, 0)).isEqualTo(-Errno.EBADF);
    assertThat(syscalls.mkdir(folder.toString(), 0755)).isEqualTo(-Errno.EEXIST);
    assertThat(syscalls.unlink(folder + "/absent")).isEqualTo(-Errno.ENOENT);
  }

  @Test
  void everyThreadHasItsOwnErrno() throws Exception {
    try (var executor = java.util.concurrent.Executors.newFixedThreadPool(4)) {
      var results =
          executor.invokeAll(
              java.util.stream.IntStream.range(0, 4)
                  .<java.util.concurrent.Callable<Boolean>>mapToObj(n ->
                      () -> {
                        boolean right = true;
                        for (int i = 0; i < 2000; i++) {
                          right &=
                              n % 2 == 0
                                  ? Syscalls.real().close(-1) == -Errno.EBADF
                                  : Syscalls.real().unlink("/proc/absent") == -Errno.ENOENT;
                        }
                        return right;
                      })
                  .toList());
      for (var result : results) {
        assertThat(result.get()).isTrue();
      }
    }
  }

  @Test
  void writesAndReadsAFile(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("bytes");
    try (Arena arena = Arena.ofConfined();
        FileDescriptor fd =
            FileDescriptor.own(
                syscalls,
                syscalls.open(file.toString(), Fcntl.O_RDWR | Fcntl.O_CREAT | Fcntl.O_EXCL, 0600),
                "open",
                file.toString())) {
      MemorySegment text = arena.allocateFrom("hello, kernel");
      assertThat(syscalls.write(fd.fd(), text.address(), 5)).isEqualTo(5);
      MemorySegment pieces = arena.allocate(2L * Iovec.SIZEOF, 8);
      piece(pieces, 0, text.asSlice(5, 2));
      piece(pieces, 1, text.asSlice(7, 6));
      assertThat(syscalls.writev(fd.fd(), pieces.address(), 2)).isEqualTo(8);
    }
    assertThat(Files.readString(file)).isEqualTo("hello, kernel");
    assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
    try (Arena arena = Arena.ofConfined();
        FileDescriptor fd = FileDescriptor.open(syscalls, file.toString(), Fcntl.O_RDONLY)) {
      assertThat(syscalls.fcntl(fd.fd(), Fcntl.F_GETFD, 0)).isEqualTo(Fcntl.FD_CLOEXEC);
      MemorySegment buffer = arena.allocate(64);
      assertThat(syscalls.read(fd.fd(), buffer.address(), 5)).isEqualTo(5);
      MemorySegment pieces = arena.allocate(2L * Iovec.SIZEOF, 8);
      piece(pieces, 0, buffer.asSlice(5, 2));
      piece(pieces, 1, buffer.asSlice(7, 50));
      assertThat(syscalls.readv(fd.fd(), pieces.address(), 2)).isEqualTo(8);
      assertThat(buffer.getString(0)).isEqualTo("hello, kernel");
    }
    assertThat(faults.openDescriptors()).isEmpty();
  }

  @Test
  void ioctlTakesItsArgument() {
    try (FileDescriptor fd = FileDescriptor.open(syscalls, "/proc/self/ns/net", Fcntl.O_RDONLY)) {
      assertThat(syscalls.ioctl(fd.fd(), Nsfs.NS_GET_NSTYPE, 0)).isEqualTo(Sched.CLONE_NEWNET);
    }
  }

  @Test
  void datagramsInBatches() {
    try (Arena arena = Arena.ofConfined();
        FileDescriptor receiver = udp();
        FileDescriptor sender = udp()) {
      MemorySegment address = arena.allocate(SockaddrIn.SIZEOF, 4);
      address.set(ValueLayout.JAVA_SHORT, SockaddrIn.SIN_FAMILY, (short) Socket.AF_INET);
      address.set(ValueLayout.JAVA_BYTE, SockaddrIn.SIN_ADDR, (byte) 127);
      address.set(ValueLayout.JAVA_BYTE, SockaddrIn.SIN_ADDR + 3L, (byte) 1);
      assertThat(syscalls.bind(receiver.fd(), address.address(), SockaddrIn.SIZEOF)).isZero();
      MemorySegment length = arena.allocateFrom(ValueLayout.JAVA_INT, SockaddrIn.SIZEOF);
      assertThat(syscalls.getsockname(receiver.fd(), address.address(), length.address())).isZero();
      assertThat(address.get(ValueLayout.JAVA_SHORT, SockaddrIn.SIN_PORT)).isNotZero();
      MemorySegment value = arena.allocateFrom(ValueLayout.JAVA_INT, 1 << 16);
      assertThat(
              syscalls.setsockopt(
                  receiver.fd(), Socket.SOL_SOCKET, Socket.SO_RCVBUF, value.address(), 4))
          .isZero();
      MemorySegment four = arena.allocateFrom(ValueLayout.JAVA_INT, 4);
      assertThat(
              syscalls.getsockopt(
                  receiver.fd(),
                  Socket.SOL_SOCKET,
                  Socket.SO_RCVBUF,
                  value.address(),
                  four.address()))
          .isZero();
      assertThat(value.get(ValueLayout.JAVA_INT, 0)).isEqualTo(2 << 16);
      assertThat(syscalls.connect(sender.fd(), address.address(), SockaddrIn.SIZEOF)).isZero();

      MemorySegment out = batch(arena, "one", "two", "three");
      assertThat(syscalls.sendmmsg(sender.fd(), out.address(), 3, 0)).isEqualTo(3);
      MemorySegment text = arena.allocateFrom("four");
      assertThat(syscalls.send(sender.fd(), text.address(), 5, 0)).isEqualTo(5);

      MemorySegment in = batch(arena, ".........", ".........", ".........");
      assertThat(syscalls.recvmmsg(receiver.fd(), in.address(), 3, Socket.MSG_DONTWAIT))
          .isEqualTo(3);
      assertThat(in.get(ValueLayout.JAVA_INT, 2L * Mmsghdr.SIZEOF + Mmsghdr.MSG_LEN)).isEqualTo(6);
      MemorySegment buffer = arena.allocate(16);
      assertThat(syscalls.recv(receiver.fd(), buffer.address(), 16, 0)).isEqualTo(5);
      assertThat(buffer.getString(0)).isEqualTo("four");
      assertThat(syscalls.recvmmsg(receiver.fd(), in.address(), 3, Socket.MSG_DONTWAIT))
          .isEqualTo(-Errno.EAGAIN);
    }
    assertThat(faults.openDescriptors()).isEmpty();
  }

  @Test
  void aDescriptorIsClosedOnce() {
    FileDescriptor fd = udp();
    assertThat(fd.isOpen()).isTrue();
    assertThat(faults.openDescriptors()).containsExactly(fd.fd());
    fd.close();
    fd.close();
    assertThat(fd.fd()).isEqualTo(-1);
    assertThat(faults.calls()).filteredOn("close"::equals).hasSize(1);
    assertThat(faults.openDescriptors()).isEmpty();
  }

  @Test
  void anInjectedFailureDoesNotReachTheKernel() {
    faults.failCall("socket", 2, Errno.EMFILE);
    try (FileDescriptor first = udp()) {
      assertThat(first.isOpen()).isTrue();
      assertThatThrownBy(this::udp).hasMessage("socket udp: EMFILE (Too many open files)");
      assertThat(faults.hasFailed()).isTrue();
      assertThat(faults.openDescriptors()).hasSize(1);
    }
    assertThat(faults.calls()).containsExactly("socket", "socket", "close");
  }

  private FileDescriptor udp() {
    int type = Socket.SOCK_DGRAM | Socket.SOCK_CLOEXEC;
    return FileDescriptor.own(
        syscalls, syscalls.socket(Socket.AF_INET, type, In.IPPROTO_UDP), "socket", "udp");
  }

  private static void piece(MemorySegment pieces, int index, MemorySegment bytes) {
    long at = (long) index * Iovec.SIZEOF;
    pieces.set(ValueLayout.JAVA_LONG, at + Iovec.IOV_BASE, bytes.address());
    pieces.set(ValueLayout.JAVA_LONG, at + Iovec.IOV_LEN, bytes.byteSize());
  }

  private static MemorySegment batch(Arena arena, String... texts) {
    MemorySegment messages = arena.allocate((long) texts.length * Mmsghdr.SIZEOF, 8);
    for (int i = 0; i < texts.length; i++) {
      MemorySegment text = arena.allocateFrom(texts[i], StandardCharsets.US_ASCII);
      MemorySegment pieces = arena.allocate(Iovec.SIZEOF, 8);
      piece(pieces, 0, text);
      long at = (long) i * Mmsghdr.SIZEOF + Mmsghdr.MSG_HDR;
      messages.set(ValueLayout.JAVA_LONG, at + Msghdr.MSG_IOV, pieces.address());
      messages.set(ValueLayout.JAVA_LONG, at + Msghdr.MSG_IOVLEN, 1L);
    }
    return messages;
  }
}
