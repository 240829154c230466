package net.culvert.node.kernel.tun;

import static net.culvert.node.kernel.sys.SystemCallException.check;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.culvert.node.kernel.abi.Errno;
import net.culvert.node.kernel.abi.Fcntl;
import net.culvert.node.kernel.abi.If;
import net.culvert.node.kernel.abi.If.Ifreq;
import net.culvert.node.kernel.abi.IfTun;
import net.culvert.node.kernel.abi.VirtioNet.VirtioNetHdr;
import net.culvert.node.kernel.sys.FileDescriptor;
import net.culvert.node.kernel.sys.Syscalls;
import net.culvert.node.kernel.sys.SystemCallException;

/**
 * Opens TUN devices in the network namespace of the calling platform thread.
 *
 * <p>Packet information ({@code struct tun_pi}) is never used on the device, and every device is
 * multi-queue, since a persistent one cannot be reopened with that flag changed.
 */
public final class TunDevices {

  private static final String PATH = "/dev/net/tun";

  private TunDevices() {}

  /**
   * Opens all queues of a device; any thread may use it afterwards.
   *
   * @throws SystemCallException EBUSY if it was to be made and the name is taken, EINVAL if the
   *     existing device is of another kind or has no multi-queue, ENOENT or EPERM without {@code
   *     /dev/net/tun} or {@code CAP_NET_ADMIN}; nothing is left open or made then
   */
  public static TunDevice open(Syscalls syscalls, TunSpec spec) {
    List<FileDescriptor> queues = new ArrayList<>();
    try (Arena arena = Arena.ofConfined()) {
      for (int i = 0; i < spec.queues(); i++) {
        queues.add(FileDescriptor.open(syscalls, PATH, Fcntl.O_RDWR | Fcntl.O_NONBLOCK));
        attach(syscalls, queues.get(i), spec, spec.create() && i == 0, arena);
      }
      // Last: a device that something above refused must go away with its descriptors.
      ioctl(
          syscalls,
          queues.getFirst(),
          IfTun.TUNSETPERSIST,
          spec.persistent() ? 1 : 0,
          "ioctl TUNSETPERSIST",
          spec);
      return new KernelTunDevice(syscalls, spec, List.copyOf(queues));
    } catch (Throwable e) {
      queues.forEach(FileDescriptor::close);
      throw e;
    }
  }

  /**
   * Opens a device with as many of the offloads asked for as this kernel has: all of them, else
   * without USO, else none and no offload header. {@link TunDevice#offloads} tells what it became.
   *
   * @param spec its {@code offloads} are the wish
   * @throws SystemCallException as {@link #open}
   */
  public static TunDevice openWithOffloads(Syscalls syscalls, TunSpec spec) {
    int tcpOnly = spec.offloads() & ~(IfTun.TUN_F_USO4 | IfTun.TUN_F_USO6);
    try {
      return open(syscalls, spec.withOffloads(true, spec.offloads()));
    } catch (SystemCallException e) {
      if (e.errno() != Errno.EINVAL) {
        throw e;
      }
    }
    try {
      return open(syscalls, spec.withOffloads(true, tcpOnly));
    } catch (SystemCallException e) {
      if (e.errno() != Errno.EINVAL) {
        throw e;
      }
    }
    return open(syscalls, spec.withOffloads(false, 0));
  }

  /**
   * Ends the life of a persistent device that was closed, and that is ours to end.
   *
   * @throws SystemCallException as {@link #open} when attaching
   */
  public static void remove(Syscalls syscalls, TunSpec spec) {
    open(syscalls, spec.withPersistent(false)).close();
  }

  private static void attach(
      Syscalls syscalls, FileDescriptor queue, TunSpec spec, boolean exclusive, Arena arena) {
    MemorySegment request = arena.allocate(Ifreq.SIZEOF, 8);
    byte[] name = spec.name().value().getBytes(StandardCharsets.US_ASCII);
    if (name.length >= If.IFNAMSIZ) {
      throw new IllegalArgumentException("a device's name has at most 15 bytes");
    }
    MemorySegment.copy(name, 0, request, ValueLayout.JAVA_BYTE, Ifreq.IFR_NAME, name.length);
    int flags = IfTun.IFF_TUN | IfTun.IFF_NO_PI | IfTun.IFF_MULTI_QUEUE;
    if (spec.offloadHeader()) {
      flags |= IfTun.IFF_VNET_HDR;
    }
    if (exclusive) {
      flags |= IfTun.IFF_TUN_EXCL;
    }
    request.set(ValueLayout.JAVA_SHORT, Ifreq.IFR_FLAGS, (short) flags);
    ioctl(syscalls, queue, IfTun.TUNSETIFF, request.address(), "ioctl TUNSETIFF", spec);
    if (spec.offloadHeader()) {
      MemorySegment size = arena.allocate(ValueLayout.JAVA_INT);
      size.set(ValueLayout.JAVA_INT, 0, VirtioNetHdr.SIZEOF);
      ioctl(syscalls, queue, IfTun.TUNSETVNETHDRSZ, size.address(), "ioctl TUNSETVNETHDRSZ", spec);
      ioctl(syscalls, queue, IfTun.TUNSETOFFLOAD, spec.offloads(), "ioctl TUNSETOFFLOAD", spec);
    }
  }

  private static void ioctl(
      Syscalls syscalls,
      FileDescriptor queue,
      int request,
      long argument,
      String call,
      TunSpec spec) {
    check(syscalls.ioctl(queue.fd(), request, argument), call, spec.name().value());
  }
}
