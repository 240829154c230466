package net.culvert.node.tunnel;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import net.culvert.api.tunnel.Framing;
import net.culvert.api.tunnel.TransportKind;
import net.culvert.api.value.LinkName;
import net.culvert.api.value.ListenAddress;
import net.culvert.node.dataplane.Offload;
import net.culvert.node.dataplane.TunnelDataPlane;
import net.culvert.node.dataplane.TunnelOptions;
import net.culvert.node.kernel.rtnetlink.Link;
import net.culvert.node.kernel.rtnetlink.LinkRequest;
import net.culvert.node.kernel.rtnetlink.Rtnetlink;
import net.culvert.node.kernel.sys.KernelException;
import net.culvert.node.kernel.sys.Syscalls;
import net.culvert.node.kernel.tun.TunDevice;
import net.culvert.node.kernel.tun.TunDevices;
import net.culvert.node.kernel.tun.TunSpec;
import net.culvert.node.kernel.udp.DatagramBatchSocket;
import net.culvert.node.kernel.udp.DatagramSocketSpec;
import net.culvert.node.kernel.udp.DatagramSockets;
import net.culvert.node.object.Kinds;
import net.culvert.node.object.LinkState;
import net.culvert.node.object.Mark;
import net.culvert.node.object.Namespaces;
import net.culvert.node.object.Refused;
import net.culvert.node.reconcile.Description;
import net.culvert.node.reconcile.Kind;
import net.culvert.node.reconcile.ObjectKey;
import net.culvert.node.reconcile.OperationException;
import net.culvert.node.reconcile.Operations;
import net.culvert.node.transport.Transport;
import net.culvert.node.transport.plain.PlainTransport;
import net.culvert.node.transport.wireguard.CipherSuite;
import net.culvert.node.transport.wireguard.PacketCipher;
import net.culvert.node.transport.wireguard.WireGuardTransport;
import org.jspecify.annotations.Nullable;

/**
 * Tunnels: a persistent TUN device with our mark, its sockets, and the data plane between them. The
 * device outlives a restart of its data plane, and so do the routes and addresses on it.
 */
final class TunnelOperations implements Operations<TunnelKey, TunnelState> {

  private static final TunnelState UNKNOWN =
      new TunnelState(TransportKind.PLAIN, Framing.IP, List.of(), 0, TunnelOptions.DEFAULT, null);

  private final Syscalls syscalls;
  private final Namespaces namespaces;
  private final Mark mark;
  private final Tunnels tunnels;
  private final PacketCipher.Factory ciphers;
  private final Consumer<@Nullable CipherSuite> beforeTheFirst;

  /**
   * @param ciphers what sealed tunnels seal with
   * @param beforeTheFirst told of the suite, or null for none, before a new device is made: returns
   *     when its packet path is ready to be quick
   */
  TunnelOperations(
      Syscalls syscalls,
      Namespaces namespaces,
      Mark mark,
      Tunnels tunnels,
      PacketCipher.Factory ciphers,
      Consumer<@Nullable CipherSuite> beforeTheFirst) {
    this.ciphers = ciphers;
    this.beforeTheFirst = beforeTheFirst;
    this.syscalls = syscalls;
    this.namespaces = namespaces;
    this.mark = mark;
    this.tunnels = tunnels;
  }

  @Override
  public Kind kind() {
    return Kinds.TUNNEL;
  }

  private Rtnetlink rtnetlink() {
    return namespaces.host().rtnetlink();
  }

  @Override
  public Map<TunnelKey, TunnelState> observe() throws OperationException {
    List<TunnelKey> keys = new ArrayList<>();
    try {
      for (Link link : rtnetlink().links()) {
        if (isOurs(link)) {
          keys.add(new TunnelKey(new LinkName(link.name())));
        }
      }
    } catch (KernelException e) {
      throw Refused.by(new TunnelKey(new LinkName("tun")), e);
    }
    return observe(keys);
  }

  @Override
  public Map<TunnelKey, TunnelState> observe(Collection<TunnelKey> keys) throws OperationException {
    Map<TunnelKey, TunnelState> observed = new HashMap<>();
    for (TunnelKey key : keys) {
      Optional<Link> device = device(key).filter(link -> isOurs(link, key));
      Optional<RunningTunnel> running = tunnels.find(key.name());
      if (running.isPresent()
          && (device.isEmpty() || device.get().index() != running.get().index())) {
        // The device was deleted under it: the descriptors lead nowhere.
        tunnels.stop(key.name());
        running = Optional.empty();
      }
      if (device.isPresent()) {
        observed.put(key, running.map(RunningTunnel::state).orElse(UNKNOWN));
      }
    }
    return observed;
  }

  private Optional<Link> device(TunnelKey key) throws OperationException {
    try {
      return rtnetlink().link(key.name().value());
    } catch (KernelException e) {
      throw Refused.by(key, e);
    }
  }

  /** One that lost its mark is ours still, while the tunnel runs on it. */
  private boolean isOurs(Link link, TunnelKey key) {
    return isOurs(link)
        || (LinkState.TUN.equals(link.kind())
            && Mark.isAbsent(link.alias())
            && tunnels
                .find(key.name())
                .filter(running -> running.index() == link.index())
                .isPresent());
  }

  private boolean isOurs(Link link) {
    return LinkState.TUN.equals(link.kind()) && mark.alias().equals(link.alias());
  }

