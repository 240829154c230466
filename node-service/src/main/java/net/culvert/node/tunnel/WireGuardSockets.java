package net.culvert.node.tunnel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import net.culvert.api.value.LinkName;
import net.culvert.node.kernel.abi.Errno;
import net.culvert.node.reconcile.OperationException;
import net.culvert.node.reconcile.WishRefusedException;
import net.culvert.node.uapi.DeviceChange;
import net.culvert.node.uapi.DeviceText;
import net.culvert.node.uapi.UapiDevice;
import net.culvert.node.uapi.UapiException;
import net.culvert.node.uapi.UapiServer;
import net.culvert.node.uapi.UapiSocketFile;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sockets by which {@code wg(8)} sees and changes WireGuard tunnels: {@code
 * <directory>/<device>.sock}. A name that another live process holds is left to it, and the tunnel
 * works without. Any thread.
 */
final class WireGuardSockets implements AutoCloseable, Tunnels.Listener {

  private static final Logger LOG = LoggerFactory.getLogger(WireGuardSockets.class);

  private final Path directory;
  private final WireGuardConfigurator configurator;
  private final Semaphore connections = new Semaphore(UapiServer.MAX_CONNECTIONS);
  private final Map<LinkName, UapiSocketFile> sockets = new TreeMap<>();
  private final Map<LinkName, String> refusals = new TreeMap<>();

  WireGuardSockets(Path directory, WireGuardConfigurator configurator) {
    this.directory = directory;
    this.configurator = configurator;
  }

  @Override
  public synchronized void started(RunningTunnel tunnel) {
    LinkName name = tunnel.key().name();
    if (tunnel.state().encryption() == null) {
      removed(name);
    } else if (!sockets.containsKey(name)) {
      open(name);
    }
  }

  @Override
  public synchronized void removed(LinkName name) {
    refusals.remove(name);
    UapiSocketFile socket = sockets.remove(name);
    if (socket != null) {
      close(socket);
    }
  }

  /** Where the tunnel's socket is, or why it has none, in words; null for a tunnel without. */
  synchronized @Nullable String inWords(LinkName name) {
    UapiSocketFile socket = sockets.get(name);
    return socket != null ? socket.path().toString() : refusals.get(name);
  }

  private void open(LinkName name) {
    Path path = UapiSocketFile.path(directory, name.value());
    try {
      UapiSocketFile socket = UapiSocketFile.open(path);
      refusals.remove(name);
      sockets.put(name, socket);
      UapiServer.start(name.value(), socket, new TunnelDevice(name), connections);
    } catch (FileAlreadyExistsException e) {
      refusals.put(name, path + " is held by another process");
      LOG.warn("{}: {} is held by another process; wg(8) will not see this tunnel", name, path);
    } catch (IOException e) {
      refusals.put(name, path + " cannot be made: " + e.getMessage());
      LOG.warn(
          "{}: wg(8) will not see this tunnel: {} cannot be made: {}", name, path, e.toString());
    }
  }

  private static void close(UapiSocketFile socket) {
    try {
      socket.close();
    } catch (IOException e) {
      LOG.warn("{} stays: {}", socket, e.toString());
    }
  }

  @Override
  public synchronized void close() {
    sockets.values().forEach(WireGuardSockets::close);
    sockets.clear();
  }

  /** A tunnel of that name, whichever it is at the moment. */
  private final class TunnelDevice implements UapiDevice {

    private final LinkName name;

    TunnelDevice(LinkName name) {
      this.name = name;
    }

    @Override
    public void describe(DeviceText text) throws UapiException {
      try {
        configurator.describe(name, text);
      } catch (WishRefusedException e) {
        throw new UapiException(errno(e), e.getMessage());
      }
    }

    @Override
    public void change(DeviceChange change) throws UapiException, InterruptedException {
      try {
        configurator.change(name, change);
      } catch (WishRefusedException e) {
        throw new UapiException(errno(e), e.getMessage());
      } catch (OperationException | IOException | UncheckedIOException e) {
        throw new UapiException(Errno.EIO, String.valueOf(e.getMessage()));
      }
    }

    private static int errno(WishRefusedException e) {
      return switch (e.reason()) {
        case ABSENT -> Errno.ENODEV;
        case CONFLICT -> Errno.EADDRINUSE;
        case INVALID, STALE, UNAVAILABLE -> Errno.EINVAL;
      };
    }
  }
}
