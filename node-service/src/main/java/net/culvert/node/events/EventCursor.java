package net.culvert.node.events;

import java.util.Set;
import net.culvert.api.event.NodeEvent;
import net.culvert.node.web.stream.EventSource;
import net.culvert.node.web.stream.ServerEvent;
import org.jspecify.annotations.Nullable;

/**
 * One reader's place in the log. Where events between the last that the reader had and the next are
 * lost, it is told by an event {@code reset}: what it knows of the node is to be read anew. One
 * that is overtaken while it reads is told so and ends, and may come back. One thread.
 */
final class EventCursor implements EventSource {

  /** Why events are missing. */
  private record Reset(String reason) {}

  private final EventLog log;
  private final Set<String> types;
  private long position;
  private @Nullable String reset;
  private boolean overtaken;

  /**
   * @param types labels that are wanted; none for all
   * @param lastId what the reader saw last, or null for one that begins now
   */
  EventCursor(EventLog log, Set<String> types, @Nullable String lastId) {
    this.log = log;
    this.types = Set.copyOf(types);
    long last = lastId == null ? log.last() : log.sequence(lastId);
    if (last < 0) {
      reset = "that id is of another start of the node, or none of its";
    } else if (!log.keepsAllAfter(last)) {
      reset = "the events after that id are not kept any more";
    }
    position = reset == null ? last : log.last();
  }

  @Override
  public @Nullable ServerEvent poll(long timeoutNanos) throws InterruptedException {
    if (reset != null) {
      Reset told = new Reset(reset);
      reset = null;
      return new ServerEvent("reset", position(), told);
    }
    long deadline = System.nanoTime() + timeoutNanos;
    while (!overtaken) {
      EventLog.Entry entry = log.next(position, Math.max(0, deadline - System.nanoTime()));
      if (entry == null) {
        return null;
      }
      NodeEvent event = entry.event();
      if (event == null) {
        overtaken = true;
        position = log.last();
        return new ServerEvent(
            "reset", position(), new Reset("the reader was too slow, and events were lost"));
      }
      position = entry.sequence();
      if (types.isEmpty() || types.contains(event.type())) {
        return new ServerEvent(event.type(), position(), event);
      }
    }
    return null;
  }

  /** Also past events that were not wanted, so that a quiet reader can resume too. */
  @Override
  public String position() {
    return log.id(position);
  }

  /** A loss is told by {@code reset}. */
  @Override
  public long lost() {
    return 0;
  }

  @Override
  public boolean ended() {
    return overtaken;
  }

  @Override
  public void close() {
    // The log does not know its readers.
  }
}
