package net.culvert.node.kernel.udp;

import net.culvert.api.value.Family;
import net.culvert.api.value.IpAddress;

class MemoryNetworkTest extends DatagramBatchSocketContract {

  private final MemoryNetwork network = new MemoryNetwork();

  @Override
  DatagramBatchSocket open(Family family, int port) {
    return network.open(
        host(family).toString(), family == Family.IPV4 ? "0.0.0.0:" + port : "[::]:" + port);
  }

  @Override
  IpAddress host(Family family) {
    return IpAddress.parse(family == Family.IPV4 ? "192.0.2.1" : "2001:db8::1");
  }
}
