package net.culvert.node.kernel.tun;

import static net.culvert.node.kernel.sys.SystemCallException.check;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import net.culvert.api.value.LinkName;
import net.culvert.node.kernel.abi.Errno;
import net.culvert.node.kernel.abi.Fcntl;
import net.culvert.node.kernel.abi.If.Ifreq;
import net.culvert.node.kernel.abi.IfTun;
import net.culvert.node.kernel.abi.VirtioNet.VirtioNetHdr;
import net.culvert.node.kernel.netns.NetworkNamespace;
import net.culvert.node.kernel.sys.FileDescriptor;
import net.culvert.node.kernel.sys.Syscalls;
import net.culvert.node.kernel.sys.SystemCallException;

/**
 * A TUN device with one queue that somebody else may have made, and may move to another namespace
 * or remove at any time. Any thread.
 */
public final class SingleQueueTun {

  private static final String PATH = "/dev/net/tun";
  private static final int FLAGS = IfTun.IFF_TUN | IfTun.IFF_NO_PI | IfTun.IFF_VNET_HDR;

  private final Syscalls syscalls;
  private final TunDevice device;
  private final FileDescriptor descriptor;

  private SingleQueueTun(Syscalls syscalls, TunDevice device, FileDescriptor descriptor) {
    this.syscalls = syscalls;
    this.device = device;
    this.descriptor = descriptor;
  }

  /**
   * Makes a device in the namespace of the calling platform thread, or attaches to a persistent one
   * of that name that has no other user.
   *
   * @throws SystemCallException EBUSY if the name is taken, EINVAL by a link of another kind,
   *     ENOENT or EPERM without {@code /dev/net/tun} or {@code CAP_NET_ADMIN}; nothing is left open
   *     or made then
   */
  public static SingleQueueTun open(Syscalls syscalls, LinkName name) {
    FileDescriptor queue = FileDescriptor.open(syscalls, PATH, Fcntl.O_RDWR | Fcntl.O_NONBLOCK);
    try (Arena arena = Arena.ofConfined()) {
      long answer = attach(syscalls, queue, name, FLAGS, arena);
      if (answer == -Errno.EINVAL) {
        // A persistent device that was made for several queues takes nobody who says otherwise.
        answer = attach(syscalls, queue, name, FLAGS | IfTun.IFF_MULTI_QUEUE, arena);
      }
      check(answer, "ioctl TUNSETIFF", name.value());
      return of(syscalls, queue, arena);
    } catch (Throwable e) {
      queue.close();
      throw e;
    }
  }

  /**
   * Takes over a descriptor that a parent process has opened and attached.
   *
   * @throws SystemCallException EBADFD if it is attached to no device, EBADF or ENOTTY if it is no
   *     descriptor of {@code /dev/net/tun}; the descriptor is closed then
   * @throws IllegalArgumentException if packets come from it in a way that is not supported
   */
  public static SingleQueueTun inherit(Syscalls syscalls, int fd) {
    FileDescriptor queue = FileDescriptor.own(syscalls, fd, "open", PATH);
    try (Arena arena = Arena.ofConfined()) {
      // Waiting is done by poll; a read must not block.
      check(
          syscalls.fcntl(fd, Fcntl.F_SETFL, Fcntl.O_RDWR | Fcntl.O_NONBLOCK), "fcntl", "fd " + fd);
      check(syscalls.fcntl(fd, Fcntl.F_SETFD, Fcntl.FD_CLOEXEC), "fcntl", "fd " + fd);
      return of(syscalls, queue, arena);
    } catch (Throwable e) {
      queue.close();
      throw e;
    }
  }

