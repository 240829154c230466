package net.culvert.node.dataplane;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import net.culvert.node.kernel.udp.UdpEndpoint;
import net.culvert.node.transport.TransportPeer;
import org.jspecify.annotations.Nullable;

/**
 * A peer as the agents see it: its configuration, which never changes, and its state, which is
 * carried on when the configuration is replaced.
 */
final class Peer {

  private final PeerConfig config;
  private final @Nullable TransportPeer transportPeer;
  private final State state;

  private Peer(PeerConfig config, @Nullable TransportPeer transportPeer, State state) {
    this.config = config;
    this.transportPeer = transportPeer;
    this.state = state;
  }

  static Peer create(PeerConfig config, @Nullable TransportPeer transportPeer, int queues) {
    State state = new State(queues);
    UdpEndpoint given = config.endpoint();
    state.endpoint = given == null ? null : PeerEndpoint.given(given);
    return new Peer(config, transportPeer, state);
  }

  /** The same peer under another configuration: what it counted and learned stays. */
  Peer reconfigured(PeerConfig next, @Nullable TransportPeer nextTransportPeer) {
    UdpEndpoint given = next.endpoint();
    PeerEndpoint current = state.endpoint;
    if (nextTransportPeer != null && nextTransportPeer.equals(transportPeer)) {
      // It may be elsewhere by now, and only another wish brings it back.
      if (given != null && !given.equals(config.endpoint())) {
        state.endpoint = PeerEndpoint.given(given);
        state.forgetPath();
      }
    } else if (given != null) {
      boolean same = current != null && !current.learned() && current.remote().equals(given);
      if (!same) {
        state.endpoint = PeerEndpoint.given(given);
        state.forgetPath();
      }
    } else if (current != null && !(next.learnsEndpoint() && current.learned())) {
      state.endpoint = null;
    }
    return new Peer(next, nextTransportPeer, state);
  }

  /** What the transport keeps of it, or null. */
  @Nullable TransportPeer transportPeer() {
    return transportPeer;
  }

  /** An authentic datagram came from elsewhere. */
  void roamed(PeerEndpoint endpoint) {
    if (state.endpoint != null) {
      state.roams.increment();
    }
    setEndpoint(endpoint);
  }

  /** How often it moved. */
  long roams() {
    return state.roams.sum();
  }

  String name() {
    return config.name();
  }

  PeerConfig config() {
    return config;
  }

  boolean learnsEndpoint() {
    return config.learnsEndpoint();
  }

  /**
   * The largest inner packet that goes there without fragments outside: as configured, or less
   * where the path was found to be narrower. Not below what the inner protocols need, 1280 for IPv6
   * and 68 for IPv4.
   */
  int mtuBytes() {
    return Math.min(config.mtuBytes(), state.pathInnerBytes);
  }

  /** The path's MTU as the kernel knows it, outer headers included, in bytes; 0 if never asked. */
  int pathMtuBytes() {
    return state.pathMtuBytes;
  }

  /** For the conductor. */
  void learnedPath(int outerBytes, int innerBytes) {
    state.pathMtuBytes = outerBytes;
    state.pathInnerBytes = Math.max(innerBytes, config.smallestMtuBytes());
  }

  /** A datagram was too large for the path: somebody should look. */
  void suspectPath() {
    state.pathSuspected = true;
  }

  /** Whether somebody should look, once. */
  boolean takePathSuspicion() {
    boolean suspected = state.pathSuspected;
    if (suspected) {
      state.pathSuspected = false;
    }
    return suspected;
  }

  /** Whether a packet went there at or after that instant. */
  boolean hasSentSince(long nanos) {
    for (TrafficCounter counter : state.outbound) {
      if (counter.packets() > 0 && counter.lastNanos() - nanos >= 0) {
        return true;
      }
    }
    return false;
  }

  /** Where it is now; set by an inbound agent that learns, read by all. */
  @Nullable PeerEndpoint endpoint() {
    return state.endpoint;
  }

  void setEndpoint(@Nullable PeerEndpoint endpoint) {
    state.endpoint = endpoint;
    state.forgetPath();
  }

  /** For the outbound agent of that queue. */
  TrafficCounter outbound(int queue) {
    return state.outbound.get(queue);
  }

  /** For the inbound agent of that queue. */
  TrafficCounter inbound(int queue) {
    return state.inbound.get(queue);
  }

  List<TrafficCounter> outbound() {
    return state.outbound;
  }

  List<TrafficCounter> inbound() {
    return state.inbound;
  }

  /** Drops are rare and many peers never have one, so their counters come with the first. */
  void dropped(Direction direction, DropReason reason, long packets) {
    state.dropsFor(direction).add(reason, packets);
  }

  Map<DropReason, Long> drops(Direction direction) {
    DropCounters counters =
        direction == Direction.OUTBOUND ? state.outboundDrops : state.inboundDrops;
    return counters == null ? Map.of() : DropCounters.sum(List.of(counters));
  }

  @Override
  public String toString() {
    return "peer " + name();
  }

  private static final class State {

    private final List<TrafficCounter> outbound;
    private final List<TrafficCounter> inbound;
    private volatile @Nullable PeerEndpoint endpoint;
    private final LongAdder roams = new LongAdder();
    private volatile int pathMtuBytes;
    private volatile int pathInnerBytes = Integer.MAX_VALUE;
    private volatile boolean pathSuspected;
    private volatile @Nullable DropCounters outboundDrops;
    private volatile @Nullable DropCounters inboundDrops;

    State(int queues) {
      outbound = IntStream.range(0, queues).mapToObj(i -> new TrafficCounter()).toList();
      inbound = IntStream.range(0, queues).mapToObj(i -> new TrafficCounter()).toList();
    }

    /** Another endpoint, another path. */
    void forgetPath() {
      pathMtuBytes = 0;
      pathInnerBytes = Integer.MAX_VALUE;
    }

    DropCounters dropsFor(Direction direction) {
      DropCounters counters = direction == Direction.OUTBOUND ? outboundDrops : inboundDrops;
      return counters != null ? counters : create(direction);
    }

    private synchronized DropCounters create(Direction direction) {
      DropCounters counters = direction == Direction.OUTBOUND ? outboundDrops : inboundDrops;
      if (counters == null) {
        counters = new DropCounters();
        if (direction == Direction.OUTBOUND) {
          outboundDrops = counters;
        } else {
          inboundDrops = counters;
        }
      }
      return counters;
    }
  }
}
