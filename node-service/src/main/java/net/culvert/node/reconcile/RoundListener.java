package net.culvert.node.reconcile;

import org.jspecify.annotations.Nullable;

/** Told what the reconciler finds and does, on its thread: it must only take note. */
public interface RoundListener {

  RoundListener NONE = new RoundListener() {};

  /**
   * The kernel was changed, or refused to be.
   *
   * @param resource whose object it is; null for a leftover that nothing wishes
   */
  default void stepped(
      Step step, @Nullable ResourceId resource, @Nullable OperationException failure) {}

  /**
   * Somebody else changed an object that was as wished, or left one with our mark.
   *
   * @param putBack false when it is found, true once it is as wished again
   */
  default void drifted(Step step, @Nullable ResourceId resource, boolean putBack) {}

  /** A resource stands elsewhere than before, or its last change has settled. */
  default void settled(ResourceId id, Standing now) {}
}
