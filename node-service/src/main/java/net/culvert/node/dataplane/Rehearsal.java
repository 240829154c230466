package net.culvert.node.dataplane;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import net.culvert.api.value.IpAddress;
import net.culvert.api.value.LinkName;
import net.culvert.api.value.ListenAddress;
import net.culvert.api.value.Prefix;
import net.culvert.node.kernel.abi.Errno;
import net.culvert.node.kernel.sys.FileDescriptor;
import net.culvert.node.kernel.sys.KernelException;
import net.culvert.node.kernel.sys.Syscalls;
import net.culvert.node.kernel.sys.SystemCallException;
import net.culvert.node.kernel.tun.PairedTun;
import net.culvert.node.kernel.tun.TunSpec;
import net.culvert.node.kernel.udp.DatagramBatchSocket;
import net.culvert.node.kernel.udp.DatagramSocketSpec;
import net.culvert.node.kernel.udp.DatagramSockets;
import net.culvert.node.kernel.udp.UdpEndpoint;
import net.culvert.node.packet.IpProtocol;
import net.culvert.node.transport.PeerIdentity;
import net.culvert.node.transport.Transport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets packets of every kind cross between two data planes of this process before there are real
 * ones, so that the packet path is compiled code when the first tunnel is ready: interpreted, it
 * carries a tenth, and it takes the JVM seconds of traffic to find out what is worth compiling.
 *
 * <p>Both planes are the real ones, with real sockets on the loopback address; only their devices
 * are pairs of sockets. No privilege is needed and nothing outside the process sees it. All methods
 * may be called from any thread.
 */
