package net.culvert.node.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A peer that is no node: a UDP socket on one host of a lab, which sends and receives what the test
 * says, byte for byte. A read on it waits; nothing is lost meanwhile but what the kernel drops.
 */
final class ForeignSocket implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final DatagramSocket socket;

  /** Binds on that host, to that port of all its addresses. */
  ForeignSocket(Lab.Host host, int port) {
    try {
      socket = host.namespace().call(() -> new DatagramSocket(port));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void send(byte[] payload, String address, int port) {
    try {
      socket.send(
          new DatagramPacket(
              payload,
              payload.length,
              new InetSocketAddress(InetAddress.getByName(address), port)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The first datagram that fits, of those that come within five seconds; others are dropped. */
  byte[] await(Predicate<byte[]> wanted) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      long left = deadline - System.nanoTime();
      Optional<byte[]> received = left <= 0 ? Optional.empty() : receive(Duration.ofNanos(left));
      if (received.isEmpty()) {
        throw new AssertionError("no such datagram within " + PATIENCE);
      }
      if (wanted.test(received.get())) {
        return received.get();
      }
    }
  }

  /** The next datagram, if one is there or comes within the time. */
  Optional<byte[]> receive(Duration wait) {
    DatagramPacket packet = new DatagramPacket(new byte[65_536], 65_536);
    try {
      socket.setSoTimeout((int) Math.max(1, wait.toMillis()));
      socket.receive(packet);
      return Optional.of(Arrays.copyOf(packet.getData(), packet.getLength()));
    } catch (SocketTimeoutException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    socket.close();
  }
}
