package net.culvert.node.web.stream;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * One open stream, in the text format of the HTML standard's server-sent events.
 *
 * <p>A write waits for the reader, never the source: that one loses events meanwhile, and the next
 * thing written is an event {@code lost} with their number. Without events a comment goes out every
 * few seconds, which finds readers that are gone. What has come is flushed when nothing more is
 * waiting, so that a burst makes few packets. One thread.
 */
final class EventStream {

  private static final long HEARTBEAT_NANOS = Duration.ofSeconds(5).toNanos();
  private static final long POLL_NANOS = Duration.ofMillis(250).toNanos();

  private final EventSource source;
  private final OutputStream output;
  private final JsonMapper mapper;
  private final long maxEvents;
  private final long maxNanos;
  private long reportedLost;
  private boolean unflushed;

  EventStream(EventSource source, StreamLimits limits, OutputStream output, JsonMapper mapper) {
    this.source = source;
    this.output = output;
    this.mapper = mapper;
    this.maxEvents = limits.events() == null ? Long.MAX_VALUE : limits.events();
    this.maxNanos = limits.duration() == null ? Long.MAX_VALUE : limits.duration().toNanos();
  }

  /** Writes until a limit, the source's end, or the reader's. */
  void run() throws IOException, InterruptedException {
    long start = System.nanoTime();
    long lastWrite = start;
    long count = 0;
    // So that the reader knows at once that it is watching.
    comment();
    while (count < maxEvents) {
      long now = System.nanoTime();
      if (now - start >= maxNanos) {
        end("the time is over");
        return;
      }
      long wait = unflushed ? 0 : Math.min(POLL_NANOS, maxNanos - (now - start));
      ServerEvent event = source.poll(wait);
      reportLost();
      if (event != null) {
        write(event);
        lastWrite = now;
        count++;
      } else if (unflushed) {
        flush();
      } else if (source.ended()) {
        end("what was watched is gone");
        return;
      } else if (now - lastWrite >= HEARTBEAT_NANOS) {
        comment();
        lastWrite = now;
      }
    }
    end("the limit is reached");
  }

  private void reportLost() throws IOException {
    long lost = source.lost();
    if (lost > reportedLost) {
      write(new ServerEvent("lost", null, Map.of("events", lost - reportedLost, "total", lost)));
      reportedLost = lost;
    }
  }

  private void end(String reason) throws IOException {
    write(new ServerEvent("end", null, Map.of("reason", reason, "lost", source.lost())));
    flush();
  }

  private void write(ServerEvent event) throws IOException {
    StringBuilder text = new StringBuilder().append("event: ").append(event.name()).append('\n');
    @Nullable String id = event.id();
    if (id != null) {
      text.append("id: ").append(id).append('\n');
    }
    // JSON escapes line ends, so the data is one line.
    text.append("data: ").append(mapper.writeValueAsString(event.data())).append("\n\n");
    output.write(text.toString().getBytes(StandardCharsets.UTF_8));
    unflushed = true;
  }

  private void comment() throws IOException {
    output.write(":\n\n".getBytes(StandardCharsets.UTF_8));
    flush();
  }

  private void flush() throws IOException {
    output.flush();
    unflushed = false;
  }
}
