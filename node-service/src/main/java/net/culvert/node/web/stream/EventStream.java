package net.culvert.node.web.stream;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;
import tools.jackson.databind.json.JsonMapper;

/**
 * One open stream, in the text format of the HTML standard's server-sent events.
 *
 * <p>A write waits for the reader, never the source: that one loses events meanwhile, and the next
 * thing written is an event {@code lost} with their number. Without events a comment goes out every
 * few seconds, which finds readers that are gone. What has come is flushed when nothing more is
 * waiting, or at {@value #CHUNK_CHARACTERS} characters, so that a burst makes few writes. One
 * thread.
 */
final class EventStream {

  private static final long HEARTBEAT_NANOS = Duration.ofSeconds(5).toNanos();
  private static final long POLL_NANOS = Duration.ofMillis(250).toNanos();

  /** What is gathered before it is sent although more is waiting. */
  private static final int CHUNK_CHARACTERS = 8192;

  private static final MediaType TEXT =
      new MediaType(MediaType.TEXT_EVENT_STREAM, StandardCharsets.UTF_8);

  private final EventSource source;
  private final Supplier<@Nullable String> callerEnded;
  private final ResponseBodyEmitter emitter;
  private final JsonMapper mapper;
  private final long maxEvents;
  private final long maxNanos;
  private final StringBuilder chunk = new StringBuilder();
  private long reportedLost;
  private volatile boolean readerGone;

  /** Events that the reader was too slow for: since the last such event, and in all. */
  private record Lost(long events, long total) {}

  /** Why nothing more comes. */
  private record End(String reason, long lost) {}

  /**
   * Ends early where {@code callerEnded} gives a reason, which is looked at a few times a second.
   */
  EventStream(
      EventSource source,
      StreamLimits limits,
      Supplier<@Nullable String> callerEnded,
      ResponseBodyEmitter emitter,
      JsonMapper mapper) {
    this.source = source;
    this.callerEnded = callerEnded;
    this.emitter = emitter;
    this.mapper = mapper;
    this.maxEvents = limits.events() == null ? Long.MAX_VALUE : limits.events();
    this.maxNanos = limits.duration() == null ? Long.MAX_VALUE : limits.duration().toNanos();
    emitter.onError(failure -> readerGone = true);
    emitter.onCompletion(() -> readerGone = true);
  }

  /** Writes until a limit, the source's end, or the reader's. */
  void run() throws IOException, InterruptedException {
    long start = System.nanoTime();
    long lastWrite = start;
    long count = 0;
    // So that the reader knows at once that it is watching.
    comment();
    while (count < maxEvents && !readerGone) {
      long now = System.nanoTime();
      if (now - start >= maxNanos) {
        end("the time is over");
        return;
      }
      String refused = callerEnded.get();
      if (refused != null) {
        end(refused);
        return;
      }
      long wait = !chunk.isEmpty() ? 0 : Math.min(POLL_NANOS, maxNanos - (now - start));
      ServerEvent event = source.poll(wait);
      reportLost();
      if (event != null) {
        write(event);
        lastWrite = now;
        count++;
      } else if (!chunk.isEmpty()) {
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
      write(new ServerEvent("lost", null, new Lost(lost - reportedLost, lost)));
      reportedLost = lost;
    }
  }

  private void end(String reason) throws IOException {
    write(new ServerEvent("end", null, new End(reason, source.lost())));
    flush();
  }

  private void write(ServerEvent event) throws IOException {
    chunk.append("event: ").append(event.name()).append('\n');
    @Nullable String id = event.id();
    if (id != null) {
      chunk.append("id: ").append(id).append('\n');
    }
    // JSON escapes line ends, so the data is one line.
    chunk.append("data: ").append(mapper.writeValueAsString(event.data())).append("\n\n");
    if (chunk.length() >= CHUNK_CHARACTERS) {
      flush();
    }
  }

  private void comment() throws IOException {
    chunk.append(":\n");
    String position = source.position();
    if (position != null) {
      // An id without data is no event, and is remembered by the reader all the same.
      chunk.append("id: ").append(position).append('\n');
    }
    chunk.append('\n');
    flush();
  }

  private void flush() throws IOException {
    String text = chunk.toString();
    chunk.setLength(0);
    emitter.send(text, TEXT);
  }
}
