package net.culvert.node.dataplane;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
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

  List<OffloadStatus> status(long nowNanos) {
    return Arrays.stream(switches).map(each -> each.status(nowNanos)).toList();
  }
}
