package net.culvert.edge;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that send a byte now and then, many at a time, beside one that wants an answer. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SlowClientsTest {

  private static final int CLIENTS = 300;
  private static final int ANSWERS = 20;

  private static EdgeServer server;

  private final List<Socket> slow = new ArrayList<>();
  private final ScheduledExecutorService drip = Executors.newSingleThreadScheduledExecutor();

  @BeforeAll
  static void start() throws IOException {
    server = EdgeServer.get();
  }

  @AfterEach
  void close() throws IOException {
    drip.shutdownNow();
    for (Socket socket : slow) {
      socket.close();
    }
  }

  /** Connections that send just these lines. */
  private void connect(String... lines) throws IOException {
    String head = String.join("\r\n", lines) + "\r\n";
    for (int i = 0; i < CLIENTS; i++) {
      Socket socket = new Socket();
      slow.add(socket);
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()), 5000);
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    }
  }

  /** A few bytes to each, several times a second. */
  private void drip(String bytes) {
    byte[] some = bytes.getBytes(StandardCharsets.US_ASCII);
    var _ =
        drip.scheduleWithFixedDelay(
            () -> {
              for (Socket socket : slow) {
                try {
                  socket.getOutputStream().write(some);
                } catch (IOException e) {
                  // Cut off, as it should be.
                }
              }
            },
            0,
            300,
            TimeUnit.MILLISECONDS);
  }

  /** The API as somebody else sees it, from another address. */
  private static void assertUsable() throws Exception {
    try (HttpClient client =
        HttpClient.newBuilder()
            .localAddress(InetAddress.ofLiteral("127.0.0.2"))
            .connectTimeout(Duration.ofSeconds(5))
            .build()) {
      for (int i = 0; i < ANSWERS; i++) {
        for (String path : new String[] {"/api/v1/namespaces", "/actuator/health/liveness"}) {
          var request = server.request(path).timeout(Duration.ofSeconds(5)).build();
          assertThat(client.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(200);
        }
      }
    }
  }

  private static String end(Socket socket) throws IOException {
    socket.setSoTimeout(100);
    StringBuilder text = new StringBuilder();
    try {
      InputStream stream = socket.getInputStream();
      for (int value = stream.read(); value >= 0; value = stream.read()) {
        text.append((char) value);
      }
      return text + "<end>";
    } catch (SocketTimeoutException e) {
      return text.toString();
    } catch (IOException e) {
      return text + "<end>";
    }
  }

  @Test
  void headsThatNeverEnd() throws Exception {
    connect("GET /api/v1/namespaces HTTP/1.1", "Host: localhost");
    drip("X: y\r\n");
    assertUsable();
    await()
        .atMost(30, SECONDS)
        .untilAsserted(() -> assertThat(end(slow.getLast())).endsWith("<end>"));
    assertUsable();
  }

  @Test
  void bodiesThatNeverEndFromStrangers() throws Exception {
    connect(
        "PUT /api/v1/namespaces/x HTTP/1.1",
        "Host: localhost",
        "Content-Type: application/json",
        "Content-Length: 100000",
        "");
    drip(" ");
    assertUsable();
  }

  @Test
  void bodiesThatNeverEndFromWhoHasAToken() throws Exception {
    connect(
        "PUT /api/v1/namespaces/x HTTP/1.1",
        "Host: localhost",
        "Content-Type: application/json",
        "Content-Length: 100000",
        "Authorization: Bearer " + EdgeServer.TOKEN,
        "");
    drip(" ");
    assertUsable();
    // Those that were let in are told that they were too slow, the others that they are too many.
    await()
        .atMost(30, SECONDS)
        .untilAsserted(() -> assertThat(end(slow.getFirst())).contains("HTTP/1.1 408 "));
    assertThat(end(slow.getLast())).contains("HTTP/1.1 429 ").contains("Retry-After: 1");
  }
}
