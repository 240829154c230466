package net.culvert.node.docker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.culvert.api.client.NodeClient;
import net.culvert.node.testing.Shell;

/**
 * The Compose file of the repository under a project name and ports of this test run. {@link
 * #close} takes it down; what a killed run left is taken down by the next one.
 */
final class ComposeProject implements AutoCloseable {

  private static final String PREFIX = "culvert-t-";
  private static final Duration UP = Duration.ofMinutes(5);

  private final String name = PREFIX + ProcessHandle.current().pid();
  private final int portA = unusedPort();
  private final int portB = unusedPort();

  ComposeProject() {
    for (String line : Docker.lines("compose", "ls", "--all", "--quiet")) {
      if (line.matches(PREFIX + "\\d+")
          && ProcessHandle.of(Long.parseLong(line.substring(PREFIX.length()))).isEmpty()) {
        Docker.run("compose", "--project-name", line, "down", "--volumes");
      }
    }
  }

  private static int unusedPort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The output of {@code docker compose} with these arguments, which must succeed. */
  String compose(String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "env",
                "NODE_A_PORT=" + portA,
                "NODE_B_PORT=" + portB,
                "docker",
                "compose",
                "--file",
                Docker.TOP.resolve("docker-compose.yml").toString(),
                "--project-name",
                name));
    command.addAll(List.of(arguments));
    Shell.Result result = Shell.attempt(UP, command);
    if (result.exitCode() != 0) {
      throw new AssertionError(
          String.join(" ", command) + "\nexit " + result.exitCode() + "\n" + result.output());
    }
    return result.output();
  }

  /** The id of a service's container, also of one that has ended. */
  String container(String service) {
    return compose("ps", "--all", "--quiet", service).strip();
  }

  NodeClient clientA() {
    return client("node-a", portA);
  }

  NodeClient clientB() {
    return client("node-b", portB);
  }

  private NodeClient client(String service, int port) {
    String token = compose("exec", "-T", service, "cat", "/var/lib/culvert/api-token").strip();
    return NodeClient.of(URI.create("http://127.0.0.1:" + port), token);
  }

  /** Containers, networks and volumes that carry the project's label. */
  List<String> leftovers() {
    String label = "label=com.docker.compose.project=" + name;
    List<String> all = new ArrayList<>();
    all.addAll(Docker.lines("ps", "--all", "--quiet", "--filter", label));
    all.addAll(Docker.lines("network", "ls", "--quiet", "--filter", label));
    all.addAll(Docker.lines("volume", "ls", "--quiet", "--filter", label));
    return all;
  }

  @Override
  public void close() {
    compose("down", "--volumes", "--timeout", "5");
  }
}
