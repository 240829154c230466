package net.culvert.node.web.stream;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import net.culvert.node.web.caller.Caller;
import net.culvert.node.web.problem.TooManyException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;
import tools.jackson.databind.json.JsonMapper;

/**
 * Opens event streams, at most so many at a time. The way of one:
 *
 * <ol>
 *   <li>A controller opens it; over the limit it is refused with 429.
 *   <li>A thread of its own takes events from the source and writes them, as {@link EventStream}
 *       says. Threads that serve requests are never held.
 *   <li>It ends with its limits, its source, its reader, the token that it was opened with, or the
 *       node, and closes the source. A reader that takes nothing for the connector's timeout is cut
 *       off.
 * </ol>
 *
 * Any thread.
 */
public final class EventStreams implements SmartLifecycle {

  private static final Logger LOG = LoggerFactory.getLogger(EventStreams.class);

  private static final long NO_TIMEOUT = -1;

  private final JsonMapper mapper;
  private final int maxStreams;
  private final Semaphore free;
  private final AtomicLong opened = new AtomicLong();
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
  private volatile boolean running;

  EventStreams(JsonMapper mapper, int maxStreams) {
    this.mapper = mapper;
    this.maxStreams = maxStreams;
    this.free = new Semaphore(maxStreams);
  }

  /**
   * An answer that streams until it ends. The source is this stream's from here on, and is closed
   * even if the stream is refused.
   *
   * @throws TooManyException if the limit is reached
   */
  public ResponseEntity<ResponseBodyEmitter> stream(EventSource source, StreamLimits limits) {
    if (!free.tryAcquire()) {
      source.close();
      throw new TooManyException(
          "There are " + maxStreams + " event streams open already, which is the limit.");
    }
    ResponseBodyEmitter emitter = new ResponseBodyEmitter(NO_TIMEOUT);
    Caller caller = Caller.ofCurrentRequest();
    EventStream stream =
        new EventStream(
            source, limits, caller == null ? () -> null : caller.ended(), emitter, mapper);
    Thread thread =
        Thread.ofPlatform()
            .daemon()
            .name("stream-" + opened.incrementAndGet())
            .unstarted(() -> run(stream, source, emitter));
    threads.add(thread);
    thread.start();
    return ResponseEntity.ok()
        .contentType(MediaType.TEXT_EVENT_STREAM)
        .cacheControl(CacheControl.noStore())
        .body(emitter);
  }

  private void run(EventStream stream, EventSource source, ResponseBodyEmitter emitter) {
    try (source) {
      if (running) {
        stream.run();
      }
      emitter.complete();
    } catch (InterruptedException e) {
      // The node stops; the thread ends with this answer.
      emitter.complete();
    } catch (IOException | IllegalStateException e) {
      // The reader is gone, and the container knows.
    } catch (RuntimeException e) {
      LOG.error("an event stream ends early: what it watches failed", e);
      emitter.complete();
    } finally {
      threads.remove(Thread.currentThread());
      free.release();
    }
  }

  @Override
  public void start() {
    running = true;
  }

  /** Ends every stream, before the server waits for its requests. */
  @Override
  public void stop() {
    running = false;
    threads.forEach(Thread::interrupt);
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** The first to stop: the server's graceful shutdown has a lower phase. */
  @Override
  public int getPhase() {
    return Integer.MAX_VALUE;
  }
}
