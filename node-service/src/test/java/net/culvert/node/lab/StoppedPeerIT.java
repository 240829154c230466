package net.culvert.node.lab;

import static net.culvert.node.lab.Bodies.link;
import static net.culvert.node.lab.Bodies.name;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.Objects;
import java.util.Set;
import net.culvert.api.resource.ResourceState;
import net.culvert.node.testing.RequiresCommand;
import net.culvert.node.testing.RequiresRoot;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One of two nodes ends, well or badly, and comes back; the other does not suffer. */
@RequiresRoot
@RequiresCommand("ping")
@Tag("lab")
class StoppedPeerIT {

  @Test
  void theOtherNodeGoesOnAndAComebackIsHeard() {
    try (Lab lab = new Lab()) {
      LabNode a = lab.start(lab.a());
      LabNode b = lab.start(lab.b());
      Picture picture =
          new Picture(a.awaitReady(), lab.namespaceName(), b.awaitReady(), lab.namespaceName());
      picture.make();
      picture.pingFromNet1().requireTtl(62);

      b.kill();
      picture.pingFromNet1().requireNone();
      requireUnharmed(a);

      // It is the same again, without a call.
      LabNode again = lab.start(lab.b()).awaitReady();
      Picture second = new Picture(a, picture.net1(), again, picture.net2());
      second.awaitB();
      second.pingFromNet1().requireTtl(62);
      second.pingFromNet2().requireTtl(62);

      assertThat(again.terminate()).isIn(0, 143);
      assertThat(again.log()).doesNotContain("\tat ", " ERROR ");
      assertThat(again.host().run("ss", "-lunH")).doesNotContain(":7000");
      second.pingFromNet1().requireNone();
      requireUnharmed(a);
    }
  }

  @Test
  void aNodeEndsUnderTraffic() throws Exception {
    try (Lab lab = new Lab()) {
      LabNode a = lab.start(lab.a());
      LabNode b = lab.start(lab.b());
      Picture picture =
          new Picture(a.awaitReady(), lab.namespaceName(), b.awaitReady(), lab.namespaceName());
      picture.make();
      picture.pingFromNet1().requireTtl(62);
      Process flood =
          a.inside(picture.net1())
              .start("ping", "-f", "-q", "-s", "1200", "-w", "60", Picture.NET2_ADDRESS);
      try {
        await().until(() -> packets(b) > 1_000);
        assertThat(a.terminate()).as(a.log()).isIn(0, 143);
      } finally {
        flood.destroy();
        flood.waitFor();
      }
      assertThat(a.log()).doesNotContain("\tat ", " ERROR ");
      assertThat(a.host().run("ss", "-lunH")).doesNotContain(":7000");
      assertThat(a.kernel().hasFlag("tun0", "LOWER_UP")).isFalse();
      requireUnharmed(b, "node-a");
    }
  }

  private static long packets(LabNode node) {
    return node.kernel().receivedPackets("tun0");
  }

  @Test
  void aNodeThatWasKilledCanStillBeEmptied() {
    try (Lab lab = new Lab()) {
      Set<String> empty = lab.b().kernel().inventory();
      LabNode first = lab.start(lab.b()).awaitReady();
      String net2 = lab.namespaceName();
      new Picture(first, "unused", first, net2).makeB();
      first.kill();

      LabNode second = lab.start(lab.b()).awaitReady();
      second.client().tunnels().delete(link("tun0"), null);
      second.client().namespaces().delete(name(net2), null);
      assertThat(lab.b().kernel().inventory()).isEqualTo(empty);
    }
  }

  private static void requireUnharmed(LabNode node) {
    requireUnharmed(node, "node-b");
  }

  private static void requireUnharmed(LabNode node, String peerName) {
    assertThat(node.isAlive()).isTrue();
    assertThat(node.http("GET", "/actuator/health/readiness", "").statusCode()).isEqualTo(200);
    var peer =
        Objects.requireNonNull(node.client().peers().get(link("tun0"), name(peerName)).getBody());
    assertThat(peer.status().state()).isEqualTo(ResourceState.APPLIED);
    assertThat(node.log()).doesNotContain("\tat ", " ERROR ");
  }
}
