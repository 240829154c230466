package net.culvert.node.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import net.culvert.node.kernel.netns.NamespaceRunner;
import net.culvert.node.kernel.netns.NetworkNamespace;
import net.culvert.node.kernel.sys.Syscalls;

/**
 * UDP datagrams with numbers, sent at a steady rate from a namespace to another, and counted there.
 * What the receiving socket itself had no room for is no loss of the way: the kernel counts that.
 */
public final class CountedPackets implements AutoCloseable {

  private static final int PORT = 5252;
  private static final int BYTES = 200;
  private static final int BUFFER_BYTES = 8 << 20;
  private static final int LAST_MILLIS = 1_000;
  private static final Path SNMP = Path.of("/proc/thread-self/net/snmp");

  private final NetworkNamespace target;
  private final DatagramSocket sender;
  private final DatagramSocket receiver;
  private final Thread sending;
  private final Thread receiving;
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong received = new AtomicLong();
  private final long overflowsBefore;
  private volatile boolean ended;

  /**
   * Begins to send.
   *
   * @param from name of the sender's namespace
   * @param to name of the receiver's
   * @param address of the receiver
   * @param perSecond how many datagrams of 200 bytes
   */
  public CountedPackets(String from, String to, String address, int perSecond) {
    Syscalls syscalls = Syscalls.real();
    NamespaceRunner runner = new NamespaceRunner(syscalls);
    target = NetworkNamespace.open(syscalls, "/run/netns/" + to);
    try (NetworkNamespace source = NetworkNamespace.open(syscalls, "/run/netns/" + from)) {
      receiver = runner.call(target, () -> new DatagramSocket(PORT));
      receiver.setReceiveBufferSize(BUFFER_BYTES);
      receiver.setSoTimeout(LAST_MILLIS);
      sender = runner.call(source, () -> new DatagramSocket());
      sender.connect(new InetSocketAddress(InetAddress.ofLiteral(address), PORT));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    overflowsBefore = overflows();
    receiving = Thread.ofPlatform().name("count").daemon().start(this::receive);
    sending = Thread.ofPlatform().name("number").daemon().start(() -> send(1e9 / perSecond));
  }

  private void send(double everyNanos) {
    long begin = System.nanoTime();
    ByteBuffer bytes = ByteBuffer.allocate(BYTES);
    try {
      while (!ended) {
        long due = begin + (long) (sent.get() * everyNanos);
        long early = due - System.nanoTime();
        if (early > 0) {
          LockSupport.parkNanos(early);
          continue;
        }
        bytes.putLong(0, sent.get());
        sender.send(new DatagramPacket(bytes.array(), BYTES));
        sent.incrementAndGet();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void receive() {
    DatagramPacket packet = new DatagramPacket(new byte[BYTES], BYTES);
    BitSet seen = new BitSet();
    while (true) {
      try {
        receiver.receive(packet);
        int number = (int) ByteBuffer.wrap(packet.getData()).getLong();
        if (!seen.get(number)) {
          seen.set(number);
          received.incrementAndGet();
        }
      } catch (SocketTimeoutException e) {
        if (ended) {
          return;
        }
      } catch (IOException e) {
        return;
      }
    }
  }

  private long overflows() {
    return new NamespaceRunner(Syscalls.real())
        .call(
            target,
            () -> {
              try {
                List<String[]> lines =
                    Files.readAllLines(SNMP).stream()
                        .filter(line -> line.startsWith("Udp:"))
                        .map(line -> line.split(" "))
                        .toList();
                int column = List.of(lines.getFirst()).indexOf("RcvbufErrors");
                return Long.parseLong(lines.getLast()[column]);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
  }

  /** How many were sent so far. */
  public long sent() {
    return sent.get();
  }

  /** Sends no more, waits for the last ones, and answers how many were lost on the way. */
  public long end() {
    ended = true;
    try {
      sending.join();
      receiving.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
    return sent.get() - received.get() - (overflows() - overflowsBefore);
  }

  @Override
  public void close() {
    ended = true;
    sender.close();
    receiver.close();
    target.close();
  }
}
