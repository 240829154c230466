package net.culvert.node.lab;

import static net.culvert.node.lab.Bodies.link;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import net.culvert.api.tunnel.Framing;
import net.culvert.api.tunnel.Tunnel;
import net.culvert.api.tunnel.TunnelOffload;
import net.culvert.api.tunnel.TunnelSpec;
import net.culvert.node.testing.RequiresCommand;
import net.culvert.node.testing.RequiresRoot;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Offloads are used, shown in words and as meters, and can be switched off for a tunnel. */
@RequiresRoot
@RequiresCommand({"ping", "ethtool"})
@Tag("lab")
class OffloadKnobsIT {

  private static final List<String> NAMES =
      List.of(
          "tun-tcp-read",
          "tun-udp-read",
          "tun-tcp-write",
          "tun-udp-write",
          "send-trains",
          "receive-trains");

  private static Tunnel tunnel(LabNode node) {
    return Objects.requireNonNull(node.client().tunnels().get(link("tun0")).getBody());
  }

  private static void put(LabNode node, Set<TunnelOffload> disabled) {
    TunnelSpec body = Bodies.tunnel(Framing.IP, null, "0.0.0.0:7000");
    node.client()
        .tunnels()
        .put(
            link("tun0"),
            null,
            new TunnelSpec(
                body.transport(),
                body.framing(),
                body.listen(),
                null,
                null,
                1,
                true,
                false,
                disabled));
  }

  private static Map<String, String> offloads(LabNode node) {
    return tunnel(node).offloads();
  }

  @Test
  void areOnUntilATunnelDoesWithoutThem() {
    try (Lab lab = new Lab()) {
      LabNode a = lab.start(lab.a());
      LabNode b = lab.start(lab.b());
      Picture picture =
          new Picture(a.awaitReady(), lab.namespaceName(), b.awaitReady(), lab.namespaceName());
      picture.make();
      picture.pingFromNet1().requireTtl(62);
      Map<String, String> words = offloads(a);
      assertThat(NAMES).allSatisfy(name -> assertThat(words.get(name)).startsWith("on: "));
      assertThat(NAMES)
          .allSatisfy(
              name -> assertThat(a.client().node().get().offloads().get(name)).startsWith("on: "));
      assertThat(a.host().run("ethtool", "-k", "tun0"))
          .contains("tcp-segmentation-offload: on", "tx-udp-segmentation: on");
      String index = index(a);

      put(a, Set.of(TunnelOffload.values()));
      picture.pingFromNet1().requireTtl(62);
      Map<String, String> off = offloads(a);
      assertThat(NAMES)
          .allSatisfy(name -> assertThat(off.get(name)).startsWith("off: it is switched off"));
      assertThat(tunnel(a).disabledOffloads()).containsExactlyInAnyOrder(TunnelOffload.values());
      assertThat(a.host().run("ethtool", "-k", "tun0"))
          .contains("tcp-segmentation-offload: off", "tx-udp-segmentation: off");
      String meters = a.http("GET", "/actuator/prometheus", "").body();
      assertThat(NAMES)
          .allSatisfy(name ->
              assertThat(meters)
                  .contains(
                      "culvert_tunnel_offload{offload=\"" + name + "\",tunnel=\"tun0\"} 0.0"));

      put(a, Set.of(TunnelOffload.TUN_TCP_READ));
      assertThat(a.host().run("ethtool", "-k", "tun0"))
          .contains("tcp-segmentation-offload: off", "tx-udp-segmentation: on");
      assertThat(offloads(a).get("tun-udp-write")).startsWith("on: ");
      picture.pingFromNet2().requireTtl(62);
      assertThat(index(a)).as("the device stayed").isEqualTo(index);
    }
  }

  private static String index(LabNode node) {
    return node.host().run("ip", "-o", "link", "show", "dev", "tun0").split(":")[0];
  }
}