  private static long attach(
      Syscalls syscalls, FileDescriptor queue, LinkName name, int flags, Arena arena) {
    MemorySegment request = arena.allocate(Ifreq.SIZEOF, 8);
    byte[] bytes = name.value().getBytes(StandardCharsets.US_ASCII);
    MemorySegment.copy(bytes, 0, request, ValueLayout.JAVA_BYTE, Ifreq.IFR_NAME, bytes.length);
    request.set(ValueLayout.JAVA_SHORT, Ifreq.IFR_FLAGS, (short) flags);
    return syscalls.ioctl(queue.fd(), IfTun.TUNSETIFF, request.address());
  }

  private static SingleQueueTun of(Syscalls syscalls, FileDescriptor queue, Arena arena) {
    MemorySegment request = arena.allocate(Ifreq.SIZEOF, 8);
    String object = queue.object();
    check(
        syscalls.ioctl(queue.fd(), IfTun.TUNGETIFF, request.address()), "ioctl TUNGETIFF", object);
    int flags = request.get(ValueLayout.JAVA_SHORT, Ifreq.IFR_FLAGS) & 0xffff;
    LinkName name = new LinkName(request.getString(Ifreq.IFR_NAME, StandardCharsets.US_ASCII));
    if ((flags & IfTun.IFF_TUN) == 0 || (flags & IfTun.IFF_NO_PI) == 0) {
      throw new IllegalArgumentException(name + " is no TUN device without packet information");
    }
    boolean header = (flags & IfTun.IFF_VNET_HDR) != 0;
    int offloads = header ? offloads(syscalls, queue, arena) : 0;
    TunSpec spec = TunSpec.attach(name).withOffloads(header, offloads);
    TunDevice device = new KernelTunDevice(syscalls, spec, List.of(queue));
    return new SingleQueueTun(syscalls, device, queue);
  }

  /** As many as this kernel has: all, or those of TCP. */
  private static int offloads(Syscalls syscalls, FileDescriptor queue, Arena arena) {
    MemorySegment size = arena.allocate(ValueLayout.JAVA_INT);
    size.set(ValueLayout.JAVA_INT, 0, VirtioNetHdr.SIZEOF);
    check(
        syscalls.ioctl(queue.fd(), IfTun.TUNSETVNETHDRSZ, size.address()),
        "ioctl TUNSETVNETHDRSZ",
        queue.object());
    int all = TunSpec.TCP_OFFLOADS | TunSpec.UDP_OFFLOADS;
    if (syscalls.ioctl(queue.fd(), IfTun.TUNSETOFFLOAD, all) >= 0) {
      return all;
    }
    check(
        syscalls.ioctl(queue.fd(), IfTun.TUNSETOFFLOAD, TunSpec.TCP_OFFLOADS),
        "ioctl TUNSETOFFLOAD",
        queue.object());
    return TunSpec.TCP_OFFLOADS;
  }

  /** To read from, to write to and to close. */
  public TunDevice device() {
    return device;
  }

  /** The name that the device has now, in whichever namespace; empty once it was removed. */
  public Optional<String> name() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment request = arena.allocate(Ifreq.SIZEOF, 8);
      long answer = syscalls.ioctl(descriptor.fd(), IfTun.TUNGETIFF, request.address());
      if (answer == -Errno.EBADFD || answer == -Errno.EBADF) {
        return Optional.empty();
      }
      check(answer, "ioctl TUNGETIFF", device.name().value());
      return Optional.of(request.getString(Ifreq.IFR_NAME, StandardCharsets.US_ASCII));
    }
  }

  /**
   * The namespace that the device is in now; the caller closes it.
   *
   * @throws SystemCallException EBADFD once it was removed, EPERM without {@code CAP_NET_ADMIN}
   *     there, EINVAL from kernels that cannot tell
   */
  public NetworkNamespace namespace() {
    long answer = syscalls.ioctl(descriptor.fd(), IfTun.TUNGETDEVNETNS, 0);
    return NetworkNamespace.of(
        syscalls,
        FileDescriptor.own(
            syscalls, answer, "ioctl TUNGETDEVNETNS", "namespace of " + device.name()));
  }

  @Override
  public String toString() {
    return device.toString();
  }
}
