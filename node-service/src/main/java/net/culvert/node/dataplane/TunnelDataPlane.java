package net.culvert.node.dataplane;

import java.lang.foreign.Arena;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;
import net.culvert.node.dataplane.AgentPair.Input;
import net.culvert.node.kernel.sys.FileDescriptor;
import net.culvert.node.kernel.sys.Syscalls;
import net.culvert.node.kernel.tun.TunDevice;
import net.culvert.node.kernel.udp.DatagramBatchSocket;
import net.culvert.node.kernel.udp.PathMtu;
import net.culvert.node.kernel.udp.UdpEndpoint;
import net.culvert.node.transport.Transport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data plane of one tunnel: started with an open device and sockets, told its peers, asked what
 * it counted, and stopped. All methods may be called from any thread.
 *
 * <p>Each queue has a pair of threads, {@code out-…} and {@code in-…}, the second of which rests
 * while packets are few ({@link AgentPair}); one conductor, {@code con-…}, serves all of them.
 * Nothing here configures links, addresses or routes.
 */
public final class TunnelDataPlane implements AutoCloseable {

  private static final long STOP_NANOS = 900_000_000L;
  private static final Logger LOG = LoggerFactory.getLogger(TunnelDataPlane.class);

  private final TunDevice tun;
  private final List<List<DatagramBatchSocket>> sockets;
  private final Arena arena = Arena.ofShared();
  private final DataPlaneCore core;
  private final List<AgentRunner> runners = new ArrayList<>();
  private final List<AgentRunner> leaders = new ArrayList<>();
  private final List<Idle> idles = new ArrayList<>();
  private final AgentRunner conductor;
  private boolean closed;
  private volatile int pathMark;

  private TunnelDataPlane(
      Syscalls syscalls,
      TunDevice tun,
      List<List<DatagramBatchSocket>> sockets,
      Transport transport,
      TunnelOptions options) {
    this.tun = tun;
    this.sockets = sockets;
    PacketTap tap = new PacketTap(epochOffsetNanos());
    this.core =
        new DataPlaneCore(
            tun,
            sockets,
            transport,
            options,
            tap,
            arena,
            remote -> PathMtu.to(syscalls, remote, pathMark),
            TunnelDataPlane::epochNanos);
    try {
      for (int queue = 0; queue < tun.queueCount(); queue++) {
        addPair(
            syscalls,
            new AgentPair(core.outbound(queue), core.inbound(queue)),
            descriptorsOf(tun, queue),
            descriptorsOf(sockets.get(queue)));
      }
      conductor =
          add(core.conductor(), new PollIdle(syscalls, List.of(), List.of(), () -> Input.NONE));
      ControlMessages control = core.control();
      if (control != null) {
        control.wakeBy(conductor::wake, () -> leaders.forEach(AgentRunner::wake));
      }
    } catch (Throwable e) {
      idles.forEach(Idle::close);
      arena.close();
      throw e;
    }
  }

  /** Starts with all that the kernel can do; see the other method. */
  public static TunnelDataPlane start(
      Syscalls syscalls,
      TunDevice tun,
      List<List<DatagramBatchSocket>> sockets,
      Transport transport) {
    return start(syscalls, tun, sockets, transport, TunnelOptions.DEFAULT);
  }

  /**
   * Starts the agents of a tunnel without peers. Device and sockets become this object's to close;
   * if starting fails they are closed as well.
   *
   * @param sockets for each queue of the device the sockets to receive and send on, the same listen
   *     addresses in the same order for every queue
   */
  public static TunnelDataPlane start(
      Syscalls syscalls,
      TunDevice tun,
      List<List<DatagramBatchSocket>> sockets,
      Transport transport,
      TunnelOptions options) {
    List<List<DatagramBatchSocket>> copy = sockets.stream().map(List::copyOf).toList();
    try {
      if (copy.size() != tun.queueCount()) {
        throw new IllegalArgumentException("every queue wants sockets of its own");
      }
      TunnelDataPlane plane = new TunnelDataPlane(syscalls, tun, copy, transport, options);
      plane.core.offloads().applyTo(tun, System.nanoTime());
      plane.runners.forEach(AgentRunner::start);
      return plane;
    } catch (Throwable e) {
      closeAll(tun, copy);
      throw e;
    }
  }

  /**
   * What this kernel does for many packets at once, in words, by the offloads' labels.
   *
   * @param tun opened with offloads, not up; stays the caller's
   * @param socket as a tunnel would open it; stays the caller's
   */
  public static Map<String, String> probe(TunDevice tun, DatagramBatchSocket socket) {
    return Offloads.inWords(tun, List.of(socket));
  }

  private void addPair(
      Syscalls syscalls, AgentPair pair, List<FileDescriptor> out, List<FileDescriptor> in) {
    AgentRunner leader = add(pair.leader(), new PollIdle(syscalls, out, in, pair::leaderInput));
    AgentRunner follower =
        add(pair.follower(), new PollIdle(syscalls, in, List.of(), pair::followerInput));
    pair.wakeBy(leader::wake, follower::wake);
    leaders.add(leader);
  }

