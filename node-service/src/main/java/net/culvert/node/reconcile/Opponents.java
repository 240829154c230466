package net.culvert.node.reconcile;

/** Finds out who may be changing an object that this node puts back. */
@FunctionalInterface
public interface Opponents {

  Opponents UNKNOWN = key -> "";

  /**
   * What the kernel shows of who it seems to be, in words that follow a sentence about the object;
   * empty where there is nothing to say. Called on the reconciler's thread, seldom, and answers
   * within some milliseconds; it throws nothing.
   */
  String of(ObjectKey key);
}
