package net.culvert.node.dataplane;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import net.culvert.node.kernel.tun.TunDevice;
import net.culvert.node.kernel.udp.DatagramBatchSocket;
import net.culvert.node.transport.Conversation;
import net.culvert.node.transport.PeerIdentity;
import net.culvert.node.transport.Transport;
import net.culvert.node.transport.TransportPeer;
import org.jspecify.annotations.Nullable;

/**
 * A tunnel's agents and what they share, without threads or a clock: a test turns them by hand and
 * tells them the time.
 */
final class DataPlaneCore {

  /** Linux cuts a thread's name to this many characters. */
  private static final int THREAD_NAME_CHARS = 15;

  private final List<OutboundAgent> outbound = new ArrayList<>();
  private final List<InboundAgent> inbound = new ArrayList<>();
  private final ConductorAgent conductor;
  private final PacketTap tap;
  private final Offloads offloads;
  private final List<List<DatagramBatchSocket>> sockets;
  private final List<DropCounters> outboundDrops = new ArrayList<>();
  private final List<DropCounters> inboundDrops = new ArrayList<>();
  private final int queues;
  private final @Nullable Conversation conversation;
  private final @Nullable ControlMessages control;
  private final DropCounters conductorDrops;
  private volatile Peers peers = Peers.NONE;

  /** Peers that are gone took part in the sums; what they counted stays in these. */
  private volatile Totals retired = Totals.NONE;

  DataPlaneCore(
      TunDevice tun,
      List<List<DatagramBatchSocket>> sockets,
      Transport transport,
      TunnelOptions options,
      PacketTap tap,
      Arena arena,
      PathWatch.Paths paths,
      LongSupplier epochNanos) {
    this.tap = tap;
    this.conversation = transport.conversation();
    this.conductorDrops = new DropCounters();
    this.control =
        conversation == null
            ? null
            : new ControlMessages(conversation, () -> peers, conductorDrops);
    inboundDrops.add(conductorDrops);
    this.offloads = new Offloads(options.disabled(), tun, sockets);
    this.sockets = sockets;
    this.queues = tun.queueCount();
    String name = tun.name().value();
    for (int queue = 0; queue < queues; queue++) {
      String suffix = queues == 1 ? "" : Integer.toString(queue);
      DropCounters out = new DropCounters();
      DropCounters in = new DropCounters();
      outboundDrops.add(out);
      inboundDrops.add(in);
      outbound.add(
          new OutboundAgent(
              threadName("out" + suffix, name),
              queue,
              tun.queue(queue),
              name,
              sockets.get(queue),
              transport,
              () -> peers,
              out,
              tap,
              offloads,
              options,
              control,
              arena));
      inbound.add(
          new InboundAgent(
              threadName("in" + suffix, name),
              queue,
              tun.queue(queue),
              sockets.get(queue),
              transport,
              () -> peers,
              in,
              tap,
              offloads,
              options.clampMss(),
              control,
              arena));
    }
    conductor =
        new ConductorAgent(
            threadName("con", name),
            new PathWatch(() -> peers, transport, paths),
            control,
            epochNanos);
  }

  private static String threadName(String role, String tunnel) {
    String name = role + "-" + tunnel;
    return name.length() <= THREAD_NAME_CHARS ? name : name.substring(0, THREAD_NAME_CHARS);
  }

  OutboundAgent outbound(int queue) {
    return outbound.get(queue);
  }

  InboundAgent inbound(int queue) {
    return inbound.get(queue);
  }

  ConductorAgent conductor() {
    return conductor;
  }

  PacketTap tap() {
    return tap;
  }

  Offloads offloads() {
    return offloads;
  }

  Peers peers() {
    return peers;
  }

  /** What the agents say for the transport, or null where it says nothing. */
  @Nullable ControlMessages control() {
    return control;
  }

