package net.culvert.node.events;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import net.culvert.api.event.NodeEvent;
import net.culvert.node.web.stream.ServerEvent;

/** Reads a log in tests of those who tell it. */
public final class EventReading {

  private final EventCursor cursor;

  /** From now on. */
  public EventReading(EventLog log) {
    this.cursor = new EventCursor(log, Set.of(), null);
  }

  /** What was told since the last time. */
  public List<NodeEvent> rest() {
    List<NodeEvent> all = new ArrayList<>();
    try {
      for (ServerEvent event = cursor.poll(0); event != null; event = cursor.poll(0)) {
        all.add((NodeEvent) event.data());
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return all;
  }
}
