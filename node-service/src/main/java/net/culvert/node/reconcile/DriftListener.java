package net.culvert.node.reconcile;

/** Told of what others did to what is ours; on the reconciler's thread: it must only take note. */
@FunctionalInterface
public interface DriftListener {

  void corrected(Drift drift);

  /**
   * Somebody changes an object back each time that it is put right; it rests for a while.
   *
   * @param sentence how often, for how long it rests, and who it seems to be
   */
  default void contested(ResourceId resource, ObjectKey object, String sentence) {}
}
