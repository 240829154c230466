package net.culvert.node.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.culvert.node.testing.RequiresCommand;
import net.culvert.node.testing.RequiresRoot;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * A person opens Swagger UI, enters the token, and presses Execute from the top down, with the
 * examples as they stand: a namespace, a tunnel, a peer, a ping.
 *
 * <pre>
 *   Chromium ── REST ── [node]  net1 10.1.1.2 ── 10.1.1.1, tun0 ══ peer node-b
 * </pre>
 */
@Tag("lab")
@RequiresRoot
@RequiresCommand("chromium")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SwaggerUiIT {

  private static final List<String> GROUPS =
      List.of(
          "Namespaces",
          "Tunnels",
          "Peers",
          "Configurations",
          "Links",
          "Routes",
          "Neighbours",
          "Topology",
          "Events",
          "Tokens",
          "Audit",
          "Ping",
          "Node");

  private static final SwaggerPage.Operation GET_NAMESPACES =
      new SwaggerPage.Operation("get", "/api/v1/namespaces");
  private static final SwaggerPage.Operation PUT_NAMESPACE =
      new SwaggerPage.Operation("put", "/api/v1/namespaces/{name}");
  private static final SwaggerPage.Operation PUT_TUNNEL =
      new SwaggerPage.Operation("put", "/api/v1/tunnels/{name}");
  private static final SwaggerPage.Operation PUT_PEER =
      new SwaggerPage.Operation("put", "/api/v1/tunnels/{tunnel}/peers/{peer}");
  private static final SwaggerPage.Operation PING =
      new SwaggerPage.Operation("post", "/api/v1/namespaces/{name}/ping");

  private static final Path PICTURES = Path.of("target", "lab");

  private final Lab lab = new Lab();
  private LabNode node;
  private SwaggerPage page;

  @BeforeAll
  void open() {
    // The examples say net1, as other nodes of this machine may: the names are the node's own.
    node = lab.start(lab.a(), new LabNode.Options(true, Map.of(), List.of())).awaitReady();
    page = lab.closing(new SwaggerPage(node.url()));
  }

  @AfterAll
  void close() {
    lab.close();
  }

  @Test
  @Order(1)
  void groupsStandInTheOrderInWhichOneNeedsThem() {
    page.screenshot(PICTURES.resolve("swagger-ui.png"));
    assertThat(page.groups()).containsExactlyElementsOf(GROUPS);
  }

  @Test
  @Order(2)
  void everyOperationSaysWhatItDoes() {
    assertThat(page.operations()).hasSizeGreaterThan(20);
    for (SwaggerPage.Operation operation : page.operations()) {
      assertThat(page.summary(operation)).as(operation.toString()).isNotBlank();
      assertThat(page.description(operation)).as(operation.toString()).isNotBlank();
    }
  }

  @Test
  @Order(3)
  void withoutTheRightTokenThePageShowsWhy() {
    assertThat(page.execute(GET_NAMESPACES).status()).isEqualTo(401);
    page.authorize("not-the-token");
    SwaggerPage.Answer refused = page.execute(GET_NAMESPACES);
    assertThat(refused.status()).isEqualTo(401);
    assertThat(refused.body().get("type").asString()).startsWith("urn:culvert:problem:");
  }

  @Test
  @Order(4)
  void examplesWorkFromTheTopDown() {
    page.authorize(node.token());
    applied(page.execute(PUT_NAMESPACE));
    applied(page.execute(PUT_TUNNEL));
    applied(page.execute(PUT_PEER));
    SwaggerPage.Answer ping = page.execute(PING);
    assertThat(ping.status()).isEqualTo(200);
    assertThat(ping.body().get("received").asInt()).as(ping.toString()).isEqualTo(3);
    page.screenshot(PUT_NAMESPACE, PICTURES.resolve("swagger-ui-namespace.png"));
    page.screenshot(PUT_PEER, PICTURES.resolve("swagger-ui-peer.png"));
    page.screenshot(PING, PICTURES.resolve("swagger-ui-ping.png"));
  }

  private static void applied(SwaggerPage.Answer answer) {
    assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
    assertThat(answer.body().at("/status/state").asString()).isEqualTo("APPLIED");
  }

  @Test
  @Order(5)
  void whatWasPressedIsInTheKernel() {
    assertThat(node.host().run("ip", "netns", "list")).contains("net1");
    assertThat(node.host().run("ip", "route", "show", "dev", "tun0")).contains("10.1.2.0/24");
  }

  /** The one thing that Chromium reports of a call that was refused. */
  @Test
  @Order(6)
  void theBrowserComplainsOfNothing() {
    assertThat(page.complaints()).allMatch(line -> line.contains("status of 401"));
  }
}