  /** On the conductor's thread. */
  void onReplacePeers(List<PeerConfig> configs, long nowNanos) {
    Peers before = peers;
    Peers after = before.replacedBy(configs, queues, identity -> admit(identity, nowNanos));
    peers = after;
    if (conversation != null) {
      conversation.retain(after.transportPeers());
    }
    Totals sum = retired;
    for (Peer peer : before.all()) {
      if (!after.byName().containsKey(peer.name())) {
        sum = sum.plus(peer);
      }
    }
    retired = sum;
  }

  /** Forgets all sessions and their keys. When the agents' threads have ended. */
  void end() {
    if (conversation != null) {
      conversation.retain(Set.of());
    }
  }

  private TransportPeer admit(PeerIdentity identity, long now) {
    if (conversation == null) {
      throw new IllegalArgumentException("the transport knows no identities");
    }
    return conversation.admit(identity, now);
  }

  TunnelSnapshot snapshot(long nowNanos, List<AgentStatus> agents) {
    Collection<Peer> current = peers.all();
    List<TunnelSnapshot.PeerSnapshot> list = new ArrayList<>(current.size());
    Totals totals = retired;
    for (Peer peer : current) {
      totals = totals.plus(peer);
      list.add(snapshot(peer, nowNanos));
    }
    List<TunnelSnapshot.SocketSnapshot> socketList = new ArrayList<>();
    long queueDrops = 0;
    for (int queue = 0; queue < sockets.size(); queue++) {
      for (DatagramBatchSocket socket : sockets.get(queue)) {
        long lost = socket.receiveQueueDrops();
        queueDrops += lost;
        socketList.add(
            new TunnelSnapshot.SocketSnapshot(
                socket.local().toString(), queue, socket.bufferSizes(), lost));
      }
    }
    return new TunnelSnapshot(
        totals.outbound.traffic(nowNanos),
        totals.inbound.traffic(nowNanos),
        DropCounters.sum(outboundDrops),
        DropCounters.sum(inboundDrops),
        queueDrops,
        List.copyOf(list),
        agents,
        List.copyOf(socketList),
        offloads.status(nowNanos));
  }

  private static TunnelSnapshot.PeerSnapshot snapshot(Peer peer, long nowNanos) {
    PeerEndpoint endpoint = peer.endpoint();
    return new TunnelSnapshot.PeerSnapshot(
        peer.name(),
        endpoint == null ? null : endpoint.remote(),
        endpoint != null && endpoint.learned(),
        peer.mtuBytes(),
        peer.pathMtuBytes(),
        Sum.NONE.plus(peer.outbound()).traffic(nowNanos),
        Sum.NONE.plus(peer.inbound()).traffic(nowNanos),
        peer.drops(Direction.OUTBOUND),
        peer.drops(Direction.INBOUND),
        session(peer, nowNanos),
        peer.roams());
  }

  private static TransportPeer.@Nullable Status session(Peer peer, long now) {
    TransportPeer transportPeer = peer.transportPeer();
    return transportPeer == null ? null : transportPeer.status(now);
  }

  private record Totals(Sum outbound, Sum inbound) {
    static final Totals NONE = new Totals(Sum.NONE, Sum.NONE);

    Totals plus(Peer peer) {
      return new Totals(outbound.plus(peer.outbound()), inbound.plus(peer.inbound()));
    }
  }

  private record Sum(long packets, long bytes, @Nullable Long lastNanos) {
    static final Sum NONE = new Sum(0, 0, null);

    Sum plus(List<TrafficCounter> counters) {
      long packetSum = packets;
      long byteSum = bytes;
      Long last = lastNanos;
      for (TrafficCounter counter : counters) {
        long count = counter.packets();
        if (count > 0) {
          packetSum += count;
          byteSum += counter.bytes();
          long nanos = counter.lastNanos();
          last = last == null || nanos - last > 0 ? nanos : last;
        }
      }
      return new Sum(packetSum, byteSum, last);
    }

    TunnelSnapshot.Traffic traffic(long nowNanos) {
      return new TunnelSnapshot.Traffic(
          packets, bytes, lastNanos == null ? null : Math.max(0, nowNanos - lastNanos));
    }
  }
}
