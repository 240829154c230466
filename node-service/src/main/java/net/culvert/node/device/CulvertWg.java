package net.culvert.node.device;

import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import net.culvert.node.crypto.PacketCiphers;
import net.culvert.node.kernel.rtnetlink.Link;
import net.culvert.node.kernel.rtnetlink.LinkRequest;
import net.culvert.node.kernel.rtnetlink.Rtnetlink;
import net.culvert.node.kernel.sys.KernelException;
import net.culvert.node.kernel.sys.Syscalls;
import net.culvert.node.kernel.tun.SingleQueueTun;
import net.culvert.node.transport.wireguard.CipherSuite;
import net.culvert.node.uapi.UapiServer;
import net.culvert.node.uapi.UapiSocketFile;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The program behind {@code deploy/culvert-wg}: one WireGuard device, in the foreground, until it
 * or its socket is removed or a signal ends it.
 */
public final class CulvertWg implements AutoCloseable {

  static final int SUCCESS = 0;
  static final int FAILED = 1;

  private static final Logger LOG = LoggerFactory.getLogger(CulvertWg.class);

  private final CountDownLatch ended = new CountDownLatch(1);
  private final LateCiphers ciphers = new LateCiphers(new PacketCiphers());
  private final AtomicBoolean closed = new AtomicBoolean();
  private @Nullable StandaloneDevice device;
  private @Nullable DeviceWatch deviceWatch;
  private @Nullable UapiSocketFile socket;
  private @Nullable SocketFileWatch socketWatch;

  private CulvertWg() {}

  /**
   * Runs it.
   *
   * @param args the device's name
   */
  public static void main(String[] args) {
    Runtime.getRuntime().halt(run(args));
  }

  private static int run(String[] args) {
    StartReport report = StartReport.NONE;
    CulvertWg program = new CulvertWg();
    try {
      if (args.length != 1) {
        throw new IllegalArgumentException("the one argument is a device's name");
      }
      DeviceLog.configure(args[0], ProgramOptions.LogLevel.of(System.getenv("LOG_LEVEL")));
      ProgramOptions options = ProgramOptions.of(args[0], System.getenv());
      report = StartReport.to(options.readyDescriptor());
      program.start(options);
    } catch (IllegalArgumentException | KernelException | IOException e) {
      LOG.error("{}", e.getMessage());
      report.failed(String.valueOf(e.getMessage()));
      program.close();
      return FAILED;
    }
    // SIGTERM and SIGINT end it as a removal does.
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  program.close();
                  Runtime.getRuntime().halt(SUCCESS);
                },
                "end"));
    report.ready();
    program.ciphers.choose(CipherSuite.WIREGUARD);
    try {
      program.ended.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    LOG.debug("Shutting down");
    program.close();
    return SUCCESS;
  }

  private void start(ProgramOptions options) throws IOException {
    Syscalls syscalls = Syscalls.real();
    SingleQueueTun tun =
        options.tunDescriptor() == null
            ? SingleQueueTun.open(syscalls, options.name())
            : SingleQueueTun.inherit(syscalls, options.tunDescriptor());
    String name = tun.device().name().value();
    StandaloneDevice started = StandaloneDevice.start(syscalls, tun.device(), ciphers);
    device = started;
    setMtu(syscalls, name);
    UapiSocketFile file = socket(options, name);
    socket = file;
    deviceWatch =
        DeviceWatch.start(
            syscalls,
            tun,
            new DeviceWatch.Listener() {
              @Override
              public void link(boolean up, int mtuBytes) {
                started.link(up, mtuBytes);
              }

              @Override
              public void routesChanged() {
                started.routesChanged();
              }

              @Override
              public void removed() {
                LOG.debug("The device was removed");
                ended.countDown();
              }
            });
    socketWatch = SocketFileWatch.start(file, ended::countDown);
    UapiServer.start(name, file, started, new Semaphore(UapiServer.MAX_CONNECTIONS));
    LOG.debug("Device started");
  }

  /** Once, at the start; what others make of it later is theirs. */
  private static void setMtu(Syscalls syscalls, String name) {
    try (Rtnetlink rtnetlink = Rtnetlink.open(syscalls)) {
      Link link = rtnetlink.link(name).orElse(null);
      if (link != null && link.mtu() != StandaloneDevice.DEFAULT_MTU) {
        rtnetlink.execute(LinkRequest.change(link).mtu(StandaloneDevice.DEFAULT_MTU).build());
      }
    }
  }

  private static UapiSocketFile socket(ProgramOptions options, String name) throws IOException {
    Path path = UapiSocketFile.path(options.socketDirectory(), name);
    if (!options.inheritsSocket()) {
      return UapiSocketFile.open(path);
    }
    Channel inherited = System.inheritedChannel();
    if (inherited instanceof ServerSocketChannel listening) {
      return UapiSocketFile.of(path, listening);
    }
    throw new IOException(ProgramOptions.UAPI_FD + " is no listening Unix socket");
  }

  /** Ends everything that was started; twice is harmless. */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    try {
      if (socketWatch != null) {
        socketWatch.close();
      }
      if (socket != null) {
        socket.close();
      }
    } catch (IOException e) {
      LOG.error("{}", e.toString());
    }
    if (deviceWatch != null) {
      deviceWatch.close();
    }
    if (device != null) {
      device.close();
    }
  }
}
