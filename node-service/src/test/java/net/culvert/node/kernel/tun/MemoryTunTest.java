package net.culvert.node.kernel.tun;

import java.util.Arrays;
import java.util.List;
import net.culvert.node.packet.TestPackets;

class MemoryTunTest extends TunQueueContract {

  private final MemoryTun tun = new MemoryTun("tun0", 1);

  @Override
  TunDevice device() {
    return tun;
  }

  @Override
  void stackSends(byte[] payload) {
    tun.send(TestPackets.udp("10.77.0.1", 5001, "10.77.0.2", 5000, payload));
  }

  @Override
  boolean stackReceived(byte[] payload) {
    List<byte[]> written = tun.takeWritten();
    return written.size() == 1
        && Arrays.equals(
            written.getFirst(), TestPackets.udp("10.77.0.2", 5000, "10.77.0.1", 5001, payload));
  }

  @Override
  void setUp(boolean up) {
    tun.setUp(up);
  }
}
