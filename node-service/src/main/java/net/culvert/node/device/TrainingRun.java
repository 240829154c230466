package net.culvert.node.device;

import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import net.culvert.api.value.LinkName;
import net.culvert.node.crypto.PacketCiphers;
import net.culvert.node.kernel.netns.NamespaceRunner;
import net.culvert.node.kernel.netns.NetworkNamespace;
import net.culvert.node.kernel.rtnetlink.Link;
import net.culvert.node.kernel.rtnetlink.LinkRequest;
import net.culvert.node.kernel.rtnetlink.Rtnetlink;
import net.culvert.node.kernel.rtnetlink.RtnetlinkMonitor;
import net.culvert.node.kernel.sys.Syscalls;
import net.culvert.node.kernel.tun.PairedTun;
import net.culvert.node.kernel.tun.SingleQueueTun;
import net.culvert.node.kernel.tun.TunSpec;
import net.culvert.node.uapi.UapiServer;
import net.culvert.node.uapi.UapiSocketFile;

/**
 * A short life of a device without any privilege, for the AOT cache to be made of: the classes that
 * a start needs, and those of the first questions of {@code wg(8)}.
 */
public final class TrainingRun {

  private static final String KEY =
      "a8dac1d8a70a751f0f699fb14ba1cff7b79cf4fbd8f09f44c6e6a90d0369604f";
  private static final String PEER =
      "25123c5dcd3328ff645e4f2a3fce0d754400d3887a0cb7c56f0267e20fbf3c5b";
  private static final LinkName NAME = new LinkName("training");

  private TrainingRun() {}

  /**
   * Runs it.
   *
   * @param args a directory for the socket
   */
  public static void main(String[] args) throws IOException, ReflectiveOperationException {
    // What it cannot run: it is loaded, which is most of what the cache is for.
    for (Class<?> each :
        new Class<?>[] {CulvertWg.class, SingleQueueTun.class, DeviceWatch.class}) {
      Class.forName(each.getName());
    }
    ProgramOptions.of(NAME.value(), System.getenv());
    StartReport.to(null).ready();
    DeviceLog.configure(NAME.value(), ProgramOptions.LogLevel.VERBOSE);
    Syscalls syscalls = Syscalls.real();
    Path path = UapiSocketFile.path(Path.of(args[0]), NAME.value());
    try (PairedTun tun = PairedTun.open(syscalls, NAME, TunSpec.TCP_OFFLOADS);
        StandaloneDevice device =
            StandaloneDevice.start(syscalls, tun.device(), new LateCiphers(new PacketCiphers()));
        RtnetlinkMonitor monitor = RtnetlinkMonitor.openForLinksAndRoutes(syscalls);
        Rtnetlink rtnetlink = Rtnetlink.open(syscalls);
        UapiSocketFile file = UapiSocketFile.open(path);
        SocketFileWatch _ = SocketFileWatch.start(file, () -> {})) {
      Link lo = rtnetlink.link("lo").orElseThrow();
      var _ = LinkRequest.change(lo).mtu(lo.mtu()).build();
      var _ = monitor.descriptor();
      try (NetworkNamespace current = NetworkNamespace.current(syscalls)) {
        var _ = new NamespaceRunner(syscalls).call(current, current::inode);
      }
      UapiServer.start(NAME.value(), file, device, new Semaphore(1));
      device.link(true, StandaloneDevice.DEFAULT_MTU);
      say(
          path,
          "set=1\nprivate_key="
              + KEY
              + "\nlisten_port=0\nreplace_peers=true\npublic_key="
              + PEER
              + "\nendpoint=127.0.0.1:9\nreplace_allowed_ips=true\nallowed_ip=10.0.0.0/8\n"
              + "allowed_ip=fd00::/8\npersistent_keepalive_interval=1\n\n");
      say(path, "get=1\n\n");
      device.link(false, StandaloneDevice.DEFAULT_MTU);
    }
  }

  private static void say(Path path, String request) throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(path));
      channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
      channel.shutdownOutput();
      InputStream answer = Channels.newInputStream(channel);
      String text = new String(answer.readAllBytes(), StandardCharsets.US_ASCII);
      if (!text.endsWith("errno=0\n\n")) {
        throw new IOException("the answer was " + text);
      }
    }
  }
}
