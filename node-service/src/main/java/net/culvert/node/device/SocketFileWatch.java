package net.culvert.node.device;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import net.culvert.node.uapi.UapiSocketFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Notices that a socket's file was removed or replaced, on a thread of its own. */
final class SocketFileWatch implements AutoCloseable {

  /** A look without an event, for what no event tells. */
  private static final long LOOK_MILLIS = 1_000;

  private static final Logger LOG = LoggerFactory.getLogger(SocketFileWatch.class);

  private final UapiSocketFile file;
  private final WatchService watch;
  private final Runnable removed;

  private SocketFileWatch(UapiSocketFile file, WatchService watch, Runnable removed) {
    this.file = file;
    this.watch = watch;
    this.removed = removed;
  }

  /**
   * Begins.
   *
   * @param removed run once, when the file is gone
   */
  static SocketFileWatch start(UapiSocketFile file, Runnable removed) throws IOException {
    Path directory = Objects.requireNonNull(file.path().toAbsolutePath().getParent());
    WatchService service = directory.getFileSystem().newWatchService();
    try {
      directory.register(
          service, StandardWatchEventKinds.ENTRY_DELETE, StandardWatchEventKinds.ENTRY_CREATE);
    } catch (IOException e) {
      service.close();
      throw e;
    }
    SocketFileWatch watch = new SocketFileWatch(file, service, removed);
    Thread.ofPlatform().name("socket-file").daemon().start(watch::run);
    return watch;
  }

  private void run() {
    try {
      while (file.isThere()) {
        WatchKey key = watch.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        if (key != null) {
          key.pollEvents();
          key.reset();
        }
      }
      removed.run();
    } catch (ClosedWatchServiceException e) {
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      LOG.error("{} cannot be watched: {}", file, e.toString());
    }
  }

  @Override
  public void close() throws IOException {
    watch.close();
  }
}
