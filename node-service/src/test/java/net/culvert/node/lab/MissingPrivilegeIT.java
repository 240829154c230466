package net.culvert.node.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.Set;
import net.culvert.node.testing.RequiresRoot;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A node that may not do everything starts nevertheless, says what is missing, and leaves nothing
 * of what it could not finish.
 */
@RequiresRoot
@Tag("lab")
class MissingPrivilegeIT {

  private static final String NAMESPACE = "/api/v1/namespaces/";
  private static final String BOTH_FAMILIES =
      """
      {"attachment": {"address": "10.1.1.2/24", "gateway": "10.1.1.1",
                      "address6": "fd00:1::2/64", "gateway6": "fd00:1::1"}}\
      """;
  private static final String TUNNEL =
      """
      {"transport": "plain", "listen": ["0.0.0.0:7000"]}\
      """;

  @Test
  void withoutTheCapabilityForNetworks() {
    try (Lab lab = new Lab()) {
      LabNode node =
          lab.start(lab.a(), LabNode.Options.behind("setpriv", "--bounding-set=-net_admin"));
      requireNamed(node, "CAP_NET_ADMIN");
      Set<String> before = lab.a().kernel().inventory();
      String name = lab.namespaceName();
      requireRefused(node, NAMESPACE + name, BOTH_FAMILIES, "CAP_NET_ADMIN");
      requireRefused(node, "/api/v1/tunnels/tun0", TUNNEL, "CAP_NET_ADMIN");
      assertThat(lab.a().inside().run("ip", "netns")).doesNotContain(name);
      assertThat(lab.a().kernel().inventory()).isEqualTo(before);
    }
  }

  @Test
  void withoutTheTunDevice() {
    try (Lab lab = new Lab()) {
      LabNode node = lab.start(lab.a(), behindMount("mount -t tmpfs none /dev/net"));
      requireNamed(node, "/dev/net/tun");
      Set<String> before = lab.a().kernel().inventory();
      requireRefused(node, "/api/v1/tunnels/tun0", TUNNEL, "/dev/net/tun");
      assertThat(lab.a().kernel().inventory()).isEqualTo(before);
      // What wants no such device works.
      String namespace = NAMESPACE + lab.namespaceName();
      assertThat(node.http("PUT", namespace, BOTH_FAMILIES).statusCode()).isEqualTo(201);
      assertThat(node.http("DELETE", namespace, "").statusCode()).isEqualTo(204);
      assertThat(lab.a().kernel().inventory()).isEqualTo(before);
    }
  }

  @Test
  void withSettingsThatCanOnlyBeRead() {
    try (Lab lab = new Lab()) {
      LabNode node =
          lab.start(
              lab.a(),
              behindMount(
                  "mount --bind /proc/sys /proc/sys && mount -o remount,bind,ro /proc/sys"));
      requireNamed(node, "/proc/sys");
      Set<String> before = lab.a().kernel().inventory();
      String name = lab.namespaceName();
      requireRefused(node, NAMESPACE + name, BOTH_FAMILIES, "/proc/sys");
      assertThat(lab.a().kernel().inventory()).isEqualTo(before);
      // IPv4's settings have another way.
      String tunnel = "/api/v1/tunnels/tun0";
      assertThat(node.http("PUT", tunnel, TUNNEL).statusCode()).isEqualTo(201);
      assertThat(node.http("DELETE", tunnel, "").statusCode()).isEqualTo(204);
      assertThat(lab.a().kernel().inventory()).isEqualTo(before);
    }
  }

  private static LabNode.Options behindMount(String mount) {
    return LabNode.Options.behind(
        "unshare",
        "--mount",
        "--propagation",
        "private",
        "--",
        "sh",
        "-c",
        mount + " && exec \"$@\"",
        "sh");
  }

  /** Ready, and health says what is missing. */
  private static void requireNamed(LabNode node, String missing) {
    node.awaitReady();
    HttpResponse<String> health = node.http("GET", "/actuator/health", "");
    assertThat(health.body()).contains(missing);
  }

  private static void requireRefused(LabNode node, String path, String body, String missing) {
    HttpResponse<String> answer = node.http("PUT", path, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
    assertThat(answer.body()).contains(missing);
    assertThat(node.http("GET", path, "").statusCode()).isEqualTo(404);
  }
}
