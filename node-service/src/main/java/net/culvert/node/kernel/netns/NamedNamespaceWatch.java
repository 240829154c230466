package net.culvert.node.kernel.netns;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import net.culvert.api.value.ResourceName;
import org.jspecify.annotations.Nullable;

/**
 * Tells which names come and go in {@code /run/netns}. Netlink does not: a namespace whose name was
 * taken away lives on as long as somebody has it open. The JDK's watch service is inotify(7) here.
 *
 * <p>{@link #watch} and {@link #close} from any thread; the listener is called on a thread of this
 * watch.
 */
public final class NamedNamespaceWatch implements AutoCloseable {

  /** What is told. */
  public interface Listener {
    /** There is a namespace of that name, or no more, or another one. */
    void changed(ResourceName name);

    /** There was too much to tell; any name may have changed. */
    void lost();
  }

  private final Path directory;
  private final Listener listener;
  private final WatchService service;
  private @Nullable WatchKey key;

  public NamedNamespaceWatch(Listener listener) {
    this(Path.of(NamedNamespaces.DIRECTORY), listener);
  }

  /**
   * Opens the watch.
   *
   * @throws UncheckedIOException if the kernel gives no inotify instance, of which a user has 128
   */
  NamedNamespaceWatch(Path directory, Listener listener) {
    this.directory = directory;
    this.listener = listener;
    try {
      this.service = FileSystems.getDefault().newWatchService();
    } catch (IOException e) {
      throw new UncheckedIOException("inotify_init " + directory, e);
    }
    Thread.ofPlatform().name("netns-names").daemon(true).start(this::listen);
  }

  /**
   * Begins to watch, if it does not already. The directory comes with the first named namespace:
   * without it nothing happens, and the next call tries again.
   *
   * @throws UncheckedIOException if the directory cannot be watched
   */
  public synchronized void watch() {
    if (key != null && key.isValid()) {
      return;
    }
    try {
      key =
          directory.register(
              service, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_DELETE);
    } catch (NoSuchFileException | ClosedWatchServiceException e) {
      key = null;
    } catch (IOException e) {
      throw new UncheckedIOException("inotify_add_watch " + directory, e);
    }
  }

  private void listen() {
    try {
      while (true) {
        WatchKey ready = service.take();
        for (WatchEvent<?> event : ready.pollEvents()) {
          tell(event);
        }
        ready.reset();
      }
    } catch (ClosedWatchServiceException | InterruptedException e) {
      // Closed: nothing more is told.
    }
  }

  private void tell(WatchEvent<?> event) {
    if (event.kind().equals(StandardWatchEventKinds.OVERFLOW)) {
      listener.lost();
      return;
    }
    ResourceName name;
    try {
      name = ResourceName.parse(String.valueOf(event.context()));
    } catch (IllegalArgumentException e) {
      return; // No namespace of ours can have that name.
    }
    listener.changed(name);
  }

  @Override
  public void close() {
    try {
      service.close();
    } catch (IOException e) {
      throw new UncheckedIOException("close of the watch of " + directory, e);
    }
  }
}
