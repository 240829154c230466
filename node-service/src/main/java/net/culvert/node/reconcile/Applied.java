package net.culvert.node.reconcile;

import java.util.Map;
import net.culvert.node.reconcile.Rows.Row;

/** What a batch did. */
public final class Applied {

  private final long revision;
  private final Map<ResourceId, Long> generations;
  private final Map<ResourceId, Row> before;

  /**
   * @param revision that the batch gave to what it wrote
   * @param before what was replaced or deleted
   */
  Applied(long revision, Map<ResourceId, Long> generations, Map<ResourceId, Row> before) {
    this.revision = revision;
    this.generations = Map.copyOf(generations);
    this.before = before;
  }

  long revision() {
    return revision;
  }

  /** Of everything that was written or deleted, what to wait for; see {@link Slice#generation}. */
  public Map<ResourceId, Long> generations() {
    return generations;
  }

  Map<ResourceId, Row> before() {
    return before;
  }
}
