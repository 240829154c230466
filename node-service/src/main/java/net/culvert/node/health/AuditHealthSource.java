package net.culvert.node.health;

import org.jspecify.annotations.Nullable;

/** Implemented by the audit log. Any thread; quick, from memory. */
@FunctionalInterface
public interface AuditHealthSource {

  /** Why the last line was not written, and how many are lost, as a sentence; null where it was. */
  @Nullable String trouble();
}
