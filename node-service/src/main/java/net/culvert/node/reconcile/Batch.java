package net.culvert.node.reconcile;

import java.util.List;
import java.util.Set;

/**
 * Writes and deletions that are taken as one, or not at all.
 *
 * @param puts in any order; those whose body is as it was change nothing
 * @param deletions with what is below them
 */
public record Batch(List<Put<?>> puts, Set<ResourceId> deletions) {

  /** One wish of a batch. */
  public record Put<B>(ResourceType<B> type, String name, B body) {
    public ResourceId id() {
      return new ResourceId(type.name(), name);
    }
  }
}
