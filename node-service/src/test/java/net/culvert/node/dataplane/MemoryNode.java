package net.culvert.node.dataplane;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.culvert.api.value.IpAddress;
import net.culvert.api.value.Prefix;
import net.culvert.node.kernel.tun.MemoryTun;
import net.culvert.node.kernel.udp.DatagramBatchSocket;
import net.culvert.node.kernel.udp.MemoryNetwork;
import net.culvert.node.kernel.udp.MemoryNetwork.MemorySocket;
import net.culvert.node.kernel.udp.UdpEndpoint;
import net.culvert.node.transport.Transport;

/** A whole data plane without kernel, thread or clock, turned by hand. */
final class MemoryNode implements AutoCloseable {

  final MemoryTun tun;
  final List<MemorySocket> sockets = new ArrayList<>();
  final DataPlaneCore core;
  final PacketTap tap = new PacketTap(0);

  /** The day on which every test begins. */
  private static final long EPOCH_NANOS = 1_800_000_000_000_000_000L;

  long now = 1_000_000_000L;

  private final Arena arena = Arena.ofShared();

  /** What the kernel would say of every path. */
  int pathMtu = 65_535;

  MemoryNode(MemoryNetwork network, Transport transport, String host, String... listen) {
    this(network, transport, new MemoryTun("tun0", 1), host, listen);
  }

  MemoryNode(
      MemoryNetwork network, Transport transport, MemoryTun device, String host, String... listen) {
    tun = device;
    for (String address : listen) {
      sockets.add(network.open(host, address));
    }
    List<DatagramBatchSocket> all = List.copyOf(sockets);
    core =
        new DataPlaneCore(
            tun,
            List.of(all),
            transport,
            TunnelOptions.DEFAULT,
            tap,
            arena,
            remote -> pathMtu,
            () -> EPOCH_NANOS + now);
  }

  static UdpEndpoint endpoint(String address, int port) {
    return new UdpEndpoint(IpAddress.parse(address), port);
  }

  static List<Prefix> prefixes(String... texts) {
    return Arrays.stream(texts).map(Prefix::parse).toList();
  }

  void peers(PeerConfig... configs) {
    core.onReplacePeers(List.of(configs), now);
  }

  /** Turns both agents until neither has anything left to do. */
  void turn() {
    now += 1_000_000;
    for (int i = 0; i < 1000; i++) {
      // What the conductor says is sent by the outbound agent after it.
      int work = core.control() == null ? 0 : core.conductor().doWork(now);
      work += core.outbound(0).doWork(now) + core.inbound(0).doWork(now);
      if (work == 0) {
        return;
      }
    }
    throw new AssertionError("the agents never come to rest");
  }

  long drops(Direction direction, DropReason reason) {
    TunnelSnapshot snapshot = snapshot();
    return (direction == Direction.OUTBOUND ? snapshot.outboundDrops() : snapshot.inboundDrops())
        .getOrDefault(reason, 0L);
  }

  TunnelSnapshot snapshot() {
    return core.snapshot(now, List.of());
  }

  @Override
  public void close() {
    arena.close();
  }
}
