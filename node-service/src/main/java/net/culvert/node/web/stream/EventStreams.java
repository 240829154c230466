package net.culvert.node.web.stream;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import net.culvert.node.web.problem.TooManyException;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;
import tools.jackson.databind.json.JsonMapper;

/**
 * Opens event streams, at most so many at a time. The way of one:
 *
 * <ol>
 *   <li>A controller opens it; over the limit it is refused with 429.
 *   <li>The stream's own thread opens its source and writes what comes, as {@link EventStream}
 *       says.
 *   <li>It ends with its limits, its source, its reader, or the node. A reader that takes nothing
 *       for the connector's timeout is cut off.
 * </ol>
 *
 * Any thread.
 */
public final class EventStreams implements SmartLifecycle {

  private final JsonMapper mapper;
  private final int maxStreams;
  private final Semaphore free;
  private final Set<Thread> open = ConcurrentHashMap.newKeySet();
  private volatile boolean running;

  EventStreams(JsonMapper mapper, int maxStreams) {
    this.mapper = mapper;
    this.maxStreams = maxStreams;
    this.free = new Semaphore(maxStreams);
  }

  /**
   * An answer that streams until it ends.
   *
   * @param source opens the source; called on the stream's thread, where the source is closed too
   * @throws TooManyException if the limit is reached
   */
  public ResponseEntity<StreamingResponseBody> stream(
      Supplier<? extends EventSource> source, StreamLimits limits) {
    if (free.availablePermits() == 0) {
      throw new TooManyException(
          "There are " + maxStreams + " event streams open already, which is the limit.");
    }
    StreamingResponseBody body = output -> run(source, limits, output);
    return ResponseEntity.ok()
        .contentType(MediaType.TEXT_EVENT_STREAM)
        .cacheControl(CacheControl.noStore())
        .body(body);
  }

  private void run(
      Supplier<? extends EventSource> supplier, StreamLimits limits, OutputStream output) {
    // The place is taken here and not before: an answer whose body is never run keeps none. Who
    // finds it taken meanwhile gets a stream that is empty.
    if (!free.tryAcquire()) {
      return;
    }
    open.add(Thread.currentThread());
    try (EventSource source = supplier.get()) {
      if (running) {
        new EventStream(source, limits, output, mapper).run();
      }
    } catch (InterruptedException e) {
      // The node stops, and the thread ends with this answer.
    } catch (IOException e) {
      // The reader is gone.
    } finally {
      open.remove(Thread.currentThread());
      free.release();
    }
  }

  /** How many are open now. */
  int openStreams() {
    return open.size();
  }

  @Override
  public void start() {
    running = true;
  }

  /** Ends every stream, before the server waits for its requests. */
  @Override
  public void stop() {
    running = false;
    open.forEach(Thread::interrupt);
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
