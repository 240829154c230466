package net.culvert.node.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.Device;
import com.github.dockerjava.api.model.HostConfig;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import net.culvert.api.client.NodeClient;
import net.culvert.api.namespace.AttachmentSpec;
import net.culvert.api.namespace.Namespace;
import net.culvert.api.namespace.NamespaceSpec;
import net.culvert.api.ping.PingReport;
import net.culvert.api.ping.PingRequest;
import net.culvert.api.resource.ResourceState;
import net.culvert.api.value.InterfaceAddress;
import net.culvert.api.value.IpAddress;
import net.culvert.api.value.ResourceName;
import net.culvert.node.testing.RequiresDocker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.http.ResponseEntity;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/** One node alone in a container, from its start to its end. */
@RequiresDocker
@ExtendWith(NodeImage.class)
class NodeContainerIT {

  private static final String LABEL = "net.culvert.test";
  private static final int API_PORT = 8080;
  private static final Duration STOP = Duration.ofSeconds(2);

  @Test
  void becomesReadyMakesANamespacePingsFromItAndStopsInTime() throws Exception {
    sweep();
    try (GenericContainer<?> container = node()) {
      container.start();

      NodeClient node = client(container);
      ResourceName name = new ResourceName("net1");
      ResponseEntity<Namespace> made = node.namespaces().put(name, null, attached());
      assertThat(made.getStatusCode().value()).isEqualTo(201);
      Namespace namespace = Objects.requireNonNull(made.getBody());
      assertThat(namespace.status().state()).isEqualTo(ResourceState.APPLIED);
      assertThat(container.execInContainer("ip", "netns", "list").getStdout()).contains("net1");

      PingReport report =
          node.namespaces().ping(name, new PingRequest(IpAddress.parse("10.1.1.1"), 3, 1000, null));
      assertThat(report.received()).as(report.toString()).isEqualTo(3);

      stopsInTime(container);
    }
  }

  private static GenericContainer<?> node() {
    return new GenericContainer<>(DockerImageName.parse(NodeImage.NAME))
        .withImagePullPolicy(image -> false)
        .withExposedPorts(API_PORT)
        .withLabel(LABEL, Long.toString(ProcessHandle.current().pid()))
        .withCreateContainerCmdModifier(command -> command.withHostConfig(new Restricted()))
        .waitingFor(Wait.forHttp("/actuator/health/readiness").forPort(API_PORT))
        .withStartupTimeout(Duration.ofSeconds(60));
  }

  /**
   * As the Compose file has it. The two fields are what the command's {@code
   * systempaths=unconfined} stands for; the client has no names for them.
   */
  private static final class Restricted extends HostConfig {

    Restricted() {
      withCapDrop(Capability.ALL);
      withCapAdd(Capability.NET_ADMIN, Capability.SYS_ADMIN, Capability.NET_RAW);
      withSecurityOpts(List.of("no-new-privileges:true", "apparmor=unconfined"));
      withReadonlyRootfs(true);
      withDevices(new Device("rwm", "/dev/net/tun", "/dev/net/tun"));
      withSysctls(Map.of("net.ipv4.ip_forward", "1"));
      withTmpFs(Map.of("/run", "", "/tmp", "exec", "/var/lib/culvert", "mode=700"));
      withPublishAllPorts(true);
    }

    @Override
    public Map<String, Object> getRawValues() {
      return Map.of("MaskedPaths", List.of(), "ReadonlyPaths", List.of());
    }
  }

  private static NodeClient client(GenericContainer<?> container) throws Exception {
    String token = container.execInContainer("cat", "/var/lib/culvert/api-token").getStdout();
    URI url = URI.create("http://" + container.getHost() + ":" + container.getMappedPort(API_PORT));
    return NodeClient.of(url, token.strip());
  }

  private static NamespaceSpec attached() {
    return new NamespaceSpec(
        new AttachmentSpec(
            InterfaceAddress.parse("10.1.1.2/24"),
            IpAddress.parse("10.1.1.1"),
            null,
            null,
            null,
            null,
            null,
            null,
            null));
  }

  private static void stopsInTime(GenericContainer<?> container) {
    Instant asked = Instant.now();
    Docker.run("kill", "--signal", "TERM", container.getContainerId());
    String exit = Docker.run("wait", container.getContainerId()).strip();
    assertThat(exit).as(container.getLogs()).isIn("0", "143");
    InspectContainerResponse.ContainerState state = container.getCurrentContainerInfo().getState();
    Instant ended = Instant.parse(Objects.requireNonNull(state.getFinishedAt()));
    assertThat(Duration.between(asked, ended)).isLessThanOrEqualTo(STOP);
    assertThat(container.getLogs()).doesNotContain("\tat ", " ERROR ");
  }

  /** Ryuk, which would do this, is an image that would have to be pulled. */
  private static void sweep() {
    for (String line :
        Docker.lines(
            "ps",
            "--all",
            "--filter",
            "label=" + LABEL,
            "--format",
            "{{.ID}} {{.Label \"" + LABEL + "\"}}")) {
      String[] words = line.split(" ", -1);
      if (ProcessHandle.of(Long.parseLong(words[1])).isEmpty()) {
        Docker.run("rm", "--force", "--volumes", words[0]);
      }
    }
  }
}
