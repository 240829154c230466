package net.culvert.edge;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.culvert.node.web.stream.ServerEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Streams over a real port, because what a slow reader does is the socket's affair. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EventStreamsTest {

  private static EdgeServer server;

  private final List<Reader> readers = new ArrayList<>();

  @BeforeAll
  static void start() throws IOException {
    server = EdgeServer.get();
  }

  @AfterEach
  void closeAll() throws IOException {
    for (Reader reader : readers) {
      reader.close();
    }
    // A stream finds out by its next write that its reader is gone.
    EdgeApplication.Streams.sources().forEach(BoundedSource::end);
    await().atMost(20, SECONDS).until(() -> EdgeApplication.Streams.sources().isEmpty());
  }

  /** A client that reads when it is told to, with a small window. */
  private static final class Reader implements AutoCloseable {

    private final Socket socket = new Socket();
    private final BufferedReader lines;

    Reader(String query) throws IOException {
      socket.setReceiveBufferSize(4096);
      socket.setSoTimeout((int) Duration.ofSeconds(20).toMillis());
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
      String request =
          "GET /api/v1/tunnels/tun0/packets"
              + query
              + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
              + EdgeServer.TOKEN
              + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      lines =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Up to and with the first line that holds the text. */
    List<String> until(String text) throws IOException {
      List<String> read = new ArrayList<>();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        read.add(line);
        if (line.contains(text)) {
          return read;
        }
      }
      throw new AssertionError("no '" + text + "' in " + read);
    }

    List<String> rest() throws IOException {
      return lines.readAllLines();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private Reader open(String query) throws IOException {
    Reader reader = new Reader(query);
    readers.add(reader);
    return reader;
  }

  private static BoundedSource opened(int count) {
    await().atMost(20, SECONDS).until(() -> EdgeApplication.Streams.sources().size() == count);
    return EdgeApplication.Streams.sources().getLast();
  }

  private static ServerEvent packet(long number) {
    return new ServerEvent("packet", String.valueOf(number), Map.of("number", number));
  }

  @Test
  void eventsArriveAsTheyCome() throws Exception {
    Reader reader = open("?limit=2");
    List<String> head = reader.until(":");
    assertThat(head.getFirst()).isEqualTo("HTTP/1.1 200 ");
    BoundedSource source = opened(1);
    source.offer(packet(1));
    assertThat(reader.until("data:"))
        .containsSubsequence("event: packet", "id: 1", "data: {\"number\":1}");
    source.offer(packet(2));
    assertThat(reader.rest())
        .containsSubsequence(
            "event: packet",
            "id: 2",
            "data: {\"number\":2}",
            "event: end",
            "data: {\"reason\":\"the limit is reached\",\"lost\":0}");
    await().atMost(20, SECONDS).until(source::isClosed);
  }

  @Test
  void theHeadIsThereBeforeAnyEvent() throws Exception {
    assertThat(open("").until("Content-Type: text/event-stream")).contains("HTTP/1.1 200 ");
  }

  @Test
  void endsWithItsTimeAndWithItsSource() throws Exception {
    assertThat(open("?seconds=1").rest())
        .contains("event: end", "data: {\"reason\":\"the time is over\",\"lost\":0}");
    Reader reader = open("");
    opened(1).end();
    assertThat(reader.rest())
        .contains("data: {\"reason\":\"what was watched is gone\",\"lost\":0}");
  }

  @Test
  void aSlowReaderLosesEventsAndIsToldHowMany() throws Exception {
    Reader reader = open("");
    BoundedSource source = opened(1);
    String filler = "x".repeat(4096);
    long start = System.nanoTime();
    long offered = 0;
    // Nobody reads: the socket's buffers fill, and then the source's.
    while (source.lost() < 1000) {
      source.offer(new ServerEvent("packet", null, Map.of("filler", filler)));
      offered++;
      if (System.nanoTime() - start > SECONDS.toNanos(20)) {
        throw new AssertionError("nothing was lost in " + offered + " events");
      }
    }
    reader.until("event: lost");
    assertThat(reader.until("data:").getLast()).matches("data: \\{.*\"total\":[0-9]+.*}");
    reader.until("event: packet");
    reader.close();
    await().atMost(20, SECONDS).until(source::isClosed);
  }

  @Test
  void aReaderThatTakesNothingIsCutOff() throws Exception {
    open("");
    BoundedSource source = opened(1);
    String filler = "x".repeat(4096);
    await()
        .atMost(30, SECONDS)
        .pollInterval(Duration.ofMillis(1))
        .until(() -> {
          for (int i = 0; i < 1000; i++) {
            source.offer(new ServerEvent("packet", null, Map.of("filler", filler)));
          }
          return source.isClosed();
        });
  }

  @Test
  void aSourceThatFailsEndsItsStream() throws Exception {
    Reader reader = open("");
    BoundedSource source = opened(1);
    source.offer(packet(1));
    reader.until("data:");
    source.breakDown();
    // The whole answer ends as HTTP wants it, without an end of ours.
    assertThat(reader.rest()).doesNotContain("event: end");
    await().atMost(20, SECONDS).until(source::isClosed);
  }

  @Test
  void aReaderThatVanishesIsNoticed() throws Exception {
    Reader reader = open("");
    BoundedSource source = opened(1);
    reader.close();
    // The first write may still succeed; the one after the reset does not.
    await()
        .atMost(20, SECONDS)
        .until(() -> {
          source.offer(packet(1));
          return source.isClosed();
        });
  }

  @Test
  void thereIsALimit() throws Exception {
    for (int i = 1; i <= EdgeServer.MAX_STREAMS; i++) {
      open("");
      opened(i);
    }
    assertThat(open("").rest())
        .contains("HTTP/1.1 429 ", "Content-Type: application/problem+json")
        .anyMatch(line -> line.contains("urn:culvert:problem:too-many"));
    // Other requests have threads of their own.
    assertThat(server.send(server.request("/api/v1/namespaces")).status()).isEqualTo(200);
  }
}
