package net.culvert.node.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.Set;
import net.culvert.node.testing.RequiresRoot;
import net.culvert.node.testing.TestNamespace;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Links, namespaces and devices that somebody else made are neither taken, changed nor deleted. */
@RequiresRoot
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ForeignThingsIT {

  private final Lab lab = new Lab();
  private final LabNode node = lab.start(lab.a());
  private Set<String> before = Set.of();

  @BeforeAll
  void makeForeignThings() {
    for (String line :
        new String[] {
          "ip link add theirs type veth peer name other",
          "ip addr add 192.0.2.1/24 dev theirs",
          "ip link set theirs up",
          "ip tuntap add dev tun9 mode tun",
          "ip link add br9 type bridge"
        }) {
      node.host().run(line.split(" "));
    }
    node.awaitReady();
    before = lab.a().kernel().inventory();
  }

  @AfterAll
  void close() {
    lab.close();
  }

  @Test
  void aLink() {
    requireUntouched(
        "/api/v1/links/theirs",
        """
        {"kind": "veth", "peer": {"name": "other2"}}\
        """,
        "theirs");
    requireUntouched("/api/v1/links/br9", "{\"kind\": \"bridge\"}", "br9");
  }

  @Test
  void aLinkThatAnAttachmentWouldMake() {
    String name = lab.namespaceName();
    requireUntouched(
        "/api/v1/namespaces/" + name,
        """
        {"attachment": {"address": "10.1.1.2/24", "gateway": "10.1.1.1", "hostLink": "theirs"}}\
        """,
        "theirs");
    assertThat(lab.a().inside().run("ip", "netns")).doesNotContain(name);
  }

  @Test
  void aDevice() {
    requireUntouched(
        "/api/v1/tunnels/tun9",
        """
        {"transport": "plain", "listen": ["0.0.0.0:7000"]}\
        """,
        "tun9");
  }

  @Test
  void aNamespace() {
    TestNamespace theirs = lab.closing(new TestNamespace());
    theirs.run("ip", "link", "add", "inside0", "type", "bridge");
    Set<String> inside = new KernelState(Inside.namespace(theirs.name())).inventory();
    requireUntouched(
        "/api/v1/namespaces/" + theirs.name(),
        """
        {"attachment": {"address": "10.1.1.2/24", "gateway": "10.1.1.1"}}\
        """,
        theirs.name());
    assertThat(new KernelState(Inside.namespace(theirs.name())).inventory()).isEqualTo(inside);
  }

  private void requireUntouched(String path, String body, String named) {
    HttpResponse<String> answer = node.http("PUT", path, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(409);
    assertThat(answer.body()).contains(named);
    assertThat(node.http("GET", path, "").statusCode()).isEqualTo(404);
    assertThat(node.http("DELETE", path, "").statusCode()).isEqualTo(404);
    assertThat(lab.a().kernel().inventory()).isEqualTo(before);
  }
}
