package net.culvert.node.kernel.tun;

import net.culvert.api.value.LinkName;

/**
 * An open TUN device with one or more queues. The kernel sends the packets of one flow to one
 * queue, so order within a flow holds.
 *
 * <p>{@link #close} comes after the threads of all queues have ended; it may be called twice.
 */
public interface TunDevice extends AutoCloseable {

  LinkName name();

  /** Number of queues, at least 1. */
  int queueCount();

  TunQueue queue(int index);

  /** What the kernel offers for it, of {@code TUN_F_*}; super-packets of these kinds are read. */
  int offloads();

  /**
   * Tells the kernel that from now on only some of what it offers is read.
   *
   * @param offloads a part of {@link #offloads}
   * @throws net.culvert.node.kernel.sys.SystemCallException where it refuses
   */
  void readOnly(int offloads);

  /**
   * Lets the device outlive its last open queue.
   *
   * @throws net.culvert.node.kernel.sys.SystemCallException where the kernel refuses
   */
  void persist();

  /** Closes all queues. A device that is not persistent is gone afterwards. */
  @Override
  void close();
}
