package net.culvert.node.lab;

import static net.culvert.node.lab.Bodies.attached;
import static net.culvert.node.lab.Bodies.link;
import static net.culvert.node.lab.Bodies.name;
import static net.culvert.node.lab.Bodies.peer;
import static net.culvert.node.lab.Bodies.tunnel;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Objects;
import net.culvert.api.resource.ResourceState;
import net.culvert.api.resource.ResourceStatus;
import net.culvert.api.tunnel.PeerSpec;
import net.culvert.api.tunnel.TunnelSpec;
import org.springframework.http.ResponseEntity;

/**
 * The article's picture: a namespace behind each node and a tunnel between them.
 *
 * <pre>
 *   net1 10.1.1.2 ── 10.1.1.1 [a] tun0 ══ UDP 7000 ══ tun0 [b] 10.1.2.1 ── 10.1.2.2 net2
 * </pre>
 *
 * @param net1 the name of the namespace on {@code a}
 * @param net2 the name of the namespace on {@code b}
 */
record Picture(LabNode a, String net1, LabNode b, String net2) {

  static final String NET1_ADDRESS = "10.1.1.2";
  static final String NET2_ADDRESS = "10.1.2.2";
  static final String LISTEN = "0.0.0.0:7000";
  static final TunnelSpec TUNNEL = tunnel(LISTEN);
  static final PeerSpec PEER_B = peer(Lab.UNDERLAY_B + ":7000", "10.1.2.0/24");
  static final PeerSpec PEER_A = peer(Lab.UNDERLAY_A + ":7000", "10.1.1.0/24");

  /** The article's side of node 1: three calls, each answered when the kernel is so. */
  void makeA() {
    var namespace =
        a.client().namespaces().put(name(net1), null, attached("10.1.1.2/24", "10.1.1.1"));
    requireMade(namespace, body(namespace).status());
    var tunnel = a.client().tunnels().put(link("tun0"), null, TUNNEL);
    requireMade(tunnel, body(tunnel).status());
    var peer = a.client().peers().put(link("tun0"), name("node-b"), null, PEER_B);
    requireMade(peer, body(peer).status());
  }

  /** The same on node 2. */
  void makeB() {
    var namespace =
        b.client().namespaces().put(name(net2), null, attached("10.1.2.2/24", "10.1.2.1"));
    requireMade(namespace, body(namespace).status());
    var tunnel = b.client().tunnels().put(link("tun0"), null, TUNNEL);
    requireMade(tunnel, body(tunnel).status());
    var peer = b.client().peers().put(link("tun0"), name("node-a"), null, PEER_A);
    requireMade(peer, body(peer).status());
  }

  /** Until the second side is again as it was made, by a node that remembers it. */
  void awaitB() {
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() ->
            assertThat(body(b.client().peers().get(link("tun0"), name("node-a"))).status().state())
                .isEqualTo(ResourceState.APPLIED));
  }

  void make() {
    makeA();
    makeB();
  }

  Pings pingFromNet1() {
    return Pings.ping(a.inside(net1), NET2_ADDRESS);
  }

  Pings pingFromNet2() {
    return Pings.ping(b.inside(net2), NET1_ADDRESS);
  }

  private static <T> T body(ResponseEntity<T> answer) {
    return Objects.requireNonNull(answer.getBody());
  }

  private static void requireMade(ResponseEntity<?> answer, ResourceStatus status) {
    assertThat(answer.getStatusCode().value()).as(answer.toString()).isEqualTo(201);
    assertThat(answer.getHeaders().getETag()).isNotBlank();
    assertThat(status.state()).as(status.toString()).isEqualTo(ResourceState.APPLIED);
    assertThat(status.observed()).isNotEmpty();
  }
}