public final class Rehearsal implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Rehearsal.class);
  private static final String LOOPBACK = "127.0.0.1";
  private static final int MTU_BYTES = 1472;
  private static final int BUFFER_BYTES = 1 << 20;
  private static final int FIRST_PORT = 49_152;
  private static final int PORT_ATTEMPTS = 20;
  private static final int BURST = 32;
  private static final int SUPER_PAYLOAD_BYTES = 60_000;
  private static final int MEMORY_BYTES = 72 * 1024;
  private static final long PAUSE_NANOS = 50_000;
  private static final long WINDOW_NANOS = 200_000_000;
  private static final int WINDOWS_WITHOUT_GAIN = 3;
  private static final Duration GRACE = Duration.ofSeconds(2);

  private static final byte[] LEFT_IPV4 = {10, 0, 1, 1};
  private static final byte[] RIGHT_IPV4 = {10, 0, 2, 1};
  private static final byte[] LEFT_IPV6 = ipv6(1);
  private static final byte[] RIGHT_IPV6 = ipv6(2);

  private final Syscalls syscalls;
  private final RehearsalCast cast;
  private final Duration length;
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean started;
  private volatile boolean stopping;

  /**
   * @param length how long packets cross at most; it ends earlier once they cross no faster any
   *     more. Zero for no rehearsal at all
   */
  public Rehearsal(Syscalls syscalls, RehearsalCast cast, Duration length) {
    this.syscalls = syscalls;
    this.cast = cast;
    this.length = length;
  }

  private static byte[] ipv6(int number) {
    byte[] address = new byte[16];
    address[0] = (byte) 0xfd;
    address[3] = (byte) number;
    address[15] = 1;
    return address;
  }

  /** Begins on a thread of its own. To be called once. */
  public void start() {
    if (length.isZero()) {
      return;
    }
    started = true;
    Thread.ofPlatform().name("rehearsal").daemon(true).start(this::run);
  }

  /** Waits for the end of what was started, a bounded time. */
  public void await() {
    if (!started) {
      return;
    }
    try {
      if (!ended.await(length.plus(GRACE).toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("the rehearsal takes long; the first seconds of traffic may be slower");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends it early. */
  @Override
  public void close() {
    stopping = true;
    await();
  }

  private void run() {
    long start = System.nanoTime();
    try (Arena arena = Arena.ofConfined();
        Side left = new Side("left", cast.left());
        Side right = new Side("right", cast.right())) {
      left.meet(right, cast.rightIdentity(), "10.0.2.0/24", "fd00:2::/32");
      right.meet(left, cast.leftIdentity(), "10.0.1.0/24", "fd00:1::/32");
      Traffic traffic = new Traffic(arena, left.tun.stack(), right.tun.stack());
      Progress progress = new Progress();
      long until = start + length.toNanos();
      for (long now = start; !stopping && now - until < 0; now = System.nanoTime()) {
        traffic.turn();
        if (progress.hasEnded(now, left.plane)) {
          break;
        }
      }
      LOG.info(
          "the packet path of {} was rehearsed for {} ms, {} packets",
          cast.left().name(),
          (System.nanoTime() - start) / 1_000_000,
          left.plane.snapshot().outbound().packets() + right.plane.snapshot().outbound().packets());
    } catch (KernelException e) {
      LOG.warn("no rehearsal, the first seconds of traffic will be slower: {}", e.getMessage());
    } finally {
      ended.countDown();
    }
  }

  /** Whether packets still become faster. */
  private static final class Progress {
    private long windowEnd = System.nanoTime() + WINDOW_NANOS;
    private long packetsBefore;
    private long best;
    private int windowsWithoutGain;

    boolean hasEnded(long now, TunnelDataPlane plane) {
      if (now - windowEnd < 0) {
        return false;
      }
      TunnelSnapshot snapshot = plane.snapshot();
      long packets = snapshot.outbound().packets() + snapshot.inbound().packets();
      long inWindow = packets - packetsBefore;
      long before = best;
      packetsBefore = packets;
      windowEnd = now + WINDOW_NANOS;
      best = Math.max(best, inWindow);
      // Until a first handshake is done nothing crosses, and that is no reason to stop.
      windowsWithoutGain =
          best == 0 || inWindow > before + before / 10 ? 0 : windowsWithoutGain + 1;
      return windowsWithoutGain == WINDOWS_WITHOUT_GAIN;
    }
  }

  /** One of the two planes. */
  private final class Side implements AutoCloseable {
    private final PairedTun tun;
    private final UdpEndpoint endpoint;
    private final TunnelDataPlane plane;

    Side(String name, Transport transport) {
      int offloads = TunSpec.TCP_OFFLOADS | TunSpec.UDP_OFFLOADS;
      tun = PairedTun.open(syscalls, new LinkName(name), offloads);
      DatagramBatchSocket socket;
      try {
        socket = open();
      } catch (SystemCallException e) {
        tun.close();
        throw e;
      }
      endpoint = new UdpEndpoint(socket.local().address(), socket.local().port());
      plane = TunnelDataPlane.start(syscalls, tun.device(), List.of(List.of(socket)), transport);
    }

    private DatagramBatchSocket open() {
      for (int attempt = 1; ; attempt++) {
        int port = ThreadLocalRandom.current().nextInt(FIRST_PORT, 65_536);
        ListenAddress listen = new ListenAddress(IpAddress.parse(LOOPBACK), port);
        try {
          return DatagramSockets.open(
              syscalls,
              DatagramSocketSpec.of(listen)
                  .withBuffers(BUFFER_BYTES, BUFFER_BYTES)
                  .withReceiveTrains(true));
        } catch (SystemCallException e) {
          if (e.errno() != Errno.EADDRINUSE || attempt == PORT_ATTEMPTS) {
            throw e;
          }
        }
      }
    }

    void meet(Side other, @Nullable PeerIdentity identity, String... prefixes) {
      List<Prefix> allowed = List.of(prefixes).stream().map(Prefix::parse).toList();
      PeerConfig peer =
          new PeerConfig("other", other.endpoint, identity != null, allowed, MTU_BYTES, identity);
      plane.replacePeers(List.of(peer)).join();
    }

    @Override
    public void close() {
      plane.close();
      tun.close();
    }
  }

  /** What the stacks on both sides would send and receive. */
  private final class Traffic {
    private final MemorySegment outgoing;
    private final MemorySegment incoming;
    private final FileDescriptor left;
    private final FileDescriptor right;
    private final SyntheticPacket packets;
    private int turns;

    Traffic(Arena arena, FileDescriptor left, FileDescriptor right) {
      this.outgoing = arena.allocate(MEMORY_BYTES, 64);
      this.incoming = arena.allocate(MEMORY_BYTES, 64);
      this.left = left;
      this.right = right;
      this.packets = new SyntheticPacket(outgoing);
    }

    /** Bulk TCP one way with its acknowledgements, the other way with small UDP, in turn. */
    void turn() {
      boolean ipv4 = turns % 8 != 0;
      byte[] from = ipv4 ? LEFT_IPV4 : LEFT_IPV6;
      byte[] to = ipv4 ? RIGHT_IPV4 : RIGHT_IPV6;
      boolean there = turns / 64 % 2 == 0;
      FileDescriptor sender = there ? left : right;
      FileDescriptor receiver = there ? right : left;
      byte[] source = there ? from : to;
      byte[] destination = there ? to : from;
      int segment = MTU_BYTES - (ipv4 ? 40 : 60);
      int moved = send(sender, IpProtocol.TCP, source, destination, SUPER_PAYLOAD_BYTES, segment);
      moved += send(receiver, IpProtocol.TCP, destination, source, 0, 0);
      if (turns % 4 == 0) {
        moved += send(sender, IpProtocol.UDP, source, destination, SUPER_PAYLOAD_BYTES, segment);
        for (int i = 0; i < BURST; i++) {
          moved += send(sender, IpProtocol.UDP, source, destination, 64, 0);
        }
      }
      moved += drain(left) + drain(right);
      turns++;
      if (moved == 0) {
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }

    private int send(
        FileDescriptor stack,
        int protocol,
        byte[] source,
        byte[] destination,
        int payload,
        int segment) {
      int bytes = packets.write(protocol, source, destination, payload, segment);
      return syscalls.write(stack.fd(), outgoing.address(), bytes) > 0 ? 1 : 0;
    }

    /** Takes what has arrived, a bounded number. */
    private int drain(FileDescriptor stack) {
      int taken = 0;
      while (taken < 4 * BURST && syscalls.read(stack.fd(), incoming.address(), MEMORY_BYTES) > 0) {
        taken++;
      }
      return taken;
    }
  }
}
