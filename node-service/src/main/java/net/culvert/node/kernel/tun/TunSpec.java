package net.culvert.node.kernel.tun;

import net.culvert.api.value.LinkName;
import net.culvert.node.kernel.abi.IfTun;

/**
 * How a device is to be opened.
 *
 * @param name of the link in the calling thread's namespace
 * @param queues 1 to 256
 * @param create true to make it, which fails if a link of that name exists; false to attach to a
 *     persistent one that was made here before
 * @param persistent whether the link outlives its last open queue
 * @param offloadHeader whether packets carry a {@code virtio_net_hdr}
 * @param offloads what the reader can take, of {@code TUN_F_*}; 0 without the header
 */
public record TunSpec(
    LinkName name,
    int queues,
    boolean create,
    boolean persistent,
    boolean offloadHeader,
    int offloads) {

  public static final int MAX_QUEUES = 256;

  /** Checksums and super-packets of TCP, both families. */
  public static final int TCP_OFFLOADS =
      IfTun.TUN_F_CSUM | IfTun.TUN_F_TSO4 | IfTun.TUN_F_TSO6 | IfTun.TUN_F_TSO_ECN;

  /** Super-packets of UDP, which both families must be asked for together; needs TCP's too. */
  public static final int UDP_OFFLOADS = IfTun.TUN_F_USO4 | IfTun.TUN_F_USO6;

  public TunSpec {
    if (queues < 1 || queues > MAX_QUEUES) {
      throw new IllegalArgumentException("a device has 1 to 256 queues, not " + queues);
    }
    if (!offloadHeader && offloads != 0) {
      throw new IllegalArgumentException("offloads need the header that describes them");
    }
  }

  /** A new device with single packets, gone when it is closed. */
  public static TunSpec create(LinkName name) {
    return new TunSpec(name, 1, true, false, false, 0);
  }

  /** A persistent device that was made before. */
  public static TunSpec attach(LinkName name) {
    return new TunSpec(name, 1, false, true, false, 0);
  }

  public TunSpec withQueues(int count) {
    return new TunSpec(name, count, create, persistent, offloadHeader, offloads);
  }

  public TunSpec withPersistent(boolean stays) {
    return new TunSpec(name, queues, create, stays, offloadHeader, offloads);
  }

  public TunSpec withOffloads(boolean header, int flags) {
    return new TunSpec(name, queues, create, persistent, header, flags);
  }
}
