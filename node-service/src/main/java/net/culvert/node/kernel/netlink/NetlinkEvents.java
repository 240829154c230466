package net.culvert.node.kernel.netlink;

import java.util.function.Consumer;
import net.culvert.node.kernel.abi.Errno;
import net.culvert.node.kernel.abi.Socket;
import net.culvert.node.kernel.sys.FileDescriptor;
import net.culvert.node.kernel.sys.Syscalls;
import net.culvert.node.kernel.sys.SystemCallException;

/**
 * A netlink socket that listens to multicast groups and never blocks. It belongs to the network
 * namespace that it was opened in; one thread at a time receives.
 */
public final class NetlinkEvents implements AutoCloseable {

  /** Asked for, so that a burst of changes finds room; the kernel may give less. */
  private static final int RECEIVE_BUFFER_BYTES = 4 << 20;

  /** What one {@link #receive} found. */
  public enum Received {
    /** All there was, which may be nothing. */
    EVERYTHING,
    /** The bound was reached; there may be more. */
    MORE,
    /** The kernel had no room and dropped some: what is known must be read anew. */
    OVERFLOW
  }

  private final NetlinkChannel channel;

  private NetlinkEvents(NetlinkChannel channel) {
    this.channel = channel;
  }

  /**
   * Opens a socket in the calling thread's namespace.
   *
   * @param protocol such as NETLINK_ROUTE
   * @param groups such as RTNLGRP_LINK
   */
  public static NetlinkEvents open(Syscalls syscalls, int protocol, int... groups) {
    NetlinkChannel channel = NetlinkChannel.open(syscalls, protocol, Socket.SOCK_NONBLOCK);
    try {
      channel.receiveBuffer(RECEIVE_BUFFER_BYTES);
      for (int group : groups) {
        channel.join(group);
      }
      return new NetlinkEvents(channel);
    } catch (RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** Readable when there are events. */
  public FileDescriptor descriptor() {
    return channel.descriptor();
  }

  /**
   * Hands over the events that are there, of at most so many datagrams. A datagram that is no
   * netlink counts as overflow: what it should have told is not known.
   */
  public Received receive(int maxDatagrams, Consumer<NetlinkMessage> consumer) {
    NetlinkChannel.Buffers buffers = NetlinkChannel.Buffers.take();
    try {
      return receive(maxDatagrams, consumer, buffers);
    } finally {
      buffers.giveBack();
    }
  }

  private Received receive(
      int maxDatagrams, Consumer<NetlinkMessage> consumer, NetlinkChannel.Buffers buffers) {
    for (int i = 0; i < maxDatagrams; i++) {
      boolean fromKernel;
      try {
        fromKernel = channel.receive(buffers);
      } catch (SystemCallException e) {
        return switch (e.errno()) {
          case Errno.EAGAIN -> Received.EVERYTHING;
          case Errno.ENOBUFS, Errno.EMSGSIZE -> Received.OVERFLOW;
          default -> throw e;
        };
      }
      if (fromKernel) {
        try {
          NetlinkMessage.forEach(buffers.received(), consumer);
        } catch (MalformedMessageException e) {
          return Received.OVERFLOW;
        }
      }
    }
    return Received.MORE;
  }

  @Override
  public void close() {
    channel.close();
  }
}