  private AgentRunner add(Agent agent, Idle idle) {
    idles.add(idle);
    AgentRunner runner = new AgentRunner(agent, idle, System::nanoTime);
    runners.add(runner);
    return runner;
  }

  private static List<FileDescriptor> descriptorsOf(TunDevice tun, int queue) {
    return Stream.of(Optional.ofNullable(tun.queue(queue).descriptor()))
        .flatMap(Optional::stream)
        .toList();
  }

  private static List<FileDescriptor> descriptorsOf(List<DatagramBatchSocket> sockets) {
    return sockets.stream()
        .map(DatagramBatchSocket::descriptor)
        .filter(Objects::nonNull)
        .<FileDescriptor>map(Objects::requireNonNull)
        .toList();
  }

  private static long epochOffsetNanos() {
    return epochNanos() - System.nanoTime();
  }

  private static long epochNanos() {
    Instant instant = Instant.now();
    return instant.getEpochSecond() * 1_000_000_000L + instant.getNano();
  }

  /**
   * These peers and no others, all at once. Peers that stay, by name, keep their counters and what
   * was learned about them.
   *
   * @return completes when the agents see them; fails with {@link IllegalArgumentException} for two
   *     peers of one name, with {@link RejectedExecutionException} after {@link #close} or if too
   *     many commands wait
   */
  public CompletableFuture<Void> replacePeers(List<PeerConfig> peers) {
    List<PeerConfig> copy = List.copyOf(peers);
    return command(() -> core.onReplacePeers(copy, System.nanoTime()));
  }

  /**
   * Runs something on the conductor's thread, the transport's conversation for example, which is
   * for that thread alone.
   *
   * @return completes when it was done; fails as {@link #replacePeers}
   */
  public CompletableFuture<Void> execute(Runnable task) {
    return command(task);
  }

  /**
   * Takes a peer for where it is said to be, wherever it was heard from before.
   *
   * @return completes when it is so, or when there is no such peer; fails as {@link #replacePeers}
   */
  public CompletableFuture<Void> locate(String peer, UdpEndpoint remote) {
    return command(() -> {
      Peer known = core.peers().byName().get(peer);
      PeerEndpoint now = known == null ? null : known.endpoint();
      if (known != null && (now == null || !now.remote().equals(remote))) {
        known.setEndpoint(PeerEndpoint.given(remote));
      }
    });
  }

  /**
   * Answers all peers from wherever the kernel likes, until they are heard again: for when routes
   * have changed.
   */
  public void forgetSources() {
    var _ =
        command(() -> {
          for (Peer peer : core.peers().all()) {
            PeerEndpoint endpoint = peer.endpoint();
            if (endpoint != null && endpoint.localLink() != 0) {
              peer.setEndpoint(endpoint.withoutLocal());
            }
          }
        });
  }

  /** The kernel is asked for the paths of datagrams with that mark from now on; 0 for none. */
  public void usePathMark(int mark) {
    pathMark = mark;
  }

  /** Lets all agents look at their sockets anew. */
  public void wake() {
    runners.forEach(AgentRunner::wake);
  }

  private CompletableFuture<Void> command(Runnable command) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    Runnable guarded =
        () -> {
          try {
            command.run();
            done.complete(null);
          } catch (Throwable e) {
            done.completeExceptionally(e);
          }
        };
    synchronized (this) {
      if (closed || !core.conductor().offer(guarded)) {
        done.completeExceptionally(
            new RejectedExecutionException(
                closed ? "the tunnel is stopped" : "too many commands wait"));
        return done;
      }
      conductor.wake();
    }
    return done;
  }

  /** Watches this tunnel's packets. */
  public PacketTap packets() {
    return core.tap();
  }

  /** Counters, endpoints and whether the agents turn. */
  public TunnelSnapshot snapshot() {
    return core.snapshot(System.nanoTime(), runners.stream().map(AgentRunner::status).toList());
  }

  /**
   * Stops the agents, within a second, and closes device and sockets; twice is harmless. Packets
   * under way are lost. An agent that does not end keeps its memory and descriptors, since a system
   * call could still use them; that is logged.
   */
  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      runners.forEach(AgentRunner::stop);
      long deadline = System.nanoTime() + STOP_NANOS;
      boolean ended = true;
      for (AgentRunner runner : runners) {
        ended &= runner.join(Math.max(1, deadline - System.nanoTime()));
      }
      if (!ended) {
        LOG.error("{}: an agent did not stop; its descriptors stay open", tun.name());
        return;
      }
      // Commands that nobody will carry out are answered all the same.
      core.conductor().abandon();
      core.end();
      idles.forEach(Idle::close);
      closeAll(tun, sockets);
      arena.close();
    }
  }

  private static void closeAll(TunDevice tun, List<List<DatagramBatchSocket>> sockets) {
    tun.close();
    sockets.forEach(queue -> queue.forEach(DatagramBatchSocket::close));
  }

  @Override
  public String toString() {
    return "data plane of " + tun.name();
  }
}
