package net.culvert.node.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import net.culvert.api.client.NodeClient;
import org.jspecify.annotations.Nullable;

/**
 * One node, started by {@code deploy/node} as a user would, in a network namespace that is its
 * host. It dies with the thread that started it, so a killed test leaves none behind.
 */
public final class LabNode implements AutoCloseable {

  /** It takes some seconds; the rest is for a machine with much else to do. */
  private static final Duration START = Duration.ofMinutes(4);

  private static final Duration STOP = Duration.ofSeconds(20);
  private static final int API_PORT = 8080;
  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  private final String name;
  private final Process process;
  private final Path log;
  private final Path stateDirectory;
  private final URI url;
  private final Inside host;
  private @Nullable NodeClient client;

  private LabNode(
      String name, Process process, Path log, Path stateDirectory, URI url, Inside host) {
    this.name = name;
    this.process = process;
    this.log = log;
    this.stateDirectory = stateDirectory;
    this.url = url;
    this.host = host;
  }

  /**
   * How a node is started.
   *
   * @param ownRun whether {@code /run/netns} is the node's own, so that the names of its namespaces
   *     meet no others of the machine; programs of the test go there too
   * @param environment added to the node's otherwise small one
   * @param arguments such as {@code --culvert.reconcile.resync-period=1s}
   * @param wrapper a command line that becomes the one behind it, such as {@code setpriv …}
   */
  public record Options(
      boolean ownRun,
      Map<String, String> environment,
      List<String> arguments,
      List<String> wrapper) {
    public static final Options DEFAULT = new Options(false, Map.of(), List.of());

    public Options(boolean ownRun, Map<String, String> environment, List<String> arguments) {
      this(ownRun, environment, arguments, List.of());
    }

    /** Started by something else that takes a thing away first. */
    static Options behind(String... wrapper) {
      return new Options(false, Map.of(), List.of(), List.of(wrapper));
    }
  }

  /**
   * Starts a node and does not wait for it; {@link #awaitReady} does.
   *
   * @param namespace of the host, under {@code /run/netns}
   * @param address that its REST API listens on, and the test reaches
   * @param stateDirectory made by the node; kept for a later one of the same identity
   * @param log written by the node, appended to
   */
  static LabNode start(
      String name,
      String namespace,
      String address,
      Path stateDirectory,
      Path log,
      Options options) {
    List<String> line =
        new ArrayList<>(
            List.of(
                "setpriv",
                "--pdeathsig",
                "KILL",
                "nsenter",
                "--net=/run/netns/" + namespace,
                "--"));
    if (options.ownRun()) {
      line.addAll(
          List.of(
              "unshare",
              "--mount",
              "--propagation",
              "private",
              "--",
              "sh",
              "-c",
              "mount -t tmpfs -o mode=755 run /run/netns && exec \"$@\"",
              "sh"));
    }
    line.addAll(options.wrapper());
    line.add(checkout().resolve("deploy/node").toString());
    line.add("--culvert.node-name=" + name);
    line.add("--culvert.state-directory=" + stateDirectory);
    line.add("--server.address=" + address);
    line.add("--server.port=" + API_PORT);
    line.add("--culvert.api.allow-plaintext=true");
    line.addAll(options.arguments());
    ProcessBuilder builder =
        new ProcessBuilder(line)
            .redirectErrorStream(true)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().clear();
    builder.environment().put("PATH", Objects.requireNonNull(System.getenv("PATH")));
    builder.environment().put("LANG", "C.UTF-8");
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().putAll(options.environment());
    try {
      Process process = builder.start();
      Inside host =
          options.ownRun()
              ? new Inside(
                  List.of("nsenter", "--target", "" + process.pid(), "--mount", "--net", "--"))
              : Inside.namespace(namespace);
      URI url = URI.create("http://" + address + ":" + API_PORT);
      return new LabNode(name, process, log, stateDirectory, url, host);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The folder that holds {@code deploy}: where the build runs, or the one above. */
  public static Path checkout() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.isExecutable(folder.resolve("deploy/node"))) {
      Path above = folder.getParent();
      if (above == null) {
        throw new AssertionError("no deploy/node here or above " + Path.of("").toAbsolutePath());
      }
      folder = above;
    }
    return folder;
  }

