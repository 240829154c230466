package net.culvert.node.uapi;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Semaphore;
import net.culvert.node.kernel.abi.Errno;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers {@code get=1} and {@code set=1} of {@code wg(8)} on one socket, each connection on a
 * thread of its own, for as long as the socket is open.
 */
public final class UapiServer {

  /** Connections that are served at a time; more wait. */
  public static final int MAX_CONNECTIONS = 16;

  private static final int MAX_LINE_BYTES = 512;
  private static final Logger LOG = LoggerFactory.getLogger(UapiServer.class);

  private final String name;
  private final ServerSocketChannel channel;
  private final UapiDevice device;
  private final Semaphore connections;

  private UapiServer(
      String name, ServerSocketChannel channel, UapiDevice device, Semaphore connections) {
    this.name = name;
    this.channel = channel;
    this.device = device;
    this.connections = connections;
  }

  /**
   * Begins to answer; ends when the socket is closed.
   *
   * @param connections one is taken for each connection, of one server or of several together
   */
  public static void start(
      String name, UapiSocketFile socket, UapiDevice device, Semaphore connections) {
    UapiServer server = new UapiServer(name, socket.channel(), device, connections);
    Thread.ofPlatform().name("wg-" + name).daemon().start(server::accept);
  }

  private void accept() {
    while (true) {
      try {
        connections.acquire();
      } catch (InterruptedException e) {
        return;
      }
      boolean served = false;
      try {
        SocketChannel connection = channel.accept();
        Thread.ofPlatform()
            .name("wg-" + name + "-c")
            .daemon()
            .start(() -> {
              try {
                serve(connection);
              } finally {
                connections.release();
              }
            });
        served = true;
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException e) {
        LOG.warn("{}: a connection could not be accepted: {}", name, e.toString());
        return;
      } finally {
        if (!served) {
          connections.release();
        }
      }
    }
  }

  private void serve(SocketChannel connection) {
    try (connection) {
      Lines lines = new Lines(Channels.newInputStream(connection));
      Writer out =
          new BufferedWriter(
              new OutputStreamWriter(
                  Channels.newOutputStream(connection), StandardCharsets.US_ASCII));
      for (String line = lines.next(); line != null; line = lines.next()) {
        answer(line, lines, out);
        out.flush();
      }
    } catch (IOException | UncheckedIOException e) {
      LOG.debug("{}: a connection ended: {}", name, e.toString());
    } catch (RuntimeException e) {
      LOG.warn("{}: a connection of wg(8) failed", name, e);
    }
  }

  /** Takes one request with all its lines, whatever is wrong with them, and answers it. */
  private void answer(String first, Lines lines, Writer out) throws IOException {
    DeviceChangeReader reader = new DeviceChangeReader();
    boolean get = first.equals("get=1");
    int errno = get || first.equals("set=1") ? 0 : Errno.EINVAL;
    for (String line = lines.next(); line != null && !line.isEmpty(); line = lines.next()) {
      if (errno == 0) {
        try {
          if (get) {
            throw new IllegalArgumentException("get has no further lines");
          }
          reader.line(line);
        } catch (IllegalArgumentException e) {
          errno = refused(Errno.EINVAL, e);
        }
      }
    }
    if (errno == 0) {
      try {
        if (get) {
          device.describe(new DeviceText(out));
        } else {
          device.change(reader.finish());
        }
      } catch (UapiException e) {
        errno = refused(e.errno(), e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        errno = Errno.EINTR;
      }
    }
    out.append("errno=").append(Integer.toString(errno)).append("\n\n");
  }

  private int refused(int errno, Exception why) {
    LOG.info("{}: wg(8) is refused: {}", name, why.getMessage());
    return errno;
  }

  /** Lines of a bounded length. */
  private static final class Lines {
    private final InputStream in;
    private final byte[] buffer = new byte[16 * 1024];
    private int at;
    private int end;

    Lines(InputStream in) {
      this.in = in;
    }

    /** The next one without its end; null at the end of the stream. */
    @Nullable String next() throws IOException {
      StringBuilder line = new StringBuilder();
      while (true) {
        if (at == end) {
          end = in.read(buffer);
          at = 0;
          if (end <= 0) {
            end = 0;
            return null;
          }
        }
        byte each = buffer[at++];
        if (each == '\n') {
          return line.toString();
        }
        if (line.length() == MAX_LINE_BYTES) {
          throw new IOException("a line has at most " + MAX_LINE_BYTES + " bytes");
        }
        line.append((char) (each & 0xff));
      }
    }
  }
}
