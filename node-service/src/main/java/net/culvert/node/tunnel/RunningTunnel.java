package net.culvert.node.tunnel;

import java.util.List;
import net.culvert.node.dataplane.TunnelDataPlane;
import net.culvert.node.dataplane.TunnelOptions;

/**
 * A started data plane.
 *
 * @param index the interface index of its device; another one under the same name is another device
 */
record RunningTunnel(TunnelKey key, TunnelState state, int index, TunnelDataPlane plane) {

  /** What stands for a device of ours that nothing moves packets for: it equals no wish. */
  static TunnelState dormant(TunnelState like) {
    return new TunnelState(
        like.transport(), like.framing(), List.of(), 0, TunnelOptions.DEFAULT, null);
  }
}