  @Override
  public void create(TunnelKey key, TunnelState desired) throws OperationException {
    Optional<Link> existing = device(key);
    if (existing.isPresent() && !isOurs(existing.get())) {
      throw Refused.notOurs(key);
    }
    if (existing.isEmpty()) {
      // A device that is adopted has traffic already, and that waits for nothing.
      Encryption encryption = desired.encryption();
      beforeTheFirst.accept(encryption == null ? null : encryption.suite());
    }
    start(key, desired, existing.isEmpty());
  }

  @Override
  public void replace(TunnelKey key, TunnelState observed, TunnelState desired)
      throws OperationException {
    tunnels.stop(key.name());
    start(key, desired, false);
  }

  private void start(TunnelKey key, TunnelState desired, boolean create) throws OperationException {
    TunSpec spec =
        (create ? TunSpec.create(key.name()) : TunSpec.attach(key.name()))
            .withQueues(desired.queues())
            .withPersistent(!create)
            .withOffloads(true, TunSpec.TCP_OFFLOADS | TunSpec.UDP_OFFLOADS);
    List<AutoCloseable> opened = new ArrayList<>();
    boolean started = false;
    Link made = null;
    try {
      TunDevice tun = TunDevices.openWithOffloads(syscalls, spec);
      opened.add(tun);
      Link link =
          rtnetlink()
              .link(key.name().value())
              .orElseThrow(() ->
                  new OperationException(
                      OperationException.Reason.REFUSED, "the device of " + key + " vanished"));
      if (create) {
        rtnetlink().execute(LinkRequest.change(link).alias(mark.alias()).build());
        made = link;
      }
      List<List<DatagramBatchSocket>> sockets = sockets(desired, opened);
      TunnelDataPlane plane =
          TunnelDataPlane.start(syscalls, tun, sockets, transport(desired), desired.options());
      opened.clear();
      opened.add(plane);
      if (create) {
        // Last: until here the device goes with its descriptors, whatever fails or is killed.
        tun.persist();
      }
      tunnels.add(new RunningTunnel(key, desired, link.index(), plane));
      started = true;
    } catch (KernelException e) {
      throw Refused.by(key, e);
    } finally {
      if (!started) {
        tunnels.stop(key.name());
        opened.reversed().forEach(TunnelOperations::close);
        if (made != null) {
          discard(made);
        }
      }
    }
  }

  private Transport transport(TunnelState desired) {
    Encryption encryption = desired.encryption();
    if (encryption != null) {
      return new WireGuardTransport(
          encryption.suite(), encryption.privateKey(), new SecureRandom(), ciphers);
    }
    return new PlainTransport(
        desired.framing() == Framing.PACKET_INFORMATION
            ? net.culvert.node.transport.plain.Framing.PACKET_INFORMATION
            : net.culvert.node.transport.plain.Framing.IP);
  }

  private List<List<DatagramBatchSocket>> sockets(TunnelState desired, List<AutoCloseable> opened) {
    List<List<DatagramBatchSocket>> queues = new ArrayList<>();
    for (int queue = 0; queue < desired.queues(); queue++) {
      List<DatagramBatchSocket> sockets = new ArrayList<>();
      for (ListenAddress listen : desired.listen()) {
        DatagramSocketSpec spec =
            DatagramSocketSpec.of(listen)
                .withReusePort(desired.queues() > 1)
                .withReceiveTrains(!desired.options().disabled().contains(Offload.RECEIVE_TRAINS));
        DatagramBatchSocket socket = DatagramSockets.open(syscalls, spec);
        opened.add(socket);
        sockets.add(socket);
      }
      queues.add(sockets);
    }
    return queues;
  }

  private static void close(AutoCloseable resource) {
    try {
      resource.close();
    } catch (Exception e) {
      throw new IllegalStateException("closing what was just opened", e);
    }
  }

  /**
   * A device that was made for a tunnel that did not start; by its index, since the name may be
   * somebody else's by now. Most often it went with its descriptors.
   */
  private void discard(Link made) {
    try {
      Optional<Link> link = rtnetlink().link(made.index()).filter(this::isOurs);
      if (link.isPresent()) {
        rtnetlink().execute(Link.delete(made.index(), made.name()));
      }
    } catch (KernelException e) {
      // The refusal that brought us here is the one to tell; the device carries our mark.
    }
  }

  @Override
  public void delete(TunnelKey key, TunnelState observed) throws OperationException {
    Optional<Link> device = device(key).filter(link -> isOurs(link, key));
    tunnels.stop(key.name());
    tunnels.removed(key.name());
    if (device.isEmpty()) {
      return;
    }
    try {
      rtnetlink().execute(Link.delete(device.get().index(), key.name().value()));
    } catch (KernelException e) {
      throw Refused.by(key, e);
    }
  }

  /** The device is typed; what moves packets behind it is the node. */
  @Override
  public Description describe(
      TunnelKey key,
      @Nullable TunnelState observed,
      @Nullable TunnelState desired,
      Predicate<ObjectKey> made) {
    if (desired == null) {
      return new Description(
          "stop " + key + " and remove its device", List.of("ip link del dev " + key.name()));
    }
    String listens =
        desired.listen().stream().map(ListenAddress::toString).collect(Collectors.joining(", "));
    String threads = "; the node itself listens at " + listens + " and moves the packets";
    if (observed != null) {
      return new Description(
          "start " + key + " anew on the device that it has" + threads, List.of());
    }
    return new Description(
        "make the device of " + key + threads,
        List.of(
            // As the node itself opens it, or it could not be attached to.
            "ip tuntap add dev " + key.name() + " mode tun vnet_hdr multi_queue",
            "ip link set dev " + key.name() + " alias " + mark.alias()));
  }
}
