package net.culvert.node.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import net.culvert.node.testing.RequiresCommand;
import net.culvert.node.testing.RequiresRoot;
import net.culvert.node.testing.Shell;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Types what {@code docs/the-article.md} says, section by section, and looks whether things are as
 * the page says.
 *
 * <pre>
 *   net1 veth0 10.1.1.2 ── veth1 10.1.1.1 [node 1] tun0 ══ UDP 7000 ══ tun0 [node 2] veth1 10.1.2.1 ── 10.1.2.2 veth0 net2
 * </pre>
 *
 * <p>Each node has a {@code /run/netns} of its own, since the page calls its namespaces net1 and
 * net2. A section needs those before it; after a failure the later ones fail too.
 */
@RequiresRoot
@RequiresCommand("ping")
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ArticleIT {

  private static final JsonMapper JSON = new JsonMapper();

  private final Lab lab = new Lab();
  private final LabNode.Options ownNames = new LabNode.Options(true, Map.of(), List.of());
  private final LabNode node1 = lab.start(lab.a(), ownNames);
  private final LabNode node2 = lab.start(lab.b(), ownNames);
  private final ArticlePage page = ArticlePage.read();
  private final Set<Integer> typed = new TreeSet<>();
  private Set<String> empty1 = Set.of();
  private Set<String> empty2 = Set.of();

  /**
   * What came of typing one section.
   *
   * @param streams the event streams that it opened, in order
   * @param pings the answers to its pings by REST, in order
   * @param outputs what its commands printed, in order
   */
  private record Typed(List<EventReader> streams, List<JsonNode> pings, List<String> outputs) {

    /** Names and data of a stream's packets, once it has ended. */
    List<EventReader.Event> packets(int stream) {
      List<EventReader.Event> all = streams.get(stream).untilEnd();
      return all.subList(0, all.size() - 1);
    }

    void requireReceived(int... counts) {
      assertThat(pings.stream().map(ping -> ping.path("received").asInt()).toList())
          .as(pings.toString())
          .containsExactly(Arrays.stream(counts).boxed().toArray(Integer[]::new));
    }
  }

  @BeforeAll
  void start() {
    node1.awaitReady();
    node2.awaitReady();
    empty1 = node1.kernel().inventory();
    empty2 = node2.kernel().inventory();
    new Picture(node1, "net1", node2, "net2").make();
  }

  @AfterAll
  void close() {
    lab.close();
  }

  private Typed type(int section) {
    Typed result = new Typed(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (ArticlePage.Line line : Objects.requireNonNull(page.sections().get(section))) {
      LabNode node = line.target().endsWith("1") ? node1 : node2;
      if (line.target().startsWith("on")) {
        result.outputs().add(command(node, line));
      } else if (line.path().contains("/packets")) {
        result.streams().add(lab.closing(node.events(line.path())));
      } else {
        HttpResponse<String> answer = node.http(line.method(), line.path(), line.body());
        assertThat(answer.statusCode()).as(line + " " + answer.body()).isIn(200, 201, 204);
        if (line.path().endsWith("/ping")) {
          result.pings().add(JSON.readTree(answer.body()));
        }
      }
    }
    typed.add(section);
    return result;
  }

  private static String command(LabNode node, ArticlePage.Line line) {
    Shell.Result result =
        node.host().attempt(Duration.ofSeconds(30), line.words().toArray(String[]::new));
    assertThat(result.exitCode()).as(line + "\n" + result.output()).isZero();
    return result.output();
  }

  @Test
  @Order(0)
  void thePictureIsTakenAway() {
    type(0);
    assertThat(node1.kernel().inventory()).isEqualTo(empty1);
    assertThat(node2.kernel().inventory()).isEqualTo(empty2);
  }

  @Test
  @Order(1)
  void aNewDeviceIsDownWithoutAddressOrRoute() {
    Typed section = type(1);
    assertThat(section.outputs().getFirst()).contains("POINTOPOINT", "state DOWN");
    requireDown();
    assertThat(node1.kernel().addresses("tun0")).isEmpty();
  }

  @Test
  @Order(2)
  void anAddressAloneMakesNoRoute() {
    type(2);
    assertThat(node1.kernel().addresses("tun0")).containsExactly("192.37.1.2/24");
    requireDown();
  }

  private void requireDown() {
    assertThat(node1.kernel().hasFlag("tun0", "UP")).isFalse();
    assertThat(node1.kernel().routes("tun0")).isEmpty();
  }

  @Test
  @Order(3)
  void upMakesTheRouteAndRouterSolicitationsAreFirst() {
    assertThat(node1.kernel().sysctl("ipv6.conf.all.forwarding")).isEqualTo("0");
    Typed section = type(3);
    assertThat(node1.kernel().hasFlag("tun0", "UP")).isTrue();
    assertThat(node1.kernel().routes("tun0"))
        .containsExactly("192.37.1.0/24 dev tun0 proto kernel scope link src 192.37.1.2");
    assertThat(section.packets(0))
        .hasSize(2)
        .allSatisfy(packet -> requireOfTheKernel(packet, 133, "ff02::2", 48));
  }

  @Test
  @Order(4)
  void multicastReportsAreFirstWhereIpv6IsForwarded() {
    Typed section = type(4);
    assertThat(section.packets(0))
        .hasSize(1)
        .allSatisfy(packet -> requireOfTheKernel(packet, 143, "ff02::16", 76));
  }

  private static void requireOfTheKernel(
      EventReader.Event packet, int icmpType, String destination, int length) {
    assertThat(packet.text("protocol")).isEqualTo("icmpv6");
    assertThat(packet.data().path("icmpType").asInt()).isEqualTo(icmpType);
    assertThat(packet.text("destination")).isEqualTo(destination);
    assertThat(packet.data().path("length").asInt()).isEqualTo(length);
    assertThat(packet.data().path("wireLength").asInt()).isEqualTo(length + 4);
  }

  @Test
  @Order(5)
  void aPingToTheDevicesOwnAddressNeverReachesTheProgram() {
    Typed section = type(5);
    section.requireReceived(3);
    assertThat(section.packets(0)).isEmpty();
    Pings.ping(node1.host(), "192.37.1.2").requireTtl(64);
    assertThat(section.outputs().getFirst()).startsWith("local 192.37.1.2 dev lo");
  }

  @Test
  @Order(6)
  void aPingToItsNeighbourDoes() {
    Typed section = type(6);
    section.requireReceived(0);
    assertThat(section.pings().getFirst().path("errors").toString())
        .containsIgnoringCase("unreachable");
    requireEchoRequests(section.packets(0), "192.37.1.2", "192.37.1.3", "no-peer");
    assertThat(section.outputs().getFirst()).startsWith("192.37.1.3 dev tun0 src 192.37.1.2");
    assertThat(node1.kernel().link("tun0")).isEmpty();
  }

  private static void requireEchoRequests(
      List<EventReader.Event> packets, String source, String destination, String verdict) {
    assertThat(packets)
        .hasSize(3)
        .allSatisfy(packet -> {
          assertThat(packet.data().path("icmpType").asInt()).isEqualTo(8);
          assertThat(packet.text("source")).isEqualTo(source);
          assertThat(packet.text("destination")).isEqualTo(destination);
          assertThat(packet.text("verdict")).isEqualTo(verdict);
          assertThat(packet.data().path("length").asInt()).isEqualTo(84);
          assertThat(packet.data().path("wireLength").asInt()).isEqualTo(88);
        });
  }

  @Test
  @Order(7)
  void theProgramThatCarriesPackets() {
    type(7);
    assertThat(node1.kernel().hasFlag("tun0", "UP")).isTrue();
    assertThat(node1.kernel().mtu("tun0")).isEqualTo(1468);
    assertThat(node1.kernel().routes("tun0")).isEmpty();
    assertThat(node1.host().run("ss", "-lunH")).contains("0.0.0.0:7000");
  }

  @Test
  @Order(8)
  void aNamespace() {
    assertThat(type(8).outputs().getFirst()).contains("net1");
    assertThat(node1.kernel("net1").hasFlag("lo", "UP")).isTrue();
  }

  @Test
  @Order(9)
  void aVethPairInOneCall() {
    type(9);
    assertThat(node1.kernel().addresses("veth1")).containsExactly("10.1.1.1/24");
    assertThat(node1.kernel().hasFlag("veth1", "UP")).isTrue();
    assertThat(node1.kernel("net1").addresses("veth0")).containsExactly("10.1.1.2/24");
    assertThat(node1.kernel("net1").hasFlag("veth0", "UP")).isTrue();
    Pings.ping(node1.inside("net1"), "10.1.1.1").requireTtl(64);
  }

  @Test
  @Order(10)
  void theDefaultRouteOfTheNamespace() {
    assertThat(type(10).outputs().getFirst()).contains("default via 10.1.1.1 dev veth0");
  }

  @Test
  @Order(11)
  void theRouteIntoTheTunnel() {
    assertThat(type(11).outputs().getFirst()).contains("10.1.2.0/24 dev tun0");
  }

  @Test
  @Order(12)
  void theGatewayAnswersForItselfAndNobodyForThePeer() {
    Typed section = type(12);
    section.requireReceived(0, 0);
    requireEchoRequests(section.packets(0), "10.1.1.2", "10.1.2.2", "forwarded");
    assertThat(section.outputs().get(0))
        .contains("10.1.1.1 dev veth0 lladdr " + address(node1.kernel(), "veth1"))
        .doesNotContain("10.1.2.2");
    // By the route without gateway.
    assertThat(section.packets(1)).isEmpty();
    assertThat(section.outputs().get(1)).containsAnyOf("FAILED", "INCOMPLETE");
  }

  @Test
  @Order(13)
  void proxyArpAnswersForThePeer() {
    Typed section = type(13);
    requireEchoRequests(section.packets(0), "10.1.1.2", "10.1.2.2", "forwarded");
    String address = address(node1.kernel(), "veth1");
    assertThat(section.outputs().get(0)).contains("10.1.2.2", "lladdr " + address);
    assertThat(section.outputs().get(1)).contains(address);
    assertThat(node1.kernel().sysctl("ipv4.conf.veth1.proxy_arp")).isEqualTo("1");
  }

  private static String address(KernelState kernel, String link) {
    return kernel.requireLink(link).path("address").asString();
  }

  @Test
  @Order(14)
  void nodeTwo() {
    type(14);
    assertThat(node2.kernel("net2").addresses("veth0")).containsExactly("10.1.2.2/24");
    assertThat(node2.kernel("net2").routes("veth0"))
        .anyMatch(line -> line.startsWith("default via 10.1.2.1"));
    assertThat(node2.kernel().routes("tun0")).singleElement().asString().startsWith("10.1.1.0/24");
    assertThat(node2.kernel().sysctl("ipv4.conf.veth1.proxy_arp")).isEqualTo("1");
  }

  @Test
  @Order(15)
  void theTtlArrivesAs62() {
    Typed section = type(15);
    section.requireReceived(3);
    assertThat(section.pings().getFirst().path("ttl").asInt()).isEqualTo(62);
    assertThat(section.outputs())
        .hasSize(2)
        .allMatch(output -> output.contains("ttl=62") && output.contains(" 0% packet loss"));
  }

  @Test
  @Order(16)
  void onLinkNeedsProxyArpAndTheGatewayDoesNot() {
    type(16).requireReceived(0, 3, 3);
  }

  @Test
  @Order(17)
  void allOfItInThreeCalls() {
    Typed section = type(17);
    section.requireReceived(3, 3);
    assertThat(section.pings()).allMatch(ping -> ping.path("ttl").asInt() == 62);
    Pings.ping(node1.inside("net1"), "10.1.2.2").requireTtl(62);
    assertThat(node1.kernel().sysctl("ipv4.ip_forward")).isEqualTo("0");
  }

  @Test
  @Order(18)
  void nothingOnThePageWasLeftOut() {
    assertThat(typed).isEqualTo(page.sections().keySet());
    assertThat(typed).hasSize(18);
  }
}
