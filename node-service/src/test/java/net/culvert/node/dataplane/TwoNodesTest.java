package net.culvert.node.dataplane;

import static net.culvert.node.dataplane.MemoryNode.endpoint;
import static net.culvert.node.dataplane.MemoryNode.prefixes;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.culvert.node.kernel.udp.MemoryNetwork;
import net.culvert.node.packet.TestPackets;
import net.culvert.node.transport.plain.Framing;
import net.culvert.node.transport.plain.PlainTransport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Two whole data planes in one process:
 *
 * <pre>
 *   10.1.1.2 ┐                                                     ┌ 10.1.2.2
 *            ├ tun0  a  192.0.2.1 ── memory underlay ── 192.0.2.2  b  tun0 ┤
 *   fd00:1::2┘          2001:db8::1              2001:db8::2               └ fd00:2::2
 * </pre>
 */
class TwoNodesTest {

  private static final int MTU = 1472;

  private final MemoryNetwork network = new MemoryNetwork();

  private record Pair(MemoryNode a, MemoryNode b) implements AutoCloseable {
    @Override
    public void close() {
      a.close();
      b.close();
    }
  }

  private Pair join(Framing framing, boolean outerIpv4) {
    PlainTransport transport = new PlainTransport(framing);
    String hostA = outerIpv4 ? "192.0.2.1" : "2001:db8::1";
    String hostB = outerIpv4 ? "192.0.2.2" : "2001:db8::2";
    String listen = outerIpv4 ? "0.0.0.0:7000" : "[::]:7000";
    MemoryNode a = new MemoryNode(network, transport, hostA, listen);
    MemoryNode b = new MemoryNode(network, transport, hostB, listen);
    a.peers(PeerConfig.at("b", endpoint(hostB, 7000), MTU, prefixes("10.1.2.0/24", "fd00:2::/64")));
    b.peers(PeerConfig.at("a", endpoint(hostA, 7000), MTU, prefixes("10.1.1.0/24", "fd00:1::/64")));
    return new Pair(a, b);
  }

  @ParameterizedTest
  @CsvSource({
    "IP, true, 10.1.1.2, 10.1.2.2",
    "IP, false, 10.1.1.2, 10.1.2.2",
    "IP, true, fd00:1::2, fd00:2::2",
    "IP, false, fd00:1::2, fd00:2::2",
    "PACKET_INFORMATION, true, 10.1.1.2, 10.1.2.2",
    "PACKET_INFORMATION, true, fd00:1::2, fd00:2::2",
    "PACKET_INFORMATION, false, fd00:1::2, fd00:2::2",
  })
  void aPingCrossesAndItsReplyComesBack(
      Framing framing, boolean outerIpv4, String left, String right) {
    try (Pair pair = join(framing, outerIpv4)) {
      MemoryNode a = pair.a;
      MemoryNode b = pair.b;
      byte[] request = TestPackets.echo(left, right, true, 7, 1, 56);
      byte[] reply = TestPackets.echo(right, left, false, 7, 1, 56);

      a.tun.send(request);
      a.turn();
      List<byte[]> datagrams = network.takeSent();
      b.turn();

      byte[] onTheWire =
          framing == Framing.IP ? request : TestPackets.withPacketInformation(request);
      assertThat(datagrams).singleElement().isEqualTo(onTheWire);
      assertThat(b.tun.takeWritten()).singleElement().isEqualTo(request);

      b.tun.send(reply);
      b.turn();
      a.turn();
      assertThat(a.tun.takeWritten()).singleElement().isEqualTo(reply);
      assertThat(a.snapshot().outbound().packets()).isEqualTo(1);
      assertThat(a.snapshot().inbound().packets()).isEqualTo(1);
      assertThat(a.snapshot().inbound().bytes()).isEqualTo(reply.length);
      assertThat(a.snapshot().outboundDrops()).isEmpty();
      assertThat(b.snapshot().inboundDrops()).isEmpty();
    }
  }
}
