package net.culvert.node.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
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
    Syscalls syscalls = Syscalls.real();
    NamespaceRunner runner = new NamespaceRunner(syscalls);
    try (NetworkNamespace source = NetworkNamespace.open(syscalls, "/run/netns/" + from);
        NetworkNamespace target = NetworkNamespace.open(syscalls, "/run/netns/" + to);
        ServerSocket server = runner.call(target, () -> new ServerSocket(PORT));
        ExecutorService threads =
            Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
      Future<String> received = threads.submit(() -> receive(server));
      Socket sender = runner.call(source, () -> connect(address));
      Future<String> sent = threads.submit(() -> send(sender, bytes));
      try {
        String digest = sent.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(received.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(digest);
      } finally {
        // Ends whatever still waits.
        sender.close();
        server.close();
      }
    } catch (IOException | ExecutionException | TimeoutException e) {
      throw new AssertionError(bytes + " bytes to " + address + ": " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  private static Socket connect(String address) throws IOException {
    Socket socket = new Socket();
    socket.connect(new InetSocketAddress(address, PORT), (int) PATIENCE.toMillis());
    return socket;
  }

  private static String send(Socket socket, int bytes) throws IOException {
    MessageDigest digest = sha256();
    Random random = new Random(bytes);
    byte[] block = new byte[1 << 16];
    try (OutputStream stream = new DigestOutputStream(socket.getOutputStream(), digest)) {
      for (int left = bytes; left > 0; left -= Math.min(left, block.length)) {
        random.nextBytes(block);
        stream.write(block, 0, Math.min(left, block.length));
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static String receive(ServerSocket server) throws IOException {
    MessageDigest digest = sha256();
    server.setSoTimeout((int) PATIENCE.toMillis());
    try (Socket socket = server.accept();
        InputStream stream = socket.getInputStream()) {
      socket.setSoTimeout((int) PATIENCE.toMillis());
      byte[] block = new byte[1 << 16];
      for (int read = stream.read(block); read >= 0; read = stream.read(block)) {
        digest.update(block, 0, read);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}