  /** Returns once the readiness probe says up; fails with the log if the node ends before. */
  public LabNode awaitReady() {
    await("readiness of node " + name)
        .atMost(START)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> {
          assertThat(process.isAlive()).as("node " + name + " ended:\n" + log()).isTrue();
          return isReady();
        });
    return this;
  }

  private boolean isReady() throws InterruptedException {
    try {
      HttpRequest probe =
          HttpRequest.newBuilder(url.resolve("/actuator/health/readiness"))
              .timeout(Duration.ofSeconds(5))
              .build();
      return HTTP.send(probe, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /** Where the node keeps what outlives it. */
  Path stateDirectory() {
    return stateDirectory;
  }

  public String name() {
    return name;
  }

  public URI url() {
    return url;
  }

  /** What the node made for itself in its state directory. */
  public String token() {
    try {
      return Files.readString(stateDirectory.resolve("api-token")).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The typed client, with the right token. */
  public NodeClient client() {
    if (client == null) {
      client = NodeClient.of(url, token());
    }
    return client;
  }

  /** The node's process: {@code deploy/node} became the JVM. */
  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** The network namespace that the node runs in. */
  public Inside host() {
    return host;
  }

  /** A namespace that the node made. */
  public Inside inside(String namespace) {
    return host.andNamespace(namespace);
  }

  /** What the kernel has where the node runs. */
  public KernelState kernel() {
    return new KernelState(host);
  }

  /** What the kernel has in a namespace that the node made. */
  public KernelState kernel(String namespace) {
    return new KernelState(inside(namespace));
  }

  /** One call as it stands, with the token. */
  public HttpResponse<String> http(String method, String path, String body, String... headers) {
    HttpRequest.Builder request = request(path).method(method, publisher(body));
    if (!body.isEmpty() && !List.of(headers).contains("Content-Type")) {
      request.header("Content-Type", "application/json");
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return HTTP.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(method + " " + path + "; the log:\n" + log(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted in " + method + " " + path, e);
    }
  }

  private static HttpRequest.BodyPublisher publisher(String body) {
    return body.isEmpty()
        ? HttpRequest.BodyPublishers.noBody()
        : HttpRequest.BodyPublishers.ofString(body);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url + path))
        .timeout(Duration.ofSeconds(30))
        .header("Authorization", "Bearer " + token());
  }

  /** Opens an event stream; it is watching when this returns. */
  public EventReader events(String path, String... headers) {
    HttpRequest.Builder request = request(path);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return EventReader.open(HTTP, request.build());
  }

  /** Everything that the node and its predecessors of the same name wrote. */
  public String log() {
    try {
      return Files.readString(log, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** SIGTERM, and the exit code. */
  public int terminate() {
    process.destroy();
    return awaitEnd();
  }

  /** SIGKILL; the node's devices and namespaces stay, as after a crash. */
  public void kill() {
    process.destroyForcibly();
    awaitEnd();
  }

  private int awaitEnd() {
    try {
      assertThat(process.waitFor(STOP.toMillis(), TimeUnit.MILLISECONDS))
          .as("node " + name + " ends within " + STOP + ":\n" + log())
          .isTrue();
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while node " + name + " stops", e);
    }
  }

  /**
   * Stops a node that still runs, and checks that it went as it should and complained of nothing.
   */
  @Override
  public void close() {
    if (!process.isAlive()) {
      return;
    }
    try {
      assertThat(terminate()).as(log()).isIn(0, 143);
      assertThat(log()).doesNotContain("\tat ", " ERROR ");
    } finally {
      process.destroyForcibly();
    }
  }
}
