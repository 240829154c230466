package net.culvert.node.reconcile;

import org.jspecify.annotations.Nullable;

/**
 * One change of the kernel.
 *
 * @param observed null for CREATE
 * @param desired null for DELETE
 */
public record Step(
    Action action, ObjectKey key, @Nullable Object observed, @Nullable Object desired) {

  /** What is done to an object. */
  public enum Action {
    DELETE,
    REPLACE,
    CREATE
  }

  /** What was found where this step is due because of somebody else, in words. */
  public String finding() {
    return switch (action) {
      case CREATE -> key + " is gone";
      case REPLACE -> key + " is not as wished any more";
      case DELETE -> key + " is this node's, but nothing wishes it";
    };
  }

  /** What somebody else must have done for this step to be due, in words. */
  public String drift() {
    return switch (action) {
      case CREATE -> key + " was gone and was made again";
      case REPLACE -> key + " was changed and was put back";
      case DELETE -> key + " is this node's, but nothing wishes it: it was removed";
    };
  }
}
