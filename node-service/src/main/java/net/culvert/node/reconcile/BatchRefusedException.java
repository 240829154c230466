package net.culvert.node.reconcile;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** A batch that is not accepted: nothing was written and nothing touched. */
public final class BatchRefusedException extends RuntimeException {

  private final transient SortedMap<ResourceId, WishRefusedException> refusals;

  BatchRefusedException(Map<ResourceId, WishRefusedException> refusals) {
    super("not accepted: " + refusals.keySet());
    this.refusals = new TreeMap<>(refusals);
  }

  /** Why, by resource; each as it would have been refused alone. */
  public SortedMap<ResourceId, WishRefusedException> refusals() {
    return refusals;
  }
}
