package net.culvert.node.dataplane;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import net.culvert.node.testing.TestNamespace;
import org.jspecify.annotations.Nullable;

/**
 * Stands between two tunnels, on the host of one of them, and passes their datagrams on: of each
 * hundred it loses one, sends one twice, and lets one be overtaken by the next.
 */
final class UnfairRelay implements AutoCloseable {

  private static final int IN_A_HUNDRED = 100;
  private static final long HELD_MILLIS = 5;

  private final DatagramChannel channel;
  private final Selector selector;
  private final InetSocketAddress near;
  private final InetSocketAddress far;
  private final Random random;
  private final ByteBuffer datagram = ByteBuffer.allocateDirect(1 << 16);
  private final ByteBuffer held = ByteBuffer.allocateDirect(1 << 16);
  private @Nullable SocketAddress heldFor;
  private final Thread thread;
  private volatile @Nullable Throwable failure;
  private final AtomicLong lost = new AtomicLong();
  private final AtomicLong doubled = new AtomicLong();
  private final AtomicLong overtaken = new AtomicLong();

  /**
   * @param host where it listens, on every address
   * @param near the tunnel on that host, known by its loopback address
   * @param far the other one
   */
  UnfairRelay(
      TestNamespace host, int port, InetSocketAddress near, InetSocketAddress far, long seed)
      throws IOException {
    this.near = near;
    this.far = far;
    this.random = new Random(seed);
    this.channel = host.call(DatagramChannel::open);
    channel.setOption(StandardSocketOptions.SO_RCVBUF, 1 << 22);
    channel.bind(new InetSocketAddress(port));
    channel.configureBlocking(false);
    this.selector = Selector.open();
    channel.register(selector, SelectionKey.OP_READ);
    this.thread = Thread.ofPlatform().name("unfair-relay").start(this::run);
  }

  long lost() {
    return lost.get();
  }

  long doubled() {
    return doubled.get();
  }

  long overtaken() {
    return overtaken.get();
  }

  private void run() {
    try {
      while (channel.isOpen()) {
        selector.select(HELD_MILLIS);
        if (!passOn()) {
          sendHeld();
        }
      }
    } catch (ClosedChannelException | ClosedSelectorException e) {
      // Closed: done.
    } catch (Throwable t) {
      failure = t;
    }
  }

  private boolean passOn() throws IOException {
    boolean any = false;
    SocketAddress from = channel.receive(datagram.clear());
    while (from != null) {
      any = true;
      boolean isNear = ((InetSocketAddress) from).getAddress().isLoopbackAddress();
      SocketAddress to = isNear ? far : near;
      datagram.flip();
      switch (random.nextInt(IN_A_HUNDRED)) {
        case 0 -> lost.incrementAndGet();
        case 1 -> {
          doubled.incrementAndGet();
          send(datagram.duplicate(), to);
          send(datagram, to);
        }
        case 2 -> {
          sendHeld();
          overtaken.incrementAndGet();
          held.clear().put(datagram).flip();
          heldFor = to;
        }
        default -> {
          send(datagram, to);
          sendHeld();
        }
      }
      from = channel.receive(datagram.clear());
    }
    return any;
  }

  private void sendHeld() throws IOException {
    SocketAddress to = heldFor;
    if (to != null) {
      heldFor = null;
      send(held, to);
    }
  }

  /** What does not fit into the socket is lost as on any way. */
  private void send(ByteBuffer bytes, SocketAddress to) throws IOException {
    try {
      channel.send(bytes, to);
    } catch (PortUnreachableException e) {
      lost.incrementAndGet();
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
      selector.close();
      thread.join();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (failure != null) {
      throw new AssertionError("the relay failed", failure);
    }
  }
}
