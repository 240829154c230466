package net.culvert.node.dataplane;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import net.culvert.node.kernel.abi.IfTun;
import net.culvert.node.kernel.tun.TunDevice;
import net.culvert.node.kernel.udp.DatagramBatchSocket;

/** The offloads of one tunnel: what was wished, what device and sockets can, what works now. */
final class Offloads {

  private final OffloadSwitch[] switches = new OffloadSwitch[Offload.values().length];

  /**
   * @param disabled what the user wants off
   */
  Offloads(Set<Offload> disabled, TunDevice tun, List<List<DatagramBatchSocket>> sockets) {
    int flags = tun.offloads();
    boolean header = tun.queue(0).offloadHeaderBytes() != 0;
    boolean tso = (flags & (IfTun.TUN_F_TSO4 | IfTun.TUN_F_TSO6)) != 0;
    boolean uso = (flags & (IfTun.TUN_F_USO4 | IfTun.TUN_F_USO6)) != 0;
    String noHeader = "the kernel has no virtio_net_hdr for this device";
    String noUso = "the kernel has no USO for TUN devices, Linux 6.2 does";
    put(disabled, Offload.TUN_TCP_READ, tso, noHeader);
    put(disabled, Offload.TUN_UDP_READ, uso, noUso);
    put(disabled, Offload.TUN_TCP_WRITE, header, noHeader);
    put(disabled, Offload.TUN_UDP_WRITE, header && uso, noUso);
    put(disabled, Offload.SEND_TRAINS, true, "");
    boolean receive =
        sockets.stream().flatMap(List::stream).allMatch(DatagramBatchSocket::receivesTrains);
    put(disabled, Offload.RECEIVE_TRAINS, receive, "the kernel refuses UDP_GRO, Linux 5.12 has it");
  }

  @SuppressWarnings("EnumOrdinal") // An index into an array that lives no longer than the enum.
  private void put(Set<Offload> disabled, Offload offload, boolean possible, String reason) {
    switches[offload.ordinal()] =
        disabled.contains(offload)
            ? OffloadSwitch.off(offload, "it is switched off in the tunnel's configuration")
            : possible ? OffloadSwitch.on(offload) : OffloadSwitch.off(offload, reason);
  }

  @SuppressWarnings("EnumOrdinal") // An index into an array that lives no longer than the enum.
  OffloadSwitch get(Offload offload) {
    return switches[offload.ordinal()];
  }

  /**
   * Tells the device what is read from it, and tries what is written to it, so that a kernel that
   * takes the header and refuses super-packets is found before there are any. Before the agents
   * start.
   */
  void applyTo(TunDevice tun, long nowNanos) {
    if (tun.offloads() == 0) {
      return;
    }
    int wanted = tun.offloads();
    if (!get(Offload.TUN_TCP_READ).isOn(nowNanos)) {
      wanted &= ~(IfTun.TUN_F_TSO4 | IfTun.TUN_F_TSO6 | IfTun.TUN_F_TSO_ECN);
    }
    if (!get(Offload.TUN_UDP_READ).isOn(nowNanos)) {
      wanted &= ~(IfTun.TUN_F_USO4 | IfTun.TUN_F_USO6);
    }
    if (wanted != tun.offloads()) {
      tun.readOnly(wanted);
    }
    WriteProbe probe = new WriteProbe(tun.queue(0));
    probe.tcp().ifPresent(why -> get(Offload.TUN_TCP_WRITE).failed(why, nowNanos));
    probe.udp().ifPresent(why -> get(Offload.TUN_UDP_WRITE).failed(why, nowNanos));
  }

  /**
   * What this kernel has for a device and sockets of ours, in words, by the offloads' labels.
   *
   * @param tun opened with offloads, not up
   */
  static Map<String, String> inWords(TunDevice tun, List<DatagramBatchSocket> sockets) {
    Offloads offloads = new Offloads(Set.of(), tun, List.of(sockets));
    offloads.applyTo(tun, 0);
    Map<String, String> words = new TreeMap<>();
    offloads.status(0).forEach(each -> words.put(each.offload().label(), each.inWords()));
    return words;
  }

  List<OffloadStatus> status(long nowNanos) {
    return Arrays.stream(switches).map(each -> each.status(nowNanos)).toList();
  }
}
