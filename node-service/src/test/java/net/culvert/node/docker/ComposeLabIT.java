package net.culvert.node.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.culvert.api.client.NodeClient;
import net.culvert.api.ping.PingReport;
import net.culvert.api.ping.PingRequest;
import net.culvert.api.value.IpAddress;
import net.culvert.api.value.ResourceName;
import net.culvert.node.testing.RequiresDocker;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * The Compose lab, as {@code docker compose up --build} makes it:
 *
 * <pre>
 *   net1 10.1.1.2 ── 10.1.1.1 [node-a] tun0 ══ UDP 7000 ══ tun0 [node-b] 10.1.2.1 ── 10.1.2.2 net2
 *                                └──── Compose network ────┘
 *                                        [picture]
 * </pre>
 */
@RequiresDocker
@ExtendWith(NodeImage.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ComposeLabIT {

  private static final int NET_ADMIN = 12;
  private static final int NET_RAW = 13;
  private static final int SYS_ADMIN = 21;

  private final ComposeProject project = new ComposeProject();

  @BeforeAll
  void up() {
    project.compose("up", "--build", "--detach");
  }

  @AfterAll
  void down() {
    project.close();
    assertThat(project.leftovers()).isEmpty();
  }

  @Test
  @Order(1)
  void thePictureIsMadeAndItsServiceEndsWithZero() {
    project.compose("wait", "picture");
    JsonNode state = Docker.inspect(project.container("picture")).get("State");
    assertThat(state.get("ExitCode").asInt()).as(project.compose("logs", "picture")).isZero();
    assertThat(project.compose("logs", "picture"))
        .contains("net1 → 10.1.2.2: 3 of 3 answered, ttl 62")
        .contains("net2 → 10.1.1.2: 3 of 3 answered, ttl 62");
  }

  @Test
  @Order(2)
  void containersPingEachOtherBothWays() {
    ping(project.clientA(), "net1", "10.1.2.2");
    ping(project.clientB(), "net2", "10.1.1.2");
  }

  private static void ping(NodeClient node, String namespace, String destination) {
    PingReport report =
        node.namespaces()
            .ping(
                new ResourceName(namespace),
                new PingRequest(IpAddress.parse(destination), 3, 1000, null));
    assertThat(report.received()).as(report.toString()).isEqualTo(3);
    assertThat(report.ttl()).isEqualTo(62);
  }

  @ParameterizedTest
  @ValueSource(strings = {"node-a", "node-b"})
  void nodesAreHealthyAndHaveTheLeastPrivilege(String service) {
    JsonNode container = Docker.inspect(project.container(service));
    assertThat(container.at("/State/Health/Status").asString()).isEqualTo("healthy");

    JsonNode host = container.get("HostConfig");
    assertThat(host.get("Privileged").asBoolean()).isFalse();
    assertThat(Docker.strings(host.get("CapDrop"))).containsExactly("ALL");
    assertThat(Docker.strings(host.get("CapAdd")).stream().map(name -> name.replace("CAP_", "")))
        .containsExactlyInAnyOrder("NET_ADMIN", "SYS_ADMIN", "NET_RAW");
    assertThat(Docker.strings(host.get("SecurityOpt"))).contains("no-new-privileges:true");
    assertThat(host.get("ReadonlyRootfs").asBoolean()).isTrue();
    assertThat(host.get("Devices").valueStream().map(device -> device.get("PathOnHost").asString()))
        .containsExactly("/dev/net/tun");
    assertThat(host.get("NetworkMode").asString()).isNotEqualTo("host");
    assertThat(host.get("PidMode").asString()).isEmpty();
    assertThat(container.get("Mounts").valueStream().map(mount -> mount.get("Type").asString()))
        .allMatch(List.of("volume", "tmpfs")::contains);
  }

  @ParameterizedTest
  @ValueSource(strings = {"node-a", "node-b"})
  void theProcessHoldsThoseCapabilitiesAndNoOthers(String service) {
    String status = project.compose("exec", "-T", service, "cat", "/proc/1/status");
    String expected = "%016x".formatted(1L << NET_ADMIN | 1L << NET_RAW | 1L << SYS_ADMIN);
    assertThat(status)
        .contains("Name:\tjava")
        .contains("CapEff:\t" + expected)
        .contains("CapBnd:\t" + expected)
        .contains("NoNewPrivs:\t1");
  }

  @Test
  void theShortServiceHoldsNoCapabilityAtAll() {
    JsonNode host = Docker.inspect(project.container("picture")).get("HostConfig");
    assertThat(host.get("Privileged").asBoolean()).isFalse();
    assertThat(Docker.strings(host.get("CapDrop"))).containsExactly("ALL");
    assertThat(host.get("CapAdd").isNull() || host.get("CapAdd").isEmpty()).isTrue();
    assertThat(host.get("Devices").isNull() || host.get("Devices").isEmpty()).isTrue();
  }
}
