package net.culvert.node.kernel.tun;

import static net.culvert.node.kernel.sys.SystemCallException.check;

import java.util.List;
import net.culvert.api.value.LinkName;
import net.culvert.node.kernel.abi.Errno;
import net.culvert.node.kernel.abi.IfTun;
import net.culvert.node.kernel.abi.VirtioNet.VirtioNetHdr;
import net.culvert.node.kernel.sys.FileDescriptor;
import net.culvert.node.kernel.sys.Syscalls;
import net.culvert.node.packet.GatherList;
import net.culvert.node.packet.PacketBatch;

/** A device of {@code /dev/net/tun}. */
final class KernelTunDevice implements TunDevice {

  private final LinkName name;
  private final int offloads;
  private final List<Queue> queues;

  KernelTunDevice(Syscalls syscalls, TunSpec spec, List<FileDescriptor> descriptors) {
    this.name = spec.name();
    this.offloads = spec.offloads();
    int header = spec.offloadHeader() ? VirtioNetHdr.SIZEOF : 0;
    this.queues = descriptors.stream().map(fd -> new Queue(syscalls, fd, header)).toList();
  }

  @Override
  public LinkName name() {
    return name;
  }

  @Override
  public int queueCount() {
    return queues.size();
  }

  @Override
  public TunQueue queue(int index) {
    return queues.get(index);
  }

  @Override
  public int offloads() {
    return offloads;
  }

  @Override
  public void readOnly(int wanted) {
    for (Queue queue : queues) {
      check(
          queue.syscalls.ioctl(queue.descriptor.fd(), IfTun.TUNSETOFFLOAD, wanted),
          "ioctl TUNSETOFFLOAD",
          name.value());
    }
  }

  @Override
  public void persist() {
    Queue any = queues.getFirst();
    check(
        any.syscalls.ioctl(any.descriptor.fd(), IfTun.TUNSETPERSIST, 1),
        "ioctl TUNSETPERSIST",
        name.value());
  }

  @Override
  public void close() {
    queues.forEach(queue -> queue.descriptor.close());
  }

  @Override
  public String toString() {
    return "TUN " + name + " with " + queues.size() + " queues";
  }

  /** One descriptor. A read or write carries exactly one packet. */
  private static final class Queue implements TunQueue {

    private final Syscalls syscalls;
    private final FileDescriptor descriptor;
    private final int headerBytes;

    Queue(Syscalls syscalls, FileDescriptor descriptor, int headerBytes) {
      this.syscalls = syscalls;
      this.descriptor = descriptor;
      this.headerBytes = headerBytes;
    }

    @Override
    public int offloadHeaderBytes() {
      return headerBytes;
    }

    @Override
    public int read(PacketBatch batch) {
      int before = batch.size();
      int fd = descriptor.fd();
      while (batch.hasRoom()) {
        long address = batch.address(batch.nextOffset()) - headerBytes;
        long length = syscalls.read(fd, address, headerBytes + (long) PacketBatch.MAX_PACKET_BYTES);
        if (length > headerBytes) {
          batch.append((int) length - headerBytes);
        } else if (length != -Errno.EINTR) {
          int read = batch.size() - before;
          return read > 0 || length >= 0 || length == -Errno.EAGAIN ? read : (int) length;
        }
      }
      return batch.size() - before;
    }

    @Override
    public int write(GatherList pieces, int first, int count) {
      long written;
      do {
        written =
            count == 1
                ? syscalls.write(descriptor.fd(), pieces.base(first), pieces.length(first))
                : syscalls.writev(descriptor.fd(), pieces.entryAddress(first), count);
      } while (written == -Errno.EINTR);
      return (int) written;
    }

    @Override
    public FileDescriptor descriptor() {
      return descriptor;
    }
  }
}
