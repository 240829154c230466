package net.culvert.node.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import net.culvert.node.kernel.netns.NamespaceRunner;
import net.culvert.node.kernel.netns.NetworkNamespace;
import net.culvert.node.kernel.sys.Syscalls;

/**
 * One TCP connection from a namespace to another that carries random bytes, summed on both ends.
 */
public final class Transfer {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int PORT = 5151;

  private Transfer() {}

  /**
   * Sends and compares; fails if it takes longer than a minute or a byte differs.
   *
   * @param from name of the sender's namespace
   * @param to name of the receiver's
   * @param address of the receiver
   */
  public static void run(String from, String to, String address, int bytes) {
    try (Running running = new Running(from, to, address, bytes)) {
      running.requireSame();
    }
  }

  /**
   * Sends until {@link Running#end}.
   *
   * @param from name of the sender's namespace
   * @param to name of the receiver's
   * @param address of the receiver
   */
  public static Running start(String from, String to, String address) {
    return new Running(from, to, address, Long.MAX_VALUE);
  }

  /** A connection that carries bytes. */
  public static final class Running implements AutoCloseable {
    private final ServerSocket server;
    private final Socket sender;
    private final ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory());
    private final Future<String> sent;
    private final Future<String> received;
    private final AtomicLong receivedBytes = new AtomicLong();
    private volatile boolean ended;

    private Running(String from, String to, String address, long bytes) {
      Syscalls syscalls = Syscalls.real();
      NamespaceRunner runner = new NamespaceRunner(syscalls);
      try (NetworkNamespace source = NetworkNamespace.open(syscalls, "/run/netns/" + from);
          NetworkNamespace target = NetworkNamespace.open(syscalls, "/run/netns/" + to)) {
        server = runner.call(target, () -> new ServerSocket(PORT));
        received = threads.submit(this::receive);
        try {
          sender = runner.call(source, () -> connect(address));
        } catch (IOException e) {
          server.close();
          throw e;
        }
      } catch (IOException e) {
        threads.shutdownNow();
        throw new AssertionError("no connection to " + address + ": " + e, e);
      }
      sent = threads.submit(() -> send(bytes));
    }

    /** How many bytes have come so far. */
    public long receivedBytes() {
      return receivedBytes.get();
    }

    /** Sends no more, and compares what was sent with what came. */
    public void end() {
      ended = true;
      requireSame();
    }

    private void requireSame() {
      try {
        String digest = sent.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(received.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(digest);
      } catch (ExecutionException | TimeoutException e) {
        throw new AssertionError("after " + receivedBytes + " bytes: " + e, e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted", e);
      }
    }

    private String send(long bytes) throws IOException {
      MessageDigest digest = sha256();
      Random random = new Random(bytes);
      byte[] block = new byte[1 << 16];
      try (OutputStream stream = new DigestOutputStream(sender.getOutputStream(), digest)) {
        for (long left = bytes; left > 0 && !ended; left -= Math.min(left, block.length)) {
          random.nextBytes(block);
          stream.write(block, 0, (int) Math.min(left, block.length));
        }
      }
      return HexFormat.of().formatHex(digest.digest());
    }

    private String receive() throws IOException {
      MessageDigest digest = sha256();
      server.setSoTimeout((int) PATIENCE.toMillis());
      try (Socket socket = server.accept();
          InputStream stream = socket.getInputStream()) {
        socket.setSoTimeout((int) PATIENCE.toMillis());
        byte[] block = new byte[1 << 16];
        for (int read = stream.read(block); read >= 0; read = stream.read(block)) {
          digest.update(block, 0, read);
          receivedBytes.addAndGet(read);
        }
      }
      return HexFormat.of().formatHex(digest.digest());
    }

    /** Ends whatever still waits. */
    @Override
    public void close() {
      try {
        sender.close();
        server.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } finally {
        threads.close();
      }
    }
  }

  private static Socket connect(String address) throws IOException {
    Socket socket = new Socket();
    socket.connect(new InetSocketAddress(address, PORT), (int) PATIENCE.toMillis());
    return socket;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}
