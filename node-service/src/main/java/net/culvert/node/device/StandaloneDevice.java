package net.culvert.node.device;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import net.culvert.api.value.Endpoint;
import net.culvert.api.value.IpAddress;
import net.culvert.api.value.Prefix;
import net.culvert.api.value.PublicKey;
import net.culvert.api.value.SecretKey;
import net.culvert.node.dataplane.PeerConfig;
import net.culvert.node.dataplane.TunnelDataPlane;
import net.culvert.node.dataplane.TunnelOptions;
import net.culvert.node.dataplane.TunnelSnapshot.PeerSnapshot;
import net.culvert.node.kernel.abi.Errno;
import net.culvert.node.kernel.sys.KernelException;
import net.culvert.node.kernel.sys.Syscalls;
import net.culvert.node.kernel.tun.TunDevice;
import net.culvert.node.kernel.udp.UdpEndpoint;
import net.culvert.node.transport.TransportPeer;
import net.culvert.node.transport.wireguard.CipherSuite;
import net.culvert.node.transport.wireguard.PacketCipher;
import net.culvert.node.transport.wireguard.PresharedKey;
import net.culvert.node.transport.wireguard.PrivateKey;
import net.culvert.node.transport.wireguard.WireGuardIdentity;
import net.culvert.node.transport.wireguard.WireGuardTransport;
import net.culvert.node.uapi.DeviceChange;
import net.culvert.node.uapi.DeviceChange.PeerChange;
import net.culvert.node.uapi.DevicePeer;
import net.culvert.node.uapi.DevicePeers;
import net.culvert.node.uapi.DeviceText;
import net.culvert.node.uapi.UapiDevice;
import net.culvert.node.uapi.UapiException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A WireGuard device over somebody's TUN device: its configuration and the data plane that follows
 * it. While the TUN device is down it is bound to no port and has no sessions. Any thread.
 */
final class StandaloneDevice implements UapiDevice, AutoCloseable {

  /** What a device has until its user says otherwise, in bytes. */
  static final int DEFAULT_MTU = 1420;

  private static final int SMALLEST_MTU = 68;
  private static final Logger LOG = LoggerFactory.getLogger(StandaloneDevice.class);

  private final ListenSockets sockets;
  private final WireGuardTransport transport;
  private final TunnelDataPlane plane;
  private final DevicePeers peers = new DevicePeers();

  /** What the data plane is told of each peer; made anew for those that a change touches. */
  private final Map<PublicKey, PeerConfig> configs = new LinkedHashMap<>();

  private @Nullable SecretKey privateKey;
  private @Nullable PublicKey ownKey;
  private int listenPort;
  private long firewallMark;
  private int mtu = DEFAULT_MTU;
  private boolean up;
  private boolean active;

  private StandaloneDevice(
      ListenSockets sockets, WireGuardTransport transport, TunnelDataPlane plane) {
    this.sockets = sockets;
    this.transport = transport;
    this.plane = plane;
  }

  /**
   * Starts one without a key, down.
   *
   * @param tun becomes this object's to close
   * @throws KernelException if there can be no sockets; the TUN device is closed then
   */
  static StandaloneDevice start(Syscalls syscalls, TunDevice tun, PacketCipher.Factory ciphers) {
    SecureRandom random = new SecureRandom();
    ListenSockets sockets;
    try {
      sockets = ListenSockets.open(syscalls, random);
    } catch (RuntimeException e) {
      tun.close();
      throw e;
    }
    // Nobody knows this key, and nothing is said under it.
    WireGuardTransport transport =
        new WireGuardTransport(CipherSuite.WIREGUARD, PrivateKey.generate(random), random, ciphers);
    transport.suspend();
    TunnelDataPlane plane =
        TunnelDataPlane.start(
            syscalls,
            tun,
            List.of(sockets.sockets()),
            transport,
            new TunnelOptions(Set.of(), false, true));
    return new StandaloneDevice(sockets, transport, plane);
  }

  // ------------------------------------------------------------------------------ the TUN device

  /**
   * How the TUN device is now.
   *
   * @param mtuBytes 0 where that is not known
   */
  synchronized void link(boolean isUp, int mtuBytes) {
    int known = mtuBytes == 0 ? mtu : Math.max(SMALLEST_MTU, mtuBytes);
    if (known != mtu) {
      LOG.debug("MTU updated: {}", known);
      mtu = known;
      peers.all().forEach(this::configure);
      publish();
    }
    if (isUp != up) {
      LOG.debug("Interface is {}", isUp ? "up" : "down");
    }
    up = isUp;
    try {
      follow();
    } catch (KernelException e) {
      LOG.error("Unable to listen on port {}: {}", listenPort, e.getMessage());
    }
  }

  /** Routes to peers may be others now. */
  void routesChanged() {
    plane.forgetSources();
  }

  /** Binds and speaks while up, and lets go of both while down. */
  private void follow() {
    if (up && !sockets.isBound()) {
      listenPort = sockets.bind(listenPort);
      plane.wake();
    }
    boolean wanted = up && privateKey != null && sockets.isBound();
    if (wanted != active) {
      active = wanted;
      await(plane.execute(wanted ? () -> transport.resume(System.nanoTime()) : transport::suspend));
    }
    if (!up && sockets.isBound()) {
      sockets.release();
      plane.wake();
    }
  }

