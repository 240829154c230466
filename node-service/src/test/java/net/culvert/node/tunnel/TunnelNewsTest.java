package net.culvert.node.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.culvert.api.value.IpAddress;
import net.culvert.api.value.LinkName;
import net.culvert.node.dataplane.Offload;
import net.culvert.node.dataplane.OffloadStatus;
import net.culvert.node.dataplane.TunnelSnapshot;
import net.culvert.node.dataplane.TunnelSnapshot.PeerSnapshot;
import net.culvert.node.dataplane.TunnelSnapshot.Traffic;
import net.culvert.node.events.EventLog;
import net.culvert.node.events.EventReading;
import net.culvert.node.kernel.udp.UdpEndpoint;
import net.culvert.node.transport.TransportPeer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TunnelNewsTest {

  private static final LinkName TUN0 = new LinkName("tun0");
  private static final Traffic NONE = new Traffic(0, 0, null);

  private final EventLog log = new EventLog(64, "e", () -> Instant.EPOCH);
  private final EventReading told = new EventReading(log);
  private final TunnelNews news = new TunnelNews(log);

  private static Traffic heardSecondsAgo(long seconds) {
    return new Traffic(1, 100, seconds * 1_000_000_000L);
  }

  private static PeerSnapshot peer(
      String address,
      boolean learned,
      Traffic inbound,
      TransportPeer.@Nullable Status session,
      long roams) {
    UdpEndpoint endpoint = new UdpEndpoint(IpAddress.parse(address), 7000);
    return new PeerSnapshot(
        "b", endpoint, learned, 1400, 0, NONE, inbound, Map.of(), Map.of(), session, roams);
  }

  private List<String> look(List<PeerSnapshot> peers, OffloadStatus... offloads) {
    news.look(
        Map.of(
            TUN0,
            new TunnelSnapshot(
                NONE,
                NONE,
                Map.of(),
                Map.of(),
                0,
                peers,
                List.of(),
                List.of(),
                List.of(offloads))));
    List<String> words = new ArrayList<>();
    told.rest()
        .forEach(event ->
            words.add(
                event.type()
                    + " "
                    + event.action()
                    + " "
                    + event.resource()
                    + " "
                    + (event.endpoint() == null ? event.object() : event.endpoint())));
    return words;
  }

  private List<String> look(PeerSnapshot peer) {
    return look(List.of(peer));
  }

  @Test
  void aPeerIsUpWhileItIsHeard() {
    assertThat(look(peer("192.0.2.2", false, NONE, null, 0))).isEmpty();
    assertThat(look(peer("192.0.2.2", false, heardSecondsAgo(0), null, 0)))
        .containsExactly("peer up peers/tun0/b 192.0.2.2:7000");
    assertThat(look(peer("192.0.2.2", false, heardSecondsAgo(179), null, 0))).isEmpty();
    assertThat(look(peer("192.0.2.2", false, heardSecondsAgo(181), null, 0)))
        .containsExactly("peer down peers/tun0/b 192.0.2.2:7000");
    assertThat(look(peer("192.0.2.2", false, heardSecondsAgo(1), null, 0)))
        .containsExactly("peer up peers/tun0/b 192.0.2.2:7000");
  }

  @Test
  void aSessionIsEnoughWithoutPackets() {
    TransportPeer.Status fresh = new TransportPeer.Status(1L, 10_000_000_000L);
    assertThat(look(peer("192.0.2.2", false, NONE, fresh, 0)))
        .containsExactly("peer up peers/tun0/b 192.0.2.2:7000");
    assertThat(look(peer("192.0.2.2", false, NONE, TransportPeer.Status.NONE, 0)))
        .containsExactly("peer down peers/tun0/b 192.0.2.2:7000");
  }

  @Test
  void aPeerRoamsWhenItIsHeardFromElsewhere() {
    TransportPeer.Status fresh = new TransportPeer.Status(1L, 1L);
    look(peer("192.0.2.2", false, NONE, fresh, 0));
    assertThat(look(peer("192.0.2.3", true, NONE, fresh, 1)))
        .containsExactly("peer roamed peers/tun0/b 192.0.2.3:7000");
    // Another wish is no move.
    assertThat(look(peer("192.0.2.4", false, NONE, fresh, 1))).isEmpty();
  }

  @Test
  void aLearnedPeerOfThePlainTransportRoamsToo() {
    look(peer("192.0.2.2", true, heardSecondsAgo(0), null, 0));
    assertThat(look(peer("192.0.2.3", true, heardSecondsAgo(0), null, 0)))
        .containsExactly("peer roamed peers/tun0/b 192.0.2.3:7000");
  }

  @Test
  void whatIsGoneIsForgottenAndTellsNothing() {
    look(peer("192.0.2.2", false, heardSecondsAgo(0), null, 0));
    assertThat(look(List.of())).isEmpty();
    news.look(Map.of());
    assertThat(told.rest()).isEmpty();
    assertThat(look(peer("192.0.2.2", false, heardSecondsAgo(0), null, 0))).hasSize(1);
  }

  @Test
  void anOffloadThatIsGivenUpAndOneThatWorksAgain() {
    Offload trains = Offload.SEND_TRAINS;
    assertThat(look(List.of(), new OffloadStatus(trains, true, null, 0, null))).isEmpty();
    assertThat(look(List.of(), new OffloadStatus(trains, false, "EIO", 1, 60L)))
        .containsExactly("fallback given-up tunnels/tun0 send-trains");
    assertThat(look(List.of(), new OffloadStatus(trains, false, "EIO", 1, 1L))).isEmpty();
    assertThat(look(List.of(), new OffloadStatus(trains, true, null, 1, null)))
        .containsExactly("fallback recovered tunnels/tun0 send-trains");
    // One that the kernel never had is not given up.
    assertThat(
            look(
                List.of(),
                new OffloadStatus(trains, true, null, 1, null),
                new OffloadStatus(Offload.TUN_UDP_READ, false, "no USO", 0, null)))
        .isEmpty();
  }
}
