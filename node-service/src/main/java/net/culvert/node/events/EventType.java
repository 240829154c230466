package net.culvert.node.events;

import java.util.Locale;

/** What an event is about; readers choose by it. */
public enum EventType {
  /** A wish was written or deleted, or the kernel has followed it or cannot. */
  RESOURCE,
  /** The reconciler changed the kernel, or failed to. */
  STEP,
  /** Somebody else changed the kernel. */
  DRIFT,
  /** A peer is heard, is not heard any more, or is elsewhere. */
  PEER,
  /** Something quick was given up for something slow that works, or works again. */
  FALLBACK;

  /** As it stands in the stream. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
