package net.culvert.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.culvert.edge.EdgeServer.Answer;
import net.culvert.node.events.EventLog;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The node's events over a real port. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EventsTest {

  private static EdgeServer server;
  private static EventLog log;

  @BeforeAll
  static void start() throws IOException {
    server = EdgeServer.get();
    log = server.events();
  }

  /** A reader that takes a line when it is asked to. */
  private static final class Reader implements AutoCloseable {

    private final Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
    private final BufferedReader lines;

    Reader(String query, String... headers) throws IOException {
      socket.setSoTimeout(20_000);
      StringBuilder request =
          new StringBuilder("GET /api/v1/events" + query + " HTTP/1.1\r\nHost: localhost\r\n");
      for (String header : headers) {
        request.append(header).append("\r\n");
      }
      request.append("Authorization: Bearer ").append(EdgeServer.TOKEN);
      request.append("\r\nConnection: close\r\n\r\n");
      socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.US_ASCII));
      lines =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    /** The rest of the next line that begins so. */
    String after(String beginning) throws IOException {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(beginning)) {
          return line.substring(beginning.length()).strip();
        }
      }
      throw new AssertionError("no line that begins with " + beginning);
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  @Test
  void tellsEventsWithIdsAndResumesAfterThem() throws Exception {
    String second;
    try (Reader reader = new Reader("?limit=2")) {
      assertThat(reader.after("Content-Type:")).startsWith("text/event-stream");
      // The first comment carries the place to come back to.
      assertThat(reader.after("id:")).isNotEmpty();
      log.resource("created", "namespaces/net1", 7L, null);
      log.drift("seen", "namespaces/net1", "link veth0", "link veth0 is gone");
      assertThat(reader.after("event:")).isEqualTo("resource");
      assertThat(reader.after("data:"))
          .contains("\"action\":\"created\"", "\"resource\":\"namespaces/net1\"", "\"revision\":7")
          .doesNotContain("null");
      assertThat(reader.after("event:")).isEqualTo("drift");
      second = reader.after("id:");
      assertThat(reader.after("data:")).contains("\"message\":\"link veth0 is gone\"");
      assertThat(reader.after("event:")).isEqualTo("end");
    }
    log.step("created", "namespaces/net1", "link veth0", null);
    try (Reader reader = new Reader("?limit=1", "Last-Event-ID: " + second)) {
      assertThat(reader.after("event:")).isEqualTo("step");
      assertThat(reader.after("data:")).contains("\"object\":\"link veth0\"");
    }
  }

  @Test
  void anIdOfAnotherStartIsToldToBeginAnew() throws Exception {
    try (Reader reader = new Reader("?limit=1", "Last-Event-ID: other-7")) {
      assertThat(reader.after("event:")).isEqualTo("reset");
      assertThat(reader.after("id:")).isNotEqualTo("other-7");
      assertThat(reader.after("data:")).contains("another start");
    }
  }

  @Test
  void tellsTheTypesThatAreAskedFor() throws Exception {
    try (Reader reader = new Reader("?types=peer,fallback&limit=2")) {
      reader.after("id:");
      log.step("created", null, "route r", null);
      log.peer("up", "peers/tun0/b", "192.0.2.2:7000");
      log.resource("created", "routes/r", 1L, null);
      log.fallback("given-up", "tunnels/tun0", "send-trains", "EIO");
      assertThat(reader.after("event:")).isEqualTo("peer");
      assertThat(reader.after("event:")).isEqualTo("fallback");
      assertThat(reader.after("event:")).isEqualTo("end");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"?types=", "?types=peers", "?types=peer,", "?limit=0", "?seconds=86401"})
  void whatCannotBeAskedForIsRefused(String query) throws Exception {
    Answer answer = server.send(server.request("/api/v1/events" + query));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body().path("errors").path(0).path("field").asString(""))
        .isEqualTo(query.substring(1, query.indexOf('=')));
  }

  @Test
  void thereIsALimitOfStreams() throws Exception {
    List<Reader> readers = new ArrayList<>();
    try {
      for (int i = 0; i < EdgeServer.MAX_STREAMS; i++) {
        Reader reader = new Reader("?seconds=20");
        readers.add(reader);
        reader.after("id:");
      }
      assertThat(ask()).startsWith("HTTP/1.1 429 ");
    } finally {
      for (Reader reader : readers) {
        reader.close();
      }
    }
    // A stream finds out by its next write that its reader is gone.
    await()
        .until(() -> {
          log.step("created", null, "route r", null);
          return ask().startsWith("HTTP/1.1 200 ");
        });
  }

  private static String ask() throws IOException {
    return server.raw(
        "GET /api/v1/events?seconds=1 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
            + EdgeServer.TOKEN
            + "\r\nConnection: close\r\n\r\n");
  }

  /** Whoever tells an event does not wait, whatever a reader does. */
  @Test
  void aReaderThatStandsStillHoldsNobodyUpAndIsCutOff() throws Exception {
    try (Reader reader = new Reader("")) {
      reader.after("id:");
      String large = "x".repeat(4_000);
      for (int i = 0; i < 20_000; i++) {
        log.step("failed", null, "route r", large);
      }
      assertThat(reader.after("event: reset")).isEmpty();
      assertThat(reader.after("data:")).contains("too slow");
      assertThat(reader.after("event:")).isEqualTo("end");
    }
  }
}
