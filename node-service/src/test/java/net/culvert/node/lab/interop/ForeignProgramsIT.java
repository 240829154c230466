package net.culvert.node.lab.interop;

import static net.culvert.node.lab.Bodies.attached;
import static net.culvert.node.lab.Bodies.link;
import static net.culvert.node.lab.Bodies.name;
import static net.culvert.node.lab.Bodies.peer;
import static net.culvert.node.lab.Bodies.tunnel;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import net.culvert.api.tunnel.Framing;
import net.culvert.node.lab.Inside;
import net.culvert.node.lab.Lab;
import net.culvert.node.lab.LabNode;
import net.culvert.node.lab.Pings;
import net.culvert.node.testing.RequiresCommand;
import net.culvert.node.testing.RequiresRoot;
import net.culvert.node.testing.Transfer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * A node on one host, and on the other what somebody might run there instead, set up by hand.
 *
 * <pre>
 *  net1 10.1.1.2  ─┐                                                      ┌─ net2 10.1.2.2
 *       fd00:1::2 ─┴─ host a, node, tun0 ══ UDP ══ program, tun0, host b ─┴─      fd00:2::2
 * </pre>
 */
@RequiresRoot
@RequiresCommand({"ping", "python3", "socat"})
@Tag("interop")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ForeignProgramsIT {

  private static final int BYTES = 10_000_000;
  private static final int PORT = 7000;

  /** What flannel's udp backend uses; it speaks the framing that has nothing before the packet. */
  private static final int FLANNEL_PORT = 8285;

  private final Lab lab = new Lab();
  private final String net1 = lab.namespaceName();
  private final String net2 = lab.namespaceName();
  private final LabNode node = lab.start(lab.a());
  private final Inside hostB = lab.b().inside();

  @BeforeAll
  void start() {
    HandMadeHost.setUp(hostB, net2);
    node.awaitReady();
    node.client()
        .namespaces()
        .put(name(net1), null, attached("10.1.1.2/24", "10.1.1.1", "fd00:1::2/64", "fd00:1::1"));
  }

  @AfterAll
  void close() {
    lab.close();
  }

  /** The article's program: packet information before every packet, which its 88 bytes show. */
  @Test
  void thePythonProgramOfTheArticlesKind() throws Exception {
    String program = script("tun_udp.py");
    join(Framing.PACKET_INFORMATION, "0.0.0.0:" + PORT, Lab.UNDERLAY_B + ":" + PORT);
    understandEachOther(
        "python3", program, "tun0", "" + PORT, Lab.UNDERLAY_A, Integer.toString(PORT));
  }

  @Test
  void theSameProgramOverIpv6() throws Exception {
    String program = script("tun_udp.py");
    join(Framing.PACKET_INFORMATION, "[::]:" + PORT, "[" + Lab.UNDERLAY6_B + "]:" + PORT);
    understandEachOther(
        "python3", program, "tun0", "" + PORT, Lab.UNDERLAY6_A, Integer.toString(PORT));
  }

  @Test
  void socat() throws Exception {
    join(Framing.IP, "0.0.0.0:" + PORT, Lab.UNDERLAY_B + ":" + PORT);
    understandEachOther(
        "socat",
        "-b65536",
        "UDP4:" + Lab.UNDERLAY_A + ":" + PORT + ",sourceport=" + PORT,
        "TUN,tun-name=tun0,iff-no-pi");
  }

  @Test
  void socatOverIpv6OnThePortOfFlannel() throws Exception {
    join(Framing.IP, "[::]:" + FLANNEL_PORT, "[" + Lab.UNDERLAY6_B + "]:" + FLANNEL_PORT);
    understandEachOther(
        "socat",
        "-b65536",
        "UDP6:[" + Lab.UNDERLAY6_A + "]:" + FLANNEL_PORT + ",sourceport=" + FLANNEL_PORT,
        "TUN,tun-name=tun0,iff-no-pi");
  }

  private void join(Framing framing, String listen, String endpoint) {
    node.client().tunnels().put(link("tun0"), null, tunnel(framing, null, listen));
    node.client()
        .peers()
        .put(link("tun0"), name("foreign"), null, peer(endpoint, "10.1.2.0/24", "fd00:2::/64"));
  }

  private void understandEachOther(String... command) throws Exception {
    Process program = hostB.start(command);
    try {
      await("the program's device")
          .atMost(Duration.ofSeconds(15))
          .pollInterval(Duration.ofMillis(50))
          .until(() -> {
            assertThat(program.isAlive()).as(() -> output(program)).isTrue();
            return lab.b().kernel().link("tun0").isPresent();
          });
      int mtu = node.kernel().mtu("tun0");
      hostB.run("ip", "link", "set", "tun0", "mtu", "" + mtu, "up");
      hostB.run("ip", "route", "add", "10.1.1.0/24", "dev", "tun0");
      hostB.run("ip", "route", "add", "fd00:1::/64", "dev", "tun0");

      Pings.ping(node.inside(net1), "10.1.2.2").requireTtl(62);
      Pings.awaitAnswer(node.inside(net1), "fd00:2::2");
      Pings.ping(node.inside(net1), "fd00:2::2").requireTtl(62);
      Pings.ping(Inside.namespace(net2), "10.1.1.2").requireTtl(62);
      Pings.ping(Inside.namespace(net2), "fd00:1::2").requireTtl(62);
      Transfer.run(net1, net2, "10.1.2.2", BYTES);
      Transfer.run(net2, net1, "10.1.1.2", BYTES);
      Transfer.run(net1, net2, "fd00:2::2", BYTES);
      assertThat(program.isAlive()).as(() -> output(program)).isTrue();
    } finally {
      program.destroy();
      assertThat(program.waitFor(10, TimeUnit.SECONDS)).isTrue();
      node.client().tunnels().delete(link("tun0"), null);
    }
  }

  private static String output(Process program) {
    try {
      return new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** A program from the test's resources, as a file. */
  private String script(String resource) throws IOException {
    try (InputStream stream =
        Objects.requireNonNull(ForeignProgramsIT.class.getResourceAsStream(resource), resource)) {
      return lab.file(resource, new String(stream.readAllBytes(), StandardCharsets.UTF_8))
          .toString();
    }
  }
}
