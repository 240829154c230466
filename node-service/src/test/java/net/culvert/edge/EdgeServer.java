package net.culvert.edge;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import net.culvert.node.events.EventLog;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@link EdgeApplication} on a port of its own, started once for all tests of this JVM. */
final class EdgeServer {

  static final String TOKEN = "the-token-of-the-edge-tests";
  static final int MAX_STREAMS = 3;
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final JsonMapper JSON = JsonMapper.shared();

  private static @Nullable EdgeServer server;

  private final Path state;
  private final ConfigurableApplicationContext context;
  private final HttpClient client = HttpClient.newHttpClient();

  private EdgeServer(Path state) {
    this.state = state;
    this.context =
        new SpringApplicationBuilder(EdgeApplication.class)
            .run(
                "--server.port=0",
                "--server.tomcat.connection-timeout=2s",
                "--culvert.api.max-streams=" + MAX_STREAMS,
                "--culvert.api.max-failures=100000",
                "--culvert.api.cors.allowed-origins=https://console.example.org",
                "--culvert.api.allowed-hosts=edge.example.org",
                "--culvert.state-directory=" + state,
                "--culvert.api.token=" + TOKEN);
  }

  static synchronized EdgeServer get() throws IOException {
    if (server == null) {
      EdgeServer started = new EdgeServer(Files.createTempDirectory("culvert-t-"));
      server = started;
      return started;
    }
    return server;
  }

  /** What the stream of events tells. */
  EventLog events() {
    return context.getBean(EventLog.class);
  }

  int port() {
    return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
  }

  /** An answer with its body as JSON; a missing node where it has none. */
  record Answer(int status, HttpResponse<String> response, JsonNode body) {

    @Nullable String header(String name) {
      return response.headers().firstValue(name).orElse(null);
    }
  }

  HttpRequest.Builder request(String path) {
    return request(path, TOKEN);
  }

  HttpRequest.Builder request(String path, String token) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
        .timeout(TIMEOUT)
        .header("Authorization", "Bearer " + token);
  }

  /** Where the node keeps its files. */
  Path state() {
    return state;
  }

  Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
    String body = response.body();
    boolean json =
        response
            .headers()
            .firstValue("Content-Type")
            .orElse("")
            .matches("application/(.*\\+)?json.*");
    return new Answer(
        response.statusCode(),
        response,
        json && !body.isEmpty() ? JSON.readTree(body) : JSON.missingNode());
  }

  /** Whatever comes back for just these bytes, until the server closes. */
  String raw(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
      socket.setSoTimeout((int) TIMEOUT.toMillis());
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
