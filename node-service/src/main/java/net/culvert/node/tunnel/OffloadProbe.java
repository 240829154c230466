package net.culvert.node.tunnel;

import java.util.Map;
import java.util.TreeMap;
import net.culvert.api.value.LinkName;
import net.culvert.api.value.ListenAddress;
import net.culvert.node.dataplane.Offload;
import net.culvert.node.dataplane.TunnelDataPlane;
import net.culvert.node.health.NodeOffloads;
import net.culvert.node.kernel.netns.NamespaceRunner;
import net.culvert.node.kernel.sys.KernelException;
import net.culvert.node.kernel.sys.Syscalls;
import net.culvert.node.kernel.tun.TunDevice;
import net.culvert.node.kernel.tun.TunDevices;
import net.culvert.node.kernel.tun.TunSpec;
import net.culvert.node.kernel.udp.DatagramBatchSocket;
import net.culvert.node.kernel.udp.DatagramSocketSpec;
import net.culvert.node.kernel.udp.DatagramSockets;
import org.jspecify.annotations.Nullable;

/**
 * Tries the offloads once, on a device and a socket in a network namespace that nobody else sees
 * and that is gone afterwards.
 */
final class OffloadProbe implements NodeOffloads {

  private final Syscalls syscalls;
  private @Nullable Map<String, String> found;

  OffloadProbe(Syscalls syscalls) {
    this.syscalls = syscalls;
  }

  @Override
  public synchronized Map<String, String> inWords() {
    if (found == null) {
      try {
        found = new NamespaceRunner(syscalls).callApart(this::probe);
      } catch (KernelException e) {
        // Asked again next time: what is missing now may be there then.
        return unknown("not tried: " + e.getMessage());
      }
    }
    return found;
  }

  private Map<String, String> probe() {
    TunSpec spec =
        TunSpec.create(new LinkName("probe"))
            .withOffloads(true, TunSpec.TCP_OFFLOADS | TunSpec.UDP_OFFLOADS);
    DatagramSocketSpec any =
        DatagramSocketSpec.of(ListenAddress.parse("0.0.0.0:7000")).withReceiveTrains(true);
    try (TunDevice tun = TunDevices.openWithOffloads(syscalls, spec);
        DatagramBatchSocket socket = DatagramSockets.open(syscalls, any)) {
      return Map.copyOf(TunnelDataPlane.probe(tun, socket));
    }
  }

  private static Map<String, String> unknown(String why) {
    Map<String, String> words = new TreeMap<>();
    for (Offload offload : Offload.values()) {
      words.put(offload.label(), why);
    }
    return words;
  }
}
