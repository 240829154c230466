package net.culvert.node.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads server-sent events as they come, on a thread of its own. */
public final class EventReader implements AutoCloseable {

  private static final JsonMapper JSON = new JsonMapper();

  /**
   * One event.
   *
   * @param id where to resume after it; empty where the stream cannot be resumed
   */
  public record Event(String name, String id, JsonNode data) {
    /** A member of the data as text; empty where there is none. */
    public String text(String member) {
      return data.path(member).asString("");
    }
  }

  private final InputStream stream;
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final Thread thread;
  private volatile String position = "";

  private EventReader(InputStream stream, BufferedReader reader) {
    this.stream = stream;
    this.thread = Thread.ofPlatform().name("events").daemon().start(() -> read(reader));
  }

  static EventReader open(HttpClient http, HttpRequest request) {
    try {
      HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
      if (response.statusCode() != 200) {
        try (InputStream body = response.body()) {
          throw new AssertionError(
              response.statusCode()
                  + " "
                  + new String(body.readNBytes(10_000), StandardCharsets.UTF_8));
        }
      }
      assertThat(response.headers().firstValue("Content-Type").orElse(""))
          .startsWith("text/event-stream");
      BufferedReader reader =
          new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
      // A comment says that the stream has begun.
      assertThat(reader.readLine()).startsWith(":");
      return new EventReader(response.body(), reader);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  private void read(BufferedReader reader) {
    String name = "message";
    String id = "";
    try {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (line.startsWith("event:")) {
          name = line.substring(6).strip();
        } else if (line.startsWith("id:")) {
          id = line.substring(3).strip();
          position = id;
        } else if (line.startsWith("data:")) {
          events.add(new Event(name, id, JSON.readTree(line.substring(5))));
        }
      }
    } catch (IOException e) {
      // Closed by the test or by the node's end.
    }
  }

  /** The id that the stream told last, with an event or without. */
  public String position() {
    return position;
  }

  /** The next event, or null if none comes within the time. */
  public @Nullable Event next(Duration wait) {
    try {
      return events.poll(wait.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** The next event that fits; those before it are dropped. Fails if none comes in 10 s. */
  public Event await(Predicate<Event> wanted) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    List<Event> others = new ArrayList<>();
    while (true) {
      Event event = next(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
      if (event == null) {
        throw new AssertionError("no such event within 10 s, but " + others);
      }
      if (wanted.test(event)) {
        return event;
      }
      others.add(event);
    }
  }

  /** Everything up to the event that ends the stream, which is the last. */
  public List<Event> untilEnd() {
    List<Event> all = new ArrayList<>();
    do {
      Event event = next(Duration.ofSeconds(30));
      if (event == null) {
        throw new AssertionError("the stream did not end within 30 s of " + all);
      }
      all.add(event);
    } while (!all.getLast().name().equals("end"));
    return all;
  }

  @Override
  public void close() throws IOException, InterruptedException {
    stream.close();
    thread.join(TimeUnit.SECONDS.toMillis(5));
  }
}
