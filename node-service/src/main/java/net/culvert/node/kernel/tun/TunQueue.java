package net.culvert.node.kernel.tun;

import net.culvert.node.kernel.sys.FileDescriptor;
import net.culvert.node.packet.GatherList;
import net.culvert.node.packet.PacketBatch;
import org.jspecify.annotations.Nullable;

/**
 * One queue of a TUN device. One thread reads; any number of threads write. No method blocks and
 * none throws for what the device does: outcomes are numbers, a count or a negated {@code errno}.
 *
 * <p>A packet is an IP packet. Where {@link #offloadHeaderBytes} is not 0, that many bytes of
 * {@code struct virtio_net_hdr} stand before it: on a read in the packet's headroom, on a write as
 * the first of the pieces.
 */
public interface TunQueue {

  /** 0, or 10 where the device was opened with {@code IFF_VNET_HDR}. */
  int offloadHeaderBytes();

  /**
   * Appends waiting packets to the batch until none is left or the batch is full. The batch belongs
   * to the caller.
   *
   * @return how many were appended, 0 if none was waiting, or a negated {@code errno} if the device
   *     cannot be read
   */
  int read(PacketBatch batch);

  /**
   * Hands one packet, made of {@code count} pieces from {@code first} on, to the kernel's stack.
   * The pieces are free again when it returns.
   *
   * @return bytes written, or a negated {@code errno}: −EIO while the link is down
   */
  int write(GatherList pieces, int first, int count);

  /** What to poll for input, or null where nothing of the kernel stands behind it. */
  @Nullable FileDescriptor descriptor();
}
