package net.culvert.node.tunnel;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import net.culvert.api.value.LinkName;
import net.culvert.node.kernel.abi.Errno;
import net.culvert.node.reconcile.OperationException;
import net.culvert.node.reconcile.WishRefusedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Unix sockets by which {@code wg(8)} sees and changes WireGuard tunnels: {@code
 * <directory>/<device>.sock}, for the owner alone, with the cross-platform protocol of {@code
 * get=1} and {@code set=1}. A name that another live process holds is left to it, and the tunnel
 * works without. Any thread.
 */
final class WireGuardSockets implements AutoCloseable, Tunnels.Listener {

  /** Connections that are served at a time, of all tunnels; more wait. */
  private static final int MAX_CONNECTIONS = 16;

  private static final int MAX_LINE_BYTES = 512;
  private static final Logger LOG = LoggerFactory.getLogger(WireGuardSockets.class);

  private final Path directory;
  private final WireGuardConfigurator configurator;
  private final Semaphore connections = new Semaphore(MAX_CONNECTIONS);
  private final Map<LinkName, Server> servers = new TreeMap<>();
  private final Map<LinkName, String> refusals = new TreeMap<>();

  private record Server(ServerSocketChannel channel, Path path) {}

  WireGuardSockets(Path directory, WireGuardConfigurator configurator) {
    this.directory = directory;
    this.configurator = configurator;
  }

  // ------------------------------------------------------------------------------ which there are

  @Override
  public synchronized void started(RunningTunnel tunnel) {
    LinkName name = tunnel.key().name();
    if (tunnel.state().encryption() == null) {
      removed(name);
    } else if (!servers.containsKey(name)) {
      open(name);
    }
  }

  @Override
  public synchronized void removed(LinkName name) {
    refusals.remove(name);
    Server server = servers.remove(name);
    if (server != null) {
      close(server);
    }
  }

  /** Where the tunnel's socket is, or why it has none, in words; null for a tunnel without. */
  synchronized @Nullable String inWords(LinkName name) {
    Server server = servers.get(name);
    return server != null ? server.path.toString() : refusals.get(name);
  }

  private void open(LinkName name) {
    Path path = directory.resolve(name + ".sock");
    try {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      if (isHeld(path)) {
        refusals.put(name, path + " is held by another process");
        LOG.warn("{}: {} is held by another process; wg(8) will not see this tunnel", name, path);
        return;
      }
      Server server = new Server(bind(path), path);
      refusals.remove(name);
      servers.put(name, server);
      Thread.ofPlatform().name("wg-" + name).daemon().start(() -> accept(name, server));
    } catch (IOException e) {
      refusals.put(name, path + " cannot be made: " + e.getMessage());
      LOG.warn(
          "{}: wg(8) will not see this tunnel: {} cannot be made: {}", name, path, e.toString());
    }
  }

  /** Whether somebody answers there; what nobody answers at was left by a process that is gone. */
  private static boolean isHeld(Path path) throws IOException {
    if (!Files.exists(path)) {
      return false;
    }
    try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      probe.connect(UnixDomainSocketAddress.of(path));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Made where nobody else can come, made private, and only then put in its place. */
  private ServerSocketChannel bind(Path path) throws IOException {
    Path hidden = Files.createTempDirectory(directory, ".culvert");
    ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      Path made = hidden.resolve("s");
      channel.bind(UnixDomainSocketAddress.of(made));
      Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rw-------"));
      Files.move(made, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return channel;
    } catch (IOException e) {
      channel.close();
      Files.deleteIfExists(hidden.resolve("s"));
      throw e;
    } finally {
      Files.deleteIfExists(hidden);
    }
  }

  private static void close(Server server) {
    try {
      server.channel.close();
      Files.deleteIfExists(server.path);
    } catch (IOException e) {
      LOG.warn("{} stays: {}", server.path, e.toString());
    }
  }

  @Override
  public synchronized void close() {
    servers.values().forEach(WireGuardSockets::close);
    servers.clear();
  }

  // ------------------------------------------------------------------------------ connections

  private void accept(LinkName name, Server server) {
    while (true) {
      try {
        connections.acquire();
      } catch (InterruptedException e) {
        return;
      }
      boolean served = false;
      try {
        SocketChannel channel = server.channel.accept();
        Thread.ofPlatform()
            .name("wg-" + name + "-c")
            .daemon()
            .start(() -> {
              try {
                serve(name, channel);
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

  private void serve(LinkName name, SocketChannel channel) {
    try (channel) {
      InputStream in = Channels.newInputStream(channel);
      OutputStream out = Channels.newOutputStream(channel);
      byte[] buffer = new byte[16 * 1024];
      Lines lines = new Lines(in, buffer);
      for (String line = lines.next(); line != null; line = lines.next()) {
        String answer = answer(name, line, lines);
        out.write(answer.getBytes(StandardCharsets.US_ASCII));
        out.flush();
      }
    } catch (IOException e) {
      LOG.debug("{}: a connection ended: {}", name, e.toString());
    } catch (RuntimeException e) {
      LOG.warn("{}: a connection of wg(8) failed", name, e);
    }
  }

  /** Takes one request with all its lines, whatever is wrong with them, and answers it. */
  private String answer(LinkName name, String first, Lines lines) throws IOException {
    DeviceChangeReader reader = new DeviceChangeReader();
    int errno = first.equals("get=1") || first.equals("set=1") ? 0 : Errno.EINVAL;
    for (String line = lines.next(); line != null && !line.isEmpty(); line = lines.next()) {
      if (errno == 0) {
        try {
          if (first.equals("get=1")) {
            throw new IllegalArgumentException("get has no further lines");
          }
          reader.line(line);
        } catch (IllegalArgumentException e) {
          LOG.info("{}: wg(8) is refused: {}", name, e.getMessage());
          errno = Errno.EINVAL;
        }
      }
    }
    String text = "";
    if (errno == 0) {
      try {
        if (first.equals("get=1")) {
          text = configurator.describe(name);
        } else {
          configurator.change(name, reader.finish());
        }
      } catch (WishRefusedException e) {
        LOG.info("{}: wg(8) is refused: {}", name, e.getMessage());
        errno = errno(e);
      } catch (OperationException e) {
        LOG.info("{}: wg(8) is refused: {}", name, e.getMessage());
        errno = Errno.EIO;
      } catch (UncheckedIOException e) {
        LOG.warn("{}: wg(8) is refused", name, e);
        errno = Errno.EIO;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        errno = Errno.EINTR;
      }
    }
    return text + "errno=" + errno + "\n\n";
  }

  private static int errno(WishRefusedException e) {
    return switch (e.reason()) {
      case ABSENT -> Errno.ENODEV;
      case CONFLICT -> Errno.EADDRINUSE;
      case INVALID, STALE, UNAVAILABLE -> Errno.EINVAL;
    };
  }

  /** Lines of a bounded length. */
  private static final class Lines {
    private final InputStream in;
    private final byte[] buffer;
    private int at;
    private int end;

    Lines(InputStream in, byte[] buffer) {
      this.in = in;
      this.buffer = buffer;
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
