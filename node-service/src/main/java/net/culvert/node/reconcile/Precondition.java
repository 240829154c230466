package net.culvert.node.reconcile;

import java.util.OptionalLong;

/** What a caller expects of a resource before it is written. */
@FunctionalInterface
public interface Precondition {

  Precondition NONE = revision -> true;

  /**
   * Whether the write may go on, given the current revision; empty where there is no such resource.
   */
  boolean holds(OptionalLong revision);
}
