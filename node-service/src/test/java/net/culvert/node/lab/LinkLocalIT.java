package net.culvert.node.lab;

import static net.culvert.node.lab.Bodies.attached;
import static net.culvert.node.lab.Bodies.bridge;
import static net.culvert.node.lab.Bodies.link;
import static net.culvert.node.lab.Bodies.name;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import net.culvert.node.testing.RequiresCommand;
import net.culvert.node.testing.RequiresRoot;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A link of the node's speaks IPv6 as soon as the call that made it is answered. */
@RequiresRoot
@RequiresCommand("ping")
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LinkLocalIT {

  private static final String HOST_LINK = "net1-host";

  private final Lab lab = new Lab();
  private final String net1 = lab.namespaceName();
  private final LabNode node = lab.start(lab.a());

  @BeforeAll
  void start() {
    node.awaitReady();
  }

  @AfterAll
  void close() {
    lab.close();
  }

  @Test
  void anAttachmentAnswersAtOnce() {
    var attachment =
        Objects.requireNonNull(
            attached("10.1.1.2/24", "10.1.1.1", "fd00:1::2/64", "fd00:1::1").attachment());
    node.client().namespaces().put(name(net1), null, Bodies.withHostLink(attachment, HOST_LINK));
    List<String> both =
        List.of(addresses(node.host(), HOST_LINK), addresses(node.inside(net1), "veth0"));
    Pings.ping(node.inside(net1), 1, "fd00:1::1").requireAll();
    assertThat(both).allSatisfy(LinkLocalIT::isUsable);
  }

  @Test
  void aBridgeHasItsAddressAtOnce() {
    node.client().links().put(link("br7"), null, bridge("fd00:7::1/64"));
    isUsable(addresses(node.host(), "br7"));
    node.client().links().delete(link("br7"), null);
  }

  private static String addresses(Inside inside, String device) {
    return inside.run("ip", "-6", "-o", "address", "show", "dev", device);
  }

  private static void isUsable(String addresses) {
    assertThat(addresses).contains("fe80::").doesNotContain("tentative");
  }
}
