package net.culvert.node.lab.interop;

import java.util.List;
import net.culvert.node.lab.Inside;

/** What a node would make on a host, made by {@code ip}. */
final class HandMadeHost {

  private HandMadeHost() {}

  /** A namespace behind a veth pair at 10.1.2.2 and fd00:2::2, and forwarding. */
  static void setUp(Inside host, String namespace) {
    host.run("ip", "netns", "add", namespace);
    Inside inside = Inside.namespace(namespace);
    for (String line :
        List.of(
            "ip link add veth1 type veth peer name veth0 netns " + namespace,
            "ip addr add 10.1.2.1/24 dev veth1",
            "ip addr add fd00:2::1/64 dev veth1 nodad",
            "ip link set veth1 up",
            "sysctl -q -w net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1")) {
      host.run(line.split(" "));
    }
    for (String line :
        List.of(
            "ip addr add 10.1.2.2/24 dev veth0",
            "ip addr add fd00:2::2/64 dev veth0 nodad",
            "ip link set veth0 up",
            "ip route add default via 10.1.2.1",
            "ip route add default via fd00:2::1")) {
      inside.run(line.split(" "));
    }
  }
}