  // ------------------------------------------------------------------------------ changes

  @Override
  public synchronized void change(DeviceChange change) throws UapiException {
    try {
      if (change.listenPort() != null) {
        listenOn(change.listenPort());
      }
      if (change.firewallMark() != null) {
        mark(change.firewallMark());
      }
      if (change.privateKey() != null) {
        use(change.privateKey());
      }
      if (change.replacePeers() || !change.peers().isEmpty()) {
        change(change.replacePeers(), change.peers());
      }
      follow();
    } catch (KernelException e) {
      throw new UapiException(e.errno(), String.valueOf(e.getMessage()));
    } catch (IllegalArgumentException e) {
      throw new UapiException(Errno.EINVAL, String.valueOf(e.getMessage()));
    }
  }

  private void listenOn(int port) {
    if (up) {
      listenPort = sockets.bind(port);
      plane.wake();
    } else {
      listenPort = port;
    }
  }

  private void mark(long mark) {
    sockets.mark((int) mark);
    plane.usePathMark((int) mark);
    firewallMark = mark;
  }

  private void use(SecretKey key) {
    if (key.equals(privateKey)) {
      return;
    }
    String text = key.value();
    if (text == null) {
      privateKey = null;
      ownKey = null;
      return;
    }
    PrivateKey own = PrivateKey.parse(text);
    privateKey = key;
    ownKey = new PublicKey(own.publicKey().toString());
    if (peers.remove(ownKey)) {
      // Nobody is a peer of its own.
      configs.remove(ownKey);
      publish();
    }
    await(plane.execute(() -> transport.replaceKey(own)));
  }

  private void change(boolean replacePeers, List<PeerChange> changes) {
    List<PeerChange> others =
        changes.stream().filter(each -> !each.publicKey().equals(ownKey)).toList();
    Set<PublicKey> touched = peers.apply(new DeviceChange(null, null, null, replacePeers, others));
    for (PublicKey key : touched) {
      DevicePeer peer = peers.get(key);
      if (peer == null) {
        configs.remove(key);
      } else {
        configure(peer);
      }
    }
    publish();
    for (PeerChange each : others) {
      if (each.endpoint() != null && configs.containsKey(each.publicKey())) {
        // Also where it is the same that it was told before, and the peer has moved since.
        await(plane.locate(each.publicKey().value(), remote(each.endpoint())));
      }
    }
  }

  private void configure(DevicePeer peer) {
    SecretKey preshared = peer.presharedKey();
    String secret = preshared == null ? null : preshared.value();
    Endpoint endpoint = peer.endpoint();
    WireGuardIdentity identity =
        new WireGuardIdentity(
            net.culvert.node.transport.wireguard.PublicKey.parse(peer.publicKey().value()),
            secret == null ? PresharedKey.NONE : PresharedKey.parse(secret),
            peer.keepaliveSeconds());
    PeerConfig config =
        new PeerConfig(
            peer.publicKey().value(),
            endpoint == null ? null : remote(endpoint),
            false,
            List.copyOf(peer.allowedPrefixes()),
            mtu,
            identity);
    configs.put(peer.publicKey(), config);
  }

  private static UdpEndpoint remote(Endpoint endpoint) {
    IpAddress address =
        endpoint
            .address()
            .orElseThrow(() -> new IllegalArgumentException("an endpoint has an address"));
    return new UdpEndpoint(address, endpoint.port());
  }

  private void publish() {
    await(plane.replacePeers(List.copyOf(configs.values())));
  }

  private static void await(CompletableFuture<Void> done) {
    try {
      done.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the data plane refused a change", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  // ------------------------------------------------------------------------------ what there is

  private record Described(
      PublicKey key,
      @Nullable SecretKey presharedKey,
      int keepaliveSeconds,
      List<Prefix> allowedPrefixes,
      @Nullable PeerSnapshot running) {}

  @Override
  public void describe(DeviceText text) {
    SecretKey key;
    int port;
    long mark;
    List<Described> described = new ArrayList<>();
    synchronized (this) {
      key = privateKey;
      port = listenPort;
      mark = firewallMark;
      Map<String, PeerSnapshot> running = new LinkedHashMap<>();
      plane.snapshot().peers().forEach(each -> running.put(each.name(), each));
      configs.forEach((name, config) -> {
        DevicePeer peer = peers.get(name);
        if (peer != null) {
          described.add(
              new Described(
                  name,
                  peer.presharedKey(),
                  peer.keepaliveSeconds(),
                  config.allowedPrefixes(),
                  running.get(config.name())));
        }
      });
    }
    // A reader that is slow holds up nobody.
    text.device(key, port, mark);
    described.forEach(each -> describe(text, each));
  }

  private static void describe(DeviceText text, Described peer) {
    text.peer(peer.key, peer.presharedKey);
    PeerSnapshot running = peer.running;
    if (running != null) {
      if (running.endpoint() != null) {
        text.endpoint(running.endpoint());
      }
      TransportPeer.Status session = running.session();
      text.traffic(
          session == null ? null : session.lastHandshakeEpochNanos(),
          running.outbound().bytes(),
          running.inbound().bytes());
    }
    text.settings(peer.keepaliveSeconds, peer.allowedPrefixes);
  }

  /** Ends it, and the TUN device with it unless that is persistent. */
  @Override
  public void close() {
    plane.close();
  }
}
